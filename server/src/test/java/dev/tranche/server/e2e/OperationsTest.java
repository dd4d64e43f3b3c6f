package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.Outcome.OUTCOME_DELETED;
import static dev.tranche.v1.Outcome.OUTCOME_FAILED;
import static dev.tranche.v1.Outcome.OUTCOME_INSERTED;
import static dev.tranche.v1.Outcome.OUTCOME_READ;
import static dev.tranche.v1.Outcome.OUTCOME_UNCHANGED;
import static dev.tranche.v1.Outcome.OUTCOME_UPDATED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the nine operations do, and what a failed one means for the others. */
class OperationsTest {
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
    void runsAllNineOperationsInOrder() throws Exception {
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.schema("d", "{\"type\":\"object\",\"required\":[\"n\"]}"),
                        Ops.create("d", "a", "{\"n\":1}"),
                        Ops.upsert("d", "b", "{\"n\":2}"),
                        Ops.update("d", "a", "{\"m\":[true,null]}"),
                        Ops.link("likes", "d", "a", "b"),
                        Ops.get("d", "a"),
                        Ops.unlink("likes", "d", "a", "b"),
                        Ops.delete("d", "b"),
                        Ops.dropCollection("c"));
        assertThat(outcomes(reply))
                .containsExactly(
                        OUTCOME_INSERTED,
                        OUTCOME_INSERTED,
                        OUTCOME_INSERTED,
                        OUTCOME_UPDATED,
                        OUTCOME_INSERTED,
                        OUTCOME_READ,
                        OUTCOME_DELETED,
                        OUTCOME_DELETED,
                        OUTCOME_DELETED);
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getVersion)
                .containsExactly(1L, 1L, 1L, 2L, 1L, 2L, 2L, 2L, 2L);
        assertThat(reply.getResults(3).getRecordId()).isEqualTo("a");
        assertThat(reply.getResults(3).getEtag())
                .hasSize(16)
                .isNotEqualTo(reply.getResults(1).getEtag())
                .isEqualTo(reply.getResults(5).getEtag());
        assertThat(reply.getResults(5).getRecord().getData().getFieldsMap())
                .containsEntry("n", Value.newBuilder().setNumberValue(1).build())
                .containsOnlyKeys("n", "m");
        assertThat(reply.getBatch().getState()).isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
        assertThat(reply.getBatch().getSucceededCount()).isEqualTo(9);
        assertThat(caller.data("d", "a")).isEqualTo("{\"n\":1,\"m\":[true,null]}");
    }

    @Test
    void numbersTheResultsAscending() throws Exception {
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.create("c", "z", "{}"),
                        Ops.create("c", "", "{}"),
                        Ops.create("c", "a", "{}"));
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getIndex)
                .containsExactly(0, 1, 2);
        assertThat(reply.getResults(1).getRecordId()).hasSize(36);
        assertThat(caller.data("c", reply.getResults(1).getRecordId())).isEqualTo("{}");
    }

    @Test
    void leavesUnchangedWhatHasTheSameValueAlready() throws Exception {
        caller.execute(
                Ops.create("c", "a", "{\"x\":1,\"y\":[2]}"),
                Ops.create("c", "b", "{}"),
                Ops.link("likes", "c", "a", "b"));
        Contents before = Contents.of(server);
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.upsert("c", "a", "{\"y\":[2.0],\"x\":1}"),
                        Ops.update("c", "a", "{\"x\":1.0,\"z\":null}"),
                        Ops.link("likes", "c", "a", "b"),
                        Ops.collection("c"));
        assertThat(outcomes(reply)).containsOnly(OUTCOME_UNCHANGED).hasSize(4);
        assertThat(Contents.of(server)).isEqualTo(before);
    }

    @Test
    void toleratesWhatIsMissingWhereTheCallerSaysSo() throws Exception {
        var builder = caller.request(Ops.delete("c", "x"), Ops.unlink("likes", "c", "x", "y"));
        builder.getOperationsBuilder(0).getDeleteRecordBuilder().setAllowMissing(true);
        builder.getOperationsBuilder(1).getDeleteRelationshipBuilder().setAllowMissing(true);
        builder.addOperations(Ops.dropCollection("nowhere"));
        builder.getOperationsBuilder(2).getDeleteCollectionBuilder().setAllowMissing(true);
        ExecuteBatchResponse reply = caller.batches().executeBatch(builder.build());
        assertThat(outcomes(reply)).containsOnly(OUTCOME_UNCHANGED).hasSize(3);
    }

    @Test
    void removesTheRelationshipsOfADeletedRecord() throws Exception {
        caller.execute(
                Ops.create("c", "a", "{}"),
                Ops.create("c", "b", "{}"),
                Ops.link("likes", "c", "a", "b"),
                Ops.link("knows", "c", "b", "a"));
        int before = Contents.of(server).count("relationship");
        caller.execute(Ops.delete("c", "a"));
        assertThat(Contents.of(server).count("relationship")).isEqualTo(before - 2);
    }

    @Test
    void goesOnCountingTheVersionsOfARevivedId() throws Exception {
        ExecuteBatchResponse first =
                caller.execute(Ops.create("c", "a", "{}"), Ops.delete("c", "a"));
        ExecuteBatchResponse second = caller.execute(Ops.upsert("c", "a", "{}"));
        assertThat(second.getResults(0).getOutcome()).isEqualTo(OUTCOME_INSERTED);
        assertThat(second.getResults(0).getVersion()).isEqualTo(3);
        assertThat(second.getResults(0).getEtag())
                .isNotIn(first.getResults(0).getEtag(), first.getResults(1).getEtag());
    }

    @Test
    void reportsEveryFailureAndWritesNothing() throws Exception {
        caller.execute(
                Ops.schema("d", "{\"required\":[\"title\"]}"),
                Ops.collection("u", Ops.unique("by_n", "n")),
                Ops.create("u", "first", "{\"n\":1}"));
        Refusal refusal =
                caller.refused(
                        Ops.create("c", "fine", "{}"),
                        Ops.named("post", Ops.create("d", "p", "{}")),
                        Ops.create("c", "${post.id}-x", "{}"),
                        Ops.referring(Ops.create("c", "tag", "{\"post\":\"${post.id}\"}")),
                        Ops.create("u", "second", "{\"n\":1.0}"),
                        Ops.update("d", "p", "{\"title\":\"t\"}"),
                        Ops.get("c", "nobody"));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(1, 3, 4, 5, 6)
                .at("operations[1].create_record.data", "operations[3].create_record.data/post");
        assertThat(refusal.failure().getTotalCount()).isEqualTo(5);
        assertThat(refusal.failure().getCommitState())
                .isEqualTo(CommitState.COMMIT_STATE_ROLLED_BACK);
        assertDependsOnTheFirst(refusal.error(3));
        assertDependsOnTheFirst(refusal.error(5));
        ItemError twin = refusal.error(4);
        assertThat(twin.getReason()).isEqualTo(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(twin.getCode()).isEqualTo(Code.ALREADY_EXISTS);
        assertThat(twin.getConstraint()).isEqualTo("by_n");
        assertThat(twin.getExistingRecordId()).isEqualTo("first");
        assertThat(refusal.error(6).getReason()).isEqualTo(ERROR_REASON_RECORD_NOT_FOUND);
    }

    private static void assertDependsOnTheFirst(ItemError error) {
        assertThat(error.getReason()).isEqualTo(ERROR_REASON_DEPENDENCY_FAILED);
        assertThat(error.getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(error.getEarlierIndex()).isEqualTo(1);
    }

    @Test
    void keepsTheOthersWhereTheCallerSaysContinue() throws Exception {
        ExecuteBatchResponse reply =
                caller.executeAndContinue(
                        Ops.create("c", "a", "{}"),
                        Ops.create("c", "a", "{\"twin\":1}"),
                        Ops.named("gone", Ops.update("c", "nobody", "{}")),
                        Ops.create("c", "${gone.id}", "{}"),
                        Ops.create("c", "b", "{}"));
        assertThat(outcomes(reply))
                .containsExactly(
                        OUTCOME_INSERTED,
                        OUTCOME_FAILED,
                        OUTCOME_FAILED,
                        OUTCOME_FAILED,
                        OUTCOME_INSERTED);
        assertThat(reply.getBatch().getState())
                .isEqualTo(BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(reply.getBatch().getFailedCount()).isEqualTo(3);
        ItemError twin = reply.getResults(1).getError();
        assertThat(twin.getExistingRecordId()).isEqualTo("a");
        assertThat(twin.getEarlierIndex()).isZero();
        assertThat(reply.getResults(3).getError().getReason())
                .isEqualTo(ERROR_REASON_DEPENDENCY_FAILED);
        assertThat(caller.data("c", "a")).isEqualTo("{}");
        assertThat(caller.data("c", "b")).isEqualTo("{}");
    }

    @Test
    void answersOkWhereEverythingFailedAndTheCallerSaysContinue() throws Exception {
        ExecuteBatchResponse reply = caller.executeAndContinue(Ops.delete("c", "nobody"));
        assertThat(outcomes(reply)).containsExactly(OUTCOME_FAILED);
        assertThat(reply.getBatch().getState()).isEqualTo(BatchState.BATCH_STATE_FAILED);
    }

    @Test
    void holdsANewDefinitionAgainstTheRecordsThere() throws Exception {
        caller.execute(Ops.create("c", "a", "{\"n\":1}"), Ops.create("c", "b", "{\"n\":1}"));
        Refusal schema = caller.refused(Ops.schema("c", "{\"required\":[\"m\"]}"));
        schema.has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION).because(0);
        assertThat(schema.error(0).getFieldViolationsCount()).isEqualTo(2);
        caller.refused(Ops.collection("c", Ops.unique("by_n", "n")))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION)
                .because(0);
        caller.execute(Ops.delete("c", "b"), Ops.collection("c", Ops.unique("by_n", "n")));
        Refusal twin = caller.refused(Ops.create("c", "b", "{\"n\":1}"));
        twin.has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION).because(0);
        assertThat(twin.error(0).getExistingRecordId()).isEqualTo("a");
    }

    @Test
    void takesDataAsStructAndSendsItAsStruct() throws Exception {
        Struct data =
                Struct.newBuilder()
                        .putFields("t", Value.newBuilder().setStringValue("<é🙂>").build())
                        .putFields("n", Value.newBuilder().setNumberValue(90).build())
                        .build();
        ExecuteBatchResponse reply = caller.execute(Ops.create("c", "a", data), Ops.get("c", "a"));
        assertThat(reply.getResults(1).getRecord().getData()).isEqualTo(data);
        assertThat(caller.data("c", "a")).contains("\"n\":90").contains("<é🙂>");
    }

    private static List<Outcome> outcomes(ExecuteBatchResponse reply) {
        return reply.getResultsList().stream().map(OperationResult::getOutcome).toList();
    }
}
