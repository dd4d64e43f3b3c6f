package dev.tranche.server.e2e;

import static dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.InsertRecords;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.StreamInsertOptions;
import dev.tranche.v1.StreamInsertRequest;
import dev.tranche.v1.StreamInsertResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A year of weather in one stream that is broken half-way, and sent again until it is through. The
 * system properties {@code tranche.test.breaks} and {@code tranche.test.seed} say how often, and
 * where.
 */
class BrokenImportsTest {
    private static final int BREAKS = Integer.getInteger("tranche.test.breaks", 5);
    private static final long SEED = Long.getLong("tranche.test.seed", 7);
    private static final String KEY = "the year 2013";
    private static final int MESSAGE_RECORDS_MAX = 700;

    /** Why a call may fail while things are broken; anything else is wrong. */
    private static final Set<Code> BROKEN =
            Set.of(
                    Code.UNAVAILABLE,
                    Code.UNKNOWN,
                    Code.ABORTED,
                    Code.CANCELLED,
                    Code.DEADLINE_EXCEEDED);

    private static List<InsertRecord> records;

    @TempDir Path folder;
    private Killable killable;

    private enum Break {
        CONNECTION,
        CLIENT,
        SERVER,
        DATABASE
    }

    @BeforeAll
    static void read() throws Exception {
        records = WeatherRecords.read();
    }

    @BeforeEach
    void start() throws Exception {
        killable =
                Killable.in(
                        folder, "--records-max=30000", "--transaction-time-max=3s", "--lease=3s");
    }

    @AfterEach
    void stop() throws Exception {
        killable.close();
    }

    @Test
    void everyRecordGoesInOnceWhateverBreaks() throws Exception {
        Random random = new Random(SEED);
        for (int run = 0; run < BREAKS; run++) {
            Break broken = Break.values()[run % Break.values().length];
            int at = random.nextInt(WeatherRecords.COUNT);
            try (TestServer watcher = killable.another()) {
                Inserter inserter = Inserter.into(watcher, WeatherRecords.collection());
                new Import(inserter, broken, at).run();
            }
        }
    }

    @Test
    void aServerThatWasStoppedPastItsLeaseWritesNothingMore() throws Exception {
        try (TestServer other = killable.another()) {
            Inserter inserter = Inserter.into(other, WeatherRecords.collection());
            BatchInsertRequest request = request(inserter);
            BlockingClientCall<?, BatchInsertResponse> call =
                    killable.server().batches().batchInsert(request);
            String batchId = call.read().getStarted().getBatchId();
            killable.server().signal("STOP");
            Waiting.until(
                    "its lease runs out",
                    () -> inserter.account(batchId).getState() == BATCH_STATE_INTERRUPTED);
            List<InsertReply> replies = new ArrayList<>();
            Waiting.until(
                    "the other server goes on",
                    () -> {
                        try {
                            return replies.add(inserter.insert(request.toBuilder()));
                        } catch (StatusException busy) {
                            assertThat(Refusal.of(busy).code()).isEqualTo(Code.ABORTED);
                            return false;
                        }
                    });
            Contents before = Contents.of(other);
            killable.server().signal("CONT");
            Refusal.of(() -> readToTheEnd(call));
            assertThat(Contents.of(other)).isEqualTo(before);
            WeatherRecords.assertTrue(replies.getFirst().results());
            assertThat(inserter.stored()).isEqualTo(WeatherRecords.COUNT - 3);
        }
    }

    private static void readToTheEnd(BlockingClientCall<?, BatchInsertResponse> call)
            throws Exception {
        while (call.hasNext()) {
            assertThat(call.read().hasSummary()).as("a summary of half a batch").isFalse();
        }
    }

    private static BatchInsertRequest request(Inserter inserter) {
        return inserter.request(records).toBuilder().setRequestId(KEY).build();
    }

