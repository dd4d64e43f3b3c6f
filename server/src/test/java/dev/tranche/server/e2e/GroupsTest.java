package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.OnError.ON_ERROR_CONTINUE;
import static dev.tranche.v1.OnError.ON_ERROR_STOP;
import static dev.tranche.v1.Outcome.OUTCOME_FAILED;
import static dev.tranche.v1.Outcome.OUTCOME_INSERTED;
import static dev.tranche.v1.Outcome.OUTCOME_NOT_ATTEMPTED;
import static dev.tranche.v1.Outcome.OUTCOME_ROLLED_BACK;
import static dev.tranche.v1.Outcome.OUTCOME_UPDATED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.RecordResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a failed operation means for the others: groups, and batches that stop. */
class GroupsTest {
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
    void operationsOfAGroupStandOrFallTogether() throws Exception {
        ExecuteBatchResponse reply =
                caller.executeAndContinue(
                        Ops.create("c", "before", "{\"n\":1}"),
                        group("g", Ops.named("lost", Ops.create("c", "lost", "{}"))),
                        group("g", Ops.update("c", "before", "{\"n\":2}")),
                        group("g", Ops.update("c", "nobody", "{}")),
                        group("h", Ops.create("c", "kept", "{}")),
                        group("h", Ops.update("c", "before", "{\"m\":3}")),
                        Ops.get("c", "lost"),
                        Ops.create("c", "${lost.id}", "{}"),
                        Ops.create("c", "after", "{}"));
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(
                        OUTCOME_INSERTED,
                        OUTCOME_ROLLED_BACK,
                        OUTCOME_ROLLED_BACK,
                        OUTCOME_FAILED,
                        OUTCOME_INSERTED,
                        OUTCOME_UPDATED,
                        OUTCOME_FAILED,
                        OUTCOME_FAILED,
                        OUTCOME_INSERTED);
        assertThat(reply.getResults(3).getError().getReason())
                .isEqualTo(ERROR_REASON_RECORD_NOT_FOUND);
        for (int dependent : new int[] {6, 7}) {
            assertThat(reply.getResults(dependent).getError().getReason())
                    .isEqualTo(ERROR_REASON_DEPENDENCY_FAILED);
            assertThat(reply.getResults(dependent).getError().getEarlierIndex()).isEqualTo(1);
        }
        assertThat(reply.getBatch().getSucceededCount()).isEqualTo(4);
        assertThat(reply.getBatch().getFailedCount()).isEqualTo(3);
        assertThat(reply.getBatch().getNotAppliedCount()).isEqualTo(2);
        assertThat(reply.getBatch().getState())
                .isEqualTo(BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(caller.data("c", "before")).isEqualTo("{\"n\":1,\"m\":3}");
        assertThat(caller.read("c", "before").getVersion()).isEqualTo(2);
    }

    @Test
    void aGroupGivesBackWhatItTook() throws Exception {
        caller.execute(
                Ops.collection("u", Ops.unique("by_k", "k")), Ops.create("u", "a", "{\"k\":1}"));
        ExecuteBatchResponse reply =
                caller.executeAndContinue(
                        group("g", Ops.delete("u", "a")),
                        group("g", Ops.create("u", "b", "{\"k\":1}")),
                        group("g", Ops.schema("u", "{\"required\":[\"none\"]}")),
                        Ops.create("u", "c", "{\"k\":1}"),
                        Ops.create("u", "d", "{\"k\":2}"));
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(
                        OUTCOME_ROLLED_BACK,
                        OUTCOME_ROLLED_BACK,
                        OUTCOME_FAILED,
                        OUTCOME_FAILED,
                        OUTCOME_INSERTED);
        assertThat(reply.getResults(3).getError().getExistingRecordId()).isEqualTo("a");
        assertThat(reply.getResults(3).getError().hasEarlierIndex()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = OnError.class,
            names = {"ON_ERROR_UNSPECIFIED", "ON_ERROR_ROLLBACK", "ON_ERROR_STOP"})
    void groupsAreForBatchesThatContinue(OnError onError) throws Exception {
        caller.refused(() ->
                        caller.batches()
                                .executeBatch(
                                        caller.request(
                                                        Ops.create("c", "a", "{}"),
                                                        group("g", Ops.create("c", "b", "{}")))
                                                .setOnError(onError)
                                                .build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[1].atomic_group");
    }

    @Test
    void refusesAGroupTornApartAndABadName() throws Exception {
        caller.refused(() ->
                        caller.executeAndContinue(
                                group("g", Ops.create("c", "a", "{}")),
                                Ops.create("c", "b", "{}"),
                                group("g", Ops.create("c", "d", "{}")),
                                group("No", Ops.create("c", "e", "{}"))))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[2].atomic_group", "operations[3].atomic_group");
    }

    @Test
    void aBatchThatStopsKeepsWhatCameBefore() throws Exception {
        ExecuteBatchResponse reply =
                caller.batches()
                        .executeBatch(
                                caller.request(
                                                Ops.create("c", "a", "{}"),
                                                Ops.update("c", "nobody", "{}"),
                                                Ops.create("c", "b", "{}"),
                                                Ops.create("c", "d", "{}"))
                                        .setOnError(ON_ERROR_STOP)
                                        .build());
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(OUTCOME_INSERTED, OUTCOME_FAILED);
        assertThat(reply.getBatch().getOnError()).isEqualTo(ON_ERROR_STOP);
        assertThat(reply.getBatch().getNotAppliedCount()).isEqualTo(2);
        assertThat(
                        server.batches()
                                .listBatchResults(
                                        ListBatchResultsRequest.newBuilder()
                                                .setWorkspace(caller.workspace())
                                                .setBatchId(reply.getBatch().getBatchId())
                                                .build())
                                .getResultsList())
                .extracting(RecordResult::getOutcome)
                .containsExactly(
                        OUTCOME_INSERTED,
                        OUTCOME_FAILED,
                        OUTCOME_NOT_ATTEMPTED,
                        OUTCOME_NOT_ATTEMPTED);
        assertThat(caller.read("c", "a").getVersion()).isEqualTo(1);
        caller.refused(Ops.get("c", "b"));
    }

    @Test
    void whatDependsOnAFailedOperationFailsInABatchThatGoesOn() throws Exception {
        ExecuteBatchResponse reply =
                caller.batches()
                        .executeBatch(
                                caller.request(
                                                Ops.named("x", Ops.create("none", "a", "{}")),
                                                Ops.create("c", "b", "{}"),
                                                Ops.link("t", "c", "b", "${x.id}"))
                                        .setOnError(ON_ERROR_CONTINUE)
                                        .build());
        assertThat(reply.getResults(2).getError().getReason())
                .isEqualTo(ERROR_REASON_DEPENDENCY_FAILED);
        assertThat(reply.getResults(2).getError().getEarlierIndex()).isEqualTo(0);
    }

    private static Operation group(String name, Operation operation) {
        return operation.toBuilder().setAtomicGroup(name).build();
    }
}
