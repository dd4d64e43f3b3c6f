package dev.tranche.server.e2e;

import static dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.client.BatchClient;
import dev.tranche.client.ResumingInsert;
import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.EmbeddedSettings;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.StreamInsertOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams that are long, or whose readers are slow, in a server of 256 MiB. The system property
 * {@code tranche.test.records} says how long.
 */
class LongStreamsTest {
    private static final Logger LOG = LoggerFactory.getLogger(LongStreamsTest.class);
    private static final int RECORDS = Integer.getInteger("tranche.test.records", 20_000);
    private static final int PARTS = 10;

    /** More than goes in before a sender is held back. */
    private static final int UNREAD = 100_000;

    /** Far above what the figures scatter by, far below what growth with the records would give. */
    private static final double SLOWER_MAX = 4;

    private static final long GROWTH_BYTES_MAX = 32L << 20;
    private static final int WINDOW_BYTES = 64 << 10;
    private static final int ROUNDS = 5;
    private static final Duration ROUND = Duration.ofSeconds(1);

    @TempDir Path folder;
    private EmbeddedMariaDb database;
    private TestServer watcher;
    private Inserter inserter;

    @BeforeEach
    void start() throws Exception {
        database = EmbeddedMariaDb.start(EmbeddedSettings.in(folder.resolve("db")));
        watcher = TestServer.on(database);
        inserter = Inserter.into(watcher, Ops.collection("items", Ops.unique("by_n", "n")));
    }

    @AfterEach
    void stop() {
        watcher.close();
        database.close();
    }

    @Test
    void aStreamOfAnyLengthTakesNoMoreMemoryAndNoMoreTimeARecord() throws Exception {
        int part = RECORDS / PARTS;
        try (ServerProcess server = startServer();
                ResumingInsert insert =
                        BatchClient.on(server.channel())
                                .streamInsert(options(), records(RECORDS))) {
            long heapEarly = 0;
            long early = 0;
            long late = 0;
            long since = System.nanoTime();
            for (int done = 1; done <= RECORDS; done++) {
                assertThat(insert.next().getIndex()).isEqualTo(done - 1);
                if (done % part == 0) {
                    late = (System.nanoTime() - since) / part;
                    if (done == 2 * part) {
                        early = late;
                        heapEarly = liveBytes(server);
                    }
                    since = System.nanoTime();
                }
            }
            long growth = liveBytes(server) - heapEarly;
            assertThat(insert.hasNext()).isFalse();
            LOG.info(
                    "{} records streamed: {} ns a record in the second part of {}, {} in the last;"
                            + " live heap {} bytes, then {} more",
                    RECORDS,
                    early,
                    PARTS,
                    late,
                    heapEarly,
                    growth);
            assertThat(insert.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
            assertThat(inserter.stored()).isEqualTo(RECORDS);
            assertThat(growth).isLessThan(GROWTH_BYTES_MAX);
            assertThat((double) late / early).isLessThan(SLOWER_MAX);
        }
    }

    @Test
    void aReaderWhoTakesAMessageASecondIsInNobodysWay() throws Exception {
        try (ServerProcess server =
                        startServer("--db-connections-max=1", "--chunk-records-max=20");
                Unread stream = Unread.of(server, options(), records(UNREAD))) {
            stream.streamer().started();
            stream.streamer().results(1);
            Waiting.until("the sender is held back", stream::isHeldBack);
            long heapBefore = liveBytes(server);
            for (int round = 0; round < ROUNDS; round++) {
                stream.streamer().results(stream.streamer().results().size() + 1);
                // Over the only connection there is: no transaction is open on it.
                assertThat(callsWithinASecond(server)).isGreaterThan(3);
            }
            assertThat(liveBytes(server) - heapBefore).isLessThan(GROWTH_BYTES_MAX);
            assertThat(inserter.stored()).isLessThan(UNREAD);
        }
    }

    @Test
    void aReaderWhoNeverReadsIsEndedAtTheLimit() throws Exception {
        try (ServerProcess server = startServer("--stall-max=1s", "--chunk-records-max=20");
                Unread stream = Unread.of(server, options(), records(UNREAD))) {
            String batchId = stream.streamer().started().getBatch().getBatchId();
            Waiting.until(
                    "its batch is interrupted",
                    () -> inserter.account(batchId).getState() == BATCH_STATE_INTERRUPTED);
            assertThat(inserter.account(batchId).getSucceededCount())
                    .isEqualTo(inserter.stored())
                    .isLessThan(UNREAD);
        }
    }

    /** A stream whose caller sends as much as it may, and reads only when the test does. */
    private record Unread(ManagedChannel channel, Streamer streamer, Thread sender)
            implements AutoCloseable {

        static Unread of(
                ServerProcess server, StreamInsertOptions options, Iterator<InsertRecord> records)
                throws Exception {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                            .usePlaintext()
                            .flowControlWindow(WINDOW_BYTES)
                            .build();
            Streamer streamer = Streamer.open(BatchServiceGrpc.newBlockingV2Stub(channel), options);
            Thread sender = Thread.ofVirtual().start(() -> sendAll(streamer, records));
            return new Unread(channel, streamer, sender);
        }

        private static void sendAll(Streamer streamer, Iterator<InsertRecord> records) {
            try {
                for (int i = 0; records.hasNext(); i++) {
                    streamer.send(i, records.next());
                }
            } catch (Exception ended) {
                Thread.currentThread().interrupt();
            }
        }

        boolean isHeldBack() {
            return sender.getState() == Thread.State.WAITING
                    || sender.getState() == Thread.State.TIMED_WAITING;
        }

        @Override
        public void close() {
            channel.shutdownNow();
            sender.interrupt();
        }
    }

    private int callsWithinASecond(ServerProcess server) throws Exception {
        int calls = 0;
        long end = System.nanoTime() + ROUND.toNanos();
        while (System.nanoTime() < end) {
            server.batches()
                    .executeBatch(
                            inserter.caller()
                                    .request(Ops.upsert("c", "x", "{\"n\":" + calls + "}"))
                                    .build());
            calls++;
        }
        return calls;
    }

    /** Bytes of the objects that live in a server, after everything else is gone. */
    private static long liveBytes(ServerProcess server) throws Exception {
        Process histogram =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                                "" + server.process().pid(),
                                "GC.class_histogram")
                        .start();
        List<String> lines = histogram.inputReader().lines().toList();
        assertThat(histogram.waitFor()).isZero();
        String[] total = lines.getLast().trim().split("\\s+", -1);
        assertThat(total[0]).isEqualTo("Total");
        return Long.parseLong(total[2]);
    }

    private StreamInsertOptions options() {
        return Streamer.options(inserter).build();
    }

    private static Iterator<InsertRecord> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        n -> Inserter.row("{\"n\":" + n + ",\"text\":\"" + "x".repeat(100) + "\"}"))
                .iterator();
    }

    private ServerProcess startServer(String... settings) throws Exception {
        return ServerProcess.start(
                folder, database.jdbcUrl(), database.user(), database.password(), settings);
    }
}
