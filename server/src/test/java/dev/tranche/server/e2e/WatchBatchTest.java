package dev.tranche.server.e2e;

import static dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static dev.tranche.v1.BatchState.BATCH_STATE_RUNNING;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_OVERLOADED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.GetLimitsRequest;
import dev.tranche.v1.WatchBatchRequest;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches that somebody follows. */
class WatchBatchTest {
    private static final String RUNNING =
            "state = 'RUNNING', completed_at = NULL,"
                    + " lease_until = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR";

    private static TestServer server;
    private static RowEdits rows;
    private Caller caller;
    private String batchId;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--watch-interval=10ms", "--chunk-records-max=10");
        rows = new RowEdits(server);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
        batchId = caller.execute(Ops.create("c", "a", "{}")).getBatch().getBatchId();
    }

    @Test
    void endsAtOnceIfTheBatchHasEnded() throws Exception {
        var call = watch(server);
        Batch batch = call.read(10, TimeUnit.SECONDS);
        assertThat(batch).isEqualTo(new Inserter(caller, "c").account(batchId));
        assertThat(call.hasNext()).isFalse();
    }

    @Test
    void saysWhatChangesUntilTheBatchEnds() throws Exception {
        rows.account(batchId, RUNNING + ", total = 9, succeeded = 1");
        var call = watch(server);
        assertThat(call.read(10, TimeUnit.SECONDS))
                .satisfies(batch -> assertThat(batch.getState()).isEqualTo(BATCH_STATE_RUNNING))
                .satisfies(batch -> assertThat(batch.getSucceededCount()).isEqualTo(1));
        rows.account(batchId, "succeeded = 5");
        assertThat(call.read(10, TimeUnit.SECONDS).getSucceededCount()).isEqualTo(5);
        rows.account(batchId, "failed = 1");
        assertThat(call.read(10, TimeUnit.SECONDS).getFailedCount()).isEqualTo(1);
        rows.account(batchId, "state = 'PARTIALLY_SUCCEEDED', completed_at = UTC_TIMESTAMP(6)");
        assertThat(call.read(10, TimeUnit.SECONDS).getState())
                .isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(call.hasNext()).isFalse();
    }

    @Test
    void followsABatchOfAnotherServer() throws Exception {
        try (TestServer other = server.another("--watch-interval=10ms");
                SlowReader reader = SlowReader.of(server)) {
            Inserter inserter = new Inserter(caller, "c");
            var insert =
                    reader.batches()
                            .batchInsert(
                                    inserter.request(
                                            IntStream.range(0, 5_000)
                                                    .mapToObj(i ->
                                                            Inserter.row(
                                                                    "%0128d".formatted(i), "{}"))
                                                    .toList()));
            batchId = insert.read().getStarted().getBatchId();
            var call = watch(other);
            Batch seen = call.read(10, TimeUnit.SECONDS);
            assertThat(seen.getState()).isEqualTo(BATCH_STATE_RUNNING);
            while (insert.hasNext()) {
                insert.read();
            }
            int before = 0;
            while (seen.getState() == BATCH_STATE_RUNNING) {
                assertThat(seen.getSucceededCount()).isGreaterThanOrEqualTo(before);
                before = seen.getSucceededCount();
                seen = call.read(10, TimeUnit.SECONDS);
            }
            assertThat(seen.getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
            assertThat(seen.getSucceededCount()).isEqualTo(5_000);
            assertThat(call.hasNext()).isFalse();
        }
    }

    @Test
    void endsWhenTheLeaseOfADeadServerRunsOut() throws Exception {
        rows.account(batchId, RUNNING);
        var call = watch(server);
        assertThat(call.read(10, TimeUnit.SECONDS).getState()).isEqualTo(BATCH_STATE_RUNNING);
        rows.account(batchId, "lease_until = UTC_TIMESTAMP(6)");
        assertThat(call.read(10, TimeUnit.SECONDS).getState()).isEqualTo(BATCH_STATE_INTERRUPTED);
        assertThat(call.hasNext()).isFalse();
    }

    @Test
    void endsWhenTheAccountIsDeleted() throws Exception {
        rows.account(batchId, RUNNING);
        var call = watch(server);
        call.read(10, TimeUnit.SECONDS);
        rows.account(batchId, "deleted_at = UTC_TIMESTAMP(6)");
        Refusal.of(() -> call.read(10, TimeUnit.SECONDS))
                .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
    }

    @Test
    void givesItsPlaceBackWhenItIsCancelled() throws Exception {
        rows.account(batchId, RUNNING);
        try (TestServer small = server.another("--calls-max=1", "--watch-interval=10s")) {
            var call = watch(small);
            call.read(10, TimeUnit.SECONDS);
            Refusal.of(() -> limits(small)).has(Code.UNAVAILABLE, ERROR_REASON_OVERLOADED);
            call.cancel("enough", null);
            Waiting.until("room for a call again", () -> takes(small));
        }
    }

    @Test
    void endsAtTheCallersDeadline() throws Exception {
        rows.account(batchId, RUNNING);
        var call =
                server.batches()
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .watchBatch(request(batchId));
        call.read(10, TimeUnit.SECONDS);
        assertThat(Refusal.of(() -> call.read(10, TimeUnit.SECONDS)).code())
                .isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void refusesWhatNamesNoBatch() {
        Refusal.of(() -> server.batches().watchBatch(request("")).read())
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("batch_id");
        for (String id : List.of("x", "01890000-0000-7000-8000-000000000000")) {
            Refusal.of(() -> server.batches().watchBatch(request(id)).read())
                    .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
        }
    }

    private static boolean takes(TestServer there) throws Exception {
        try {
            limits(there);
            return true;
        } catch (StatusException refused) {
            Refusal.of(refused).has(Code.UNAVAILABLE, ERROR_REASON_OVERLOADED);
            return false;
        }
    }

    private static void limits(TestServer there) throws Exception {
        assertThat(there.batches().getLimits(GetLimitsRequest.getDefaultInstance()).hasKeptTime())
                .isTrue();
    }

    private BlockingClientCall<?, Batch> watch(TestServer there) {
        return there.batches().watchBatch(request(batchId));
    }

    private WatchBatchRequest request(String id) {
        return WatchBatchRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setBatchId(id)
                .build();
    }
}
