package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static dev.tranche.v1.Outcome.OUTCOME_FAILED;
import static dev.tranche.v1.Outcome.OUTCOME_INSERTED;
import static dev.tranche.v1.Outcome.OUTCOME_NOT_ATTEMPTED;
import static dev.tranche.v1.Outcome.OUTCOME_ROLLED_BACK;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of which not everything was applied: stopped ones, and those with groups. */
class StopTest {
    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
    }

    @Test
    void keepsWhatCameBeforeTheFailureAndNothingAfterIt() throws Exception {
        ExecuteBatchResponse reply =
                send(
                        stopping(
                                Ops.create("c", "a", "{}"),
                                Ops.get("c", "nobody"),
                                Ops.create("c", "b", "{}"),
                                Ops.get("c", "nobody else")));
        assertThat(outcomes(reply)).containsExactly(OUTCOME_INSERTED, OUTCOME_FAILED);
        assertThat(reply.getResults(1).getError().getReason())
                .isEqualTo(ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(caller.data("c", "a")).isEqualTo("{}");
        caller.refused(Ops.get("c", "b"));
    }

    @Test
    void accountsForWhatWasNotAttempted() throws Exception {
        Batch batch =
                send(stopping(
                                Ops.create("c", "a", "{}"),
                                Ops.get("c", "nobody"),
                                Ops.create("c", "b", "{}"),
                                Ops.create("c", "d", "{}")))
                        .getBatch();
        assertThat(batch.getOnError()).isEqualTo(OnError.ON_ERROR_STOP);
        assertThat(batch.getState()).isEqualTo(BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(counts(batch)).containsExactly(4, 1, 1, 2);
        assertThat(stored(batch)).isEqualTo(batch);
        assertThat(storedOutcomes(batch))
                .containsExactly(
                        OUTCOME_INSERTED,
                        OUTCOME_FAILED,
                        OUTCOME_NOT_ATTEMPTED,
                        OUTCOME_NOT_ATTEMPTED);
    }

    @Test
    void failsIfTheFirstOneDoes() throws Exception {
        ExecuteBatchResponse reply =
                send(stopping(Ops.get("c", "nobody"), Ops.create("c", "a", "{}")));
        assertThat(outcomes(reply)).containsExactly(OUTCOME_FAILED);
        assertThat(reply.getBatch().getState()).isEqualTo(BatchState.BATCH_STATE_FAILED);
        assertThat(reply.getBatch().hasFailure()).isFalse();
        assertThat(counts(reply.getBatch())).containsExactly(2, 0, 1, 1);
    }

    @Test
    void isLikeAnyOtherIfNothingFails() throws Exception {
        ExecuteBatchResponse reply =
                send(stopping(Ops.create("c", "a", "{}"), Ops.create("c", "b", "{}")));
        assertThat(outcomes(reply)).containsExactly(OUTCOME_INSERTED, OUTCOME_INSERTED);
        assertThat(reply.getBatch().getState()).isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
    }

    @Test
    void leavesNothingUnattemptedIfTheLastOneFails() throws Exception {
        ExecuteBatchResponse reply =
                send(stopping(Ops.create("c", "a", "{}"), Ops.get("c", "nobody")));
        assertThat(outcomes(reply)).containsExactly(OUTCOME_INSERTED, OUTCOME_FAILED);
        assertThat(counts(reply.getBatch())).containsExactly(2, 1, 1, 0);
    }

    @Test
    void repliesTheSameAgain() throws Exception {
        ExecuteBatchRequest.Builder request =
                stopping(
                                Ops.create("c", "a", "{}"),
                                Ops.get("c", "nobody"),
                                Ops.create("c", "b", "{}"))
                        .setRequestId("key");
        ExecuteBatchResponse first = send(request);
        assertThat(send(request)).isEqualTo(first.toBuilder().setReplayed(true).build());
        caller.refused(() -> send(request.clone().setOnError(OnError.ON_ERROR_CONTINUE)))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
    }

    @Test
    void accountsForAGroupThatFell() throws Exception {
        ExecuteBatchResponse reply =
                send(
                        caller.request(
                                        grouped(Ops.create("c", "a", "{}")),
                                        grouped(Ops.get("c", "nobody")),
                                        Ops.create("c", "b", "{}"))
                                .setOnError(OnError.ON_ERROR_CONTINUE)
                                .setRequestId("key"));
        assertThat(outcomes(reply))
                .containsExactly(OUTCOME_ROLLED_BACK, OUTCOME_FAILED, OUTCOME_INSERTED);
        Batch batch = reply.getBatch();
        assertThat(batch.getState()).isEqualTo(BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(counts(batch)).containsExactly(3, 1, 1, 1);
        assertThat(stored(batch)).isEqualTo(batch);
        assertThat(storedOutcomes(batch)).isEqualTo(outcomes(reply));
    }

    private static Operation grouped(Operation operation) {
        return operation.toBuilder().setAtomicGroup("g").build();
    }

    private ExecuteBatchRequest.Builder stopping(Operation... operations) {
        return caller.request(operations).setOnError(OnError.ON_ERROR_STOP);
    }

    private static ExecuteBatchResponse send(ExecuteBatchRequest.Builder request) throws Exception {
        return server.batches().executeBatch(request.build());
    }

    private static List<Outcome> outcomes(ExecuteBatchResponse reply) {
        return reply.getResultsList().stream().map(OperationResult::getOutcome).toList();
    }

    private static List<Integer> counts(Batch batch) {
        return List.of(
                batch.getTotalCount(),
                batch.getSucceededCount(),
                batch.getFailedCount(),
                batch.getNotAppliedCount());
    }

    private Batch stored(Batch batch) throws Exception {
        return server.batches()
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setBatchId(batch.getBatchId())
                                .build());
    }

    private List<Outcome> storedOutcomes(Batch batch) throws Exception {
        return server
                .batches()
                .listBatchResults(
                        ListBatchResultsRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setBatchId(batch.getBatchId())
                                .build())
                .getResultsList()
                .stream()
                .map(RecordResult::getOutcome)
                .toList();
    }
}
