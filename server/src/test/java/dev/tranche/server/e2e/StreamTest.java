package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.replacement;
import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
import static dev.tranche.v1.BatchState.BATCH_STATE_RUNNING;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_BUSY;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_DISABLED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_OVERLOADED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_PAYLOAD_NOT_KEPT;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.InsertRecord;
import io.grpc.stub.BlockingClientCall;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server does with readers who are slow, stand still or go away. */
class StreamTest {
    private static final int RECORDS = 6_000;

    /** Far more than the buffers on the way hold, in records of a little under 200 bytes a result. */
    private static final int RECORDS_UNREAD_MAX = 2_500;

    /** So many looks at a number that stays the same mean that it stands still. */
    private static final int LOOKS = 60;

    /** MariaDB answers what its transactions do from a cache, if it is asked more often than this. */
    private static final Duration PAST = Duration.ofMillis(150);

    private static TestServer server;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--chunk-records-max=50", "--db-connections-max=1");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        inserter = Inserter.into(server, Ops.collection("items"));
    }

    @Test
    void waitsForASlowReaderWithoutHoldingATransactionOrTheOnlyConnection() throws Exception {
        try (SlowReader reader = SlowReader.of(server)) {
            BlockingClientCall<?, BatchInsertResponse> call =
                    reader.batches().batchInsert(inserter.request(longIds()));
            Batch started = call.read().getStarted();
            assertThat(awaitStandstill()).isLessThan(RECORDS_UNREAD_MAX);
            Waiting.until("no transaction", PAST, () -> transactions() == 0);
            inserter.caller().execute(Ops.collection("others"), Ops.create("others", "x", "{}"));
            Batch account = inserter.account(started.getBatchId());
            assertThat(account.getState()).isEqualTo(BATCH_STATE_RUNNING);
            assertThat(account.getSucceededCount()).isEqualTo(inserter.stored());
            int results = 0;
            BatchInsertResponse last = BatchInsertResponse.getDefaultInstance();
            while (call.hasNext()) {
                last = call.read();
                results += last.getResults().getResultsCount();
            }
            assertThat(results).isEqualTo(RECORDS);
            assertThat(last.getSummary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        }
    }

    @Test
    void refusesToRetryABatchThatStillRuns() throws Exception {
        try (SlowReader reader = SlowReader.of(server)) {
            var call = reader.batches().batchInsert(inserter.request(longIds()));
            String batchId = call.read().getStarted().getBatchId();
            Refusal refusal = Refusal.of(() -> inserter.retry(inserter.retryOf(batchId)));
            refusal.has(Code.ABORTED, ERROR_REASON_BATCH_BUSY).namesADelay();
            call.cancel("enough", null);
        }
    }

    @Test
    void stopsAtTheNextChunkWhenItIsCancelled() throws Exception {
        try (SlowReader reader = SlowReader.of(server)) {
            var call = reader.batches().batchInsert(inserter.request(longIds()));
            String batchId = call.read().getStarted().getBatchId();
            awaitStandstill();
            call.cancel("enough", null);
            assertThat(awaitInterrupted(batchId)).isLessThan(RECORDS_UNREAD_MAX);
        }
    }

    @Test
    void stopsWhenTheConnectionBreaks() throws Exception {
        String batchId;
        try (SlowReader reader = SlowReader.of(server)) {
            var call = reader.batches().batchInsert(inserter.request(longIds()));
            batchId = call.read().getStarted().getBatchId();
        }
        awaitInterrupted(batchId);
    }

    @Test
    void takesCorrectionsForWhatAnInterruptedBatchDidNotReach() throws Exception {
        String batchId;
        try (SlowReader reader = SlowReader.of(server)) {
            var call = reader.batches().batchInsert(inserter.request(longIds()));
            batchId = call.read().getStarted().getBatchId();
            awaitStandstill();
        }
        int done = awaitInterrupted(batchId);
        InsertReply retry =
                inserter.retry(
                        inserter.retryOf(batchId)
                                .addRetryIndices(RECORDS - 1)
                                .addReplacements(replacement(RECORDS - 2, row("late", "{}"))));
        assertThat(retry.error(RECORDS - 1).getReason()).isEqualTo(ERROR_REASON_PAYLOAD_NOT_KEPT);
        assertThat(retry.result(RECORDS - 2).getRecordId()).isEqualTo("late");
        assertThat(retry.summary().getSucceededCount()).isEqualTo(done + 1);
        assertThat(retry.summary().getFailedCount()).isEqualTo(1);
        assertThat(retry.summary().getState()).isEqualTo(BATCH_STATE_INTERRUPTED);
    }

    @Test
    void endsAStreamWhoseReaderTakesNothingForTooLong() throws Exception {
        try (TestServer strict = server.another("--chunk-records-max=50", "--stall-max=1s");
                SlowReader reader = SlowReader.of(strict)) {
            var call = reader.batches().batchInsert(inserter.request(longIds()));
            String batchId = call.read().getStarted().getBatchId();
            awaitInterrupted(batchId);
            Refusal refusal = Refusal.of(() -> readToTheEnd(call));
            assertThat(refusal.code()).isNotEqualTo(Code.OK);
        }
    }

    @Test
    void takesNoBatchesWhileTheyAreSwitchedOff() throws Exception {
        InsertReply before = inserter.insert(row("a", "{}"));
        try (TestServer reading = server.another("--batches-enabled=false")) {
            Caller caller = new Caller(reading, inserter.caller().workspace());
            Inserter there = new Inserter(caller, "items");
            assertDisabled(caller.refused(() -> there.insert(row("b", "{}"))));
            assertDisabled(caller.refused(() -> there.retry(there.retryOf(before.batchId()))));
            assertDisabled(caller.refused(Ops.create("items", "b", "{}")));
            assertThat(caller.data("items", "a")).isEqualTo("{}");
            assertThat(there.account(before.batchId())).isEqualTo(before.summary());
        }
    }

    private static void assertDisabled(Refusal refusal) {
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_BATCH_DISABLED);
    }

    @Test
    void refusesCallsBeyondWhatItTakesAtOnceAndStartsNothing() throws Exception {
        try (TestServer small = server.another("--chunk-records-max=50", "--calls-max=1");
                SlowReader reader = SlowReader.of(small)) {
            Inserter there =
                    new Inserter(new Caller(small, inserter.caller().workspace()), "items");
            var call = reader.batches().batchInsert(inserter.request(longIds()));
            call.read();
            awaitStandstill();
            int batches = batches();
            Refusal.of(() -> there.caller().execute(Ops.create("items", "b", "{}")))
                    .has(Code.UNAVAILABLE, ERROR_REASON_OVERLOADED)
                    .namesADelay();
            Refusal.of(() -> there.insert(row("c", "{}")))
                    .has(Code.UNAVAILABLE, ERROR_REASON_OVERLOADED)
                    .namesADelay();
            assertThat(batches()).isEqualTo(batches);
            call.cancel("enough", null);
            Waiting.until("room for a call again", () -> takes(there));
        }
    }

    private static boolean takes(Inserter inserter) throws Exception {
        try {
            inserter.caller().execute(Ops.upsert("items", "d", "{}"));
            return true;
        } catch (io.grpc.StatusException refused) {
            Refusal.of(refused).has(Code.UNAVAILABLE, ERROR_REASON_OVERLOADED);
            return false;
        }
    }

    private static void readToTheEnd(BlockingClientCall<?, BatchInsertResponse> call)
            throws Exception {
        while (call.hasNext()) {
            call.read(10, TimeUnit.SECONDS);
        }
    }

    /** Waits until nothing more goes in: how many records are there. */
    private int awaitStandstill() throws Exception {
        try (Connection connection = server.connection()) {
            int[] seen = {-1, 0};
            Waiting.until(
                    "the server waits for the reader",
                    () -> {
                        int now = inserter.stored(connection);
                        seen[1] = now == seen[0] ? seen[1] + 1 : 0;
                        seen[0] = now;
                        return seen[1] >= LOOKS;
                    });
            return seen[0];
        }
    }

    /** Waits for the end of a batch: how many records went in, which are all that are there. */
    private int awaitInterrupted(String batchId) throws Exception {
        Waiting.until(
                "the batch is interrupted",
                () -> inserter.account(batchId).getState() == BATCH_STATE_INTERRUPTED);
        Batch account = inserter.account(batchId);
        assertThat(account.getSucceededCount()).isEqualTo(inserter.stored()).isLessThan(RECORDS);
        assertThat(account.getNotAppliedCount()).isEqualTo(RECORDS - account.getSucceededCount());
        return account.getSucceededCount();
    }

    private static List<InsertRecord> longIds() {
        return IntStream.range(0, RECORDS).mapToObj(i -> row("%0128d".formatted(i), "{}")).toList();
    }

    private static int transactions() throws Exception {
        return count(
                "SELECT COUNT(*) FROM information_schema.innodb_trx t"
                        + " JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
                        + " WHERE p.db = DATABASE()");
    }

    private static int batches() throws Exception {
        return count("SELECT COUNT(*) FROM batch");
    }

    private static int count(String sql) throws Exception {
        try (Connection connection = server.connection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getInt(1);
        }
    }
}