    /** One import, from its first call to the one that gets through. */
    private final class Import {
        private final Inserter inserter;
        private final Break planned;
        private final int at;
        private final List<RecordResult> results = new ArrayList<>();
        private boolean broken;

        Import(Inserter inserter, Break planned, int at) {
            this.inserter = inserter;
            this.planned = planned;
            this.at = at;
        }

        void run() throws Exception {
            List<Batch> summaries = new ArrayList<>();
            while (summaries.isEmpty()) {
                Waiting.until("the import is through, or breaks", () -> attempt(summaries));
            }
            assertThat(broken).isTrue();
            WeatherRecords.assertTrue(results);
            Batch summary = summaries.getFirst();
            assertThat(summary.getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
            assertThat(summary.getSucceededCount()).isEqualTo(WeatherRecords.COUNT - 3);
            assertThat(inserter.stored()).isEqualTo(WeatherRecords.COUNT - 3);
            assertThat(inserter.storedResults(summary.getBatchId(), 1_000)).isEqualTo(results);
        }

        /** Whether it is through, or has just been broken. */
        private boolean attempt(List<Batch> summaries) throws Exception {
            boolean before = broken;
            ManagedChannel channel = killable.server().anotherChannel();
            try {
                var call = BatchServiceGrpc.newBlockingV2Stub(channel).streamInsert();
                call.write(options());
                int next = call.read().getStarted().getNextIndex();
                Thread sender = Thread.ofVirtual().start(() -> send(call, next));
                while (call.hasNext()) {
                    StreamInsertResponse message = call.read();
                    take(message.getResults().getResultsList());
                    if (message.hasSummary()) {
                        summaries.add(message.getSummary());
                    } else if (!broken && results.size() >= at) {
                        broken = true;
                        breakIt(channel);
                    }
                }
                sender.join();
            } catch (StatusException refused) {
                assertThat(refused.getStatus().getCode().value())
                        .as(refused.getMessage())
                        .isIn(BROKEN.stream().map(Code::getNumber).toList());
            } finally {
                channel.shutdownNow();
            }
            return before != broken || !summaries.isEmpty();
        }

        private StreamInsertRequest options() {
            return StreamInsertRequest.newBuilder()
                    .setOptions(
                            StreamInsertOptions.newBuilder()
                                    .setWorkspace(inserter.caller().workspace())
                                    .setCollection(inserter.collection())
                                    .setRequestId(KEY)
                                    .setResultsFrom(results.size()))
                    .build();
        }

        /** Until all are sent, or the call has ended. */
        private void send(BlockingClientCall<StreamInsertRequest, ?> call, int from) {
            Random random = new Random(from);
            int next = from;
            try {
                boolean open = true;
                while (open && next < records.size()) {
                    int size = 1 + random.nextInt(MESSAGE_RECORDS_MAX);
                    int to = Math.min(records.size(), next + size);
                    InsertRecords.Builder some = InsertRecords.newBuilder().setFirstIndex(next);
                    some.addAllRecords(records.subList(next, to));
                    open = call.write(StreamInsertRequest.newBuilder().setRecords(some).build());
                    next = to;
                }
                call.halfClose();
            } catch (StatusException | InterruptedException | IllegalStateException ended) {
                // Whoever reads the results knows why.
                Thread.currentThread().interrupt();
            }
        }

        /** What was answered once is answered again, if it is asked for. */
        private void take(List<RecordResult> more) {
            for (RecordResult result : more) {
                if (result.getIndex() < results.size()) {
                    assertThat(result).isEqualTo(results.get(result.getIndex()));
                } else {
                    assertThat(result.getIndex()).isEqualTo(results.size());
                    results.add(result);
                }
            }
        }

        private void breakIt(ManagedChannel channel) throws Exception {
            switch (planned) {
                case CONNECTION -> channel.shutdownNow();
                case CLIENT -> {
                    channel.shutdownNow();
                    results.clear();
                }
                case SERVER -> killable.killServer();
                case DATABASE -> killable.killDatabase();
            }
        }
    }
}
