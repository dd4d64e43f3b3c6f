package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RESPONSE_TOO_LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Collection;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetCollectionRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.OperationResult.ResourceCase;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.Record;
import dev.tranche.v1.Relationship;
import dev.tranche.v1.ResultView;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results that hold what each operation left. */
class FullResultsTest {
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
    void holdTheRecordAsEachOperationLeftIt() throws Exception {
        ExecuteBatchResponse reply =
                send(
                        full(
                                Ops.create("c", "a", "{\"n\": 1.50}"),
                                Ops.update("c", "a", "{\"m\":2}"),
                                Ops.upsert("c", "a", "{\"m\":2,\"n\":1.5}"),
                                Ops.get("c", "a"),
                                Ops.delete("c", "a"),
                                Ops.upsert("c", "a", "{}")));
        assertThat(reply.getResultsList())
                .allSatisfy(one -> {
                    assertThat(one.getRecord().getId()).isEqualTo(one.getRecordId());
                    assertThat(one.getRecord().getVersion()).isEqualTo(one.getVersion());
                    assertThat(one.getRecord().getEtag()).isEqualTo(one.getEtag());
                    assertThat(one.getRecord().getCollection()).isEqualTo("c");
                    assertThat(one.getRecord().getCreatedBy()).isEqualTo("anonymous");
                });
        assertThat(reply.getResultsList())
                .extracting(one -> one.getRecord().getDataJson())
                .containsExactly(
                        "{\"n\": 1.50}",
                        "{\"n\":1.50,\"m\":2}",
                        "{\"n\":1.50,\"m\":2}",
                        "{\"n\":1.50,\"m\":2}",
                        "{\"n\":1.50,\"m\":2}",
                        "{}");
        assertThat(reply.getResultsList())
                .extracting(one -> one.getRecord().hasDeleteTime())
                .containsExactly(false, false, false, false, true, false);
        assertThat(reply.getResults(5).getRecord()).isEqualTo(caller.read("c", "a"));
    }

    @Test
    void holdTheRelationship() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"), Ops.create("c", "b", "{}"));
        Operation link = Ops.link("likes", "c", "a", "b");
        Operation weighed =
                link.toBuilder()
                        .setUpsertRelationship(
                                link.getUpsertRelationship().toBuilder().setDataJson("{\"w\": 1}"))
                        .build();
        ExecuteBatchResponse reply =
                send(full(link, link, weighed, Ops.unlink("likes", "c", "a", "b")));
        Relationship first = reply.getResults(0).getRelationship();
        assertThat(first.getType()).isEqualTo("likes");
        assertThat(first.getSource()).isEqualTo(link.getUpsertRelationship().getSource());
        assertThat(first.getTarget()).isEqualTo(link.getUpsertRelationship().getTarget());
        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(first.hasDataJson() || first.hasData()).isFalse();
        assertThat(first.getUpdateTime()).isEqualTo(first.getCreateTime());
        assertThat(reply.getResults(1).getOutcome()).isEqualTo(Outcome.OUTCOME_UNCHANGED);
        assertThat(reply.getResults(1).getRelationship()).isEqualTo(first);
        Relationship changed = reply.getResults(2).getRelationship();
        assertThat(changed.getDataJson()).isEqualTo("{\"w\": 1}");
        assertThat(changed.getVersion()).isEqualTo(2);
        assertThat(reply.getResults(3).getResourceCase()).isEqualTo(ResourceCase.RESOURCE_NOT_SET);
    }

    @Test
    void holdTheCollection() throws Exception {
        Operation define =
                Ops.schema("d", "{ \"type\":\"object\" }", Ops.unique("by_n", "n", "m.x"));
        ExecuteBatchResponse reply =
                send(full(define, define, Ops.collection("d"), Ops.collection("e")));
        Collection first = reply.getResults(0).getCollection();
        assertThat(first.getName()).isEqualTo("d");
        assertThat(first.getSchemaJson()).isEqualTo("{ \"type\":\"object\" }");
        assertThat(first.getUniqueConstraintsList())
                .containsExactly(Ops.unique("by_n", "n", "m.x"));
        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(reply.getResults(1).getCollection()).isEqualTo(first);
        assertThat(reply.getResults(2).getCollection())
                .isEqualTo(
                        server.workspaces()
                                .getCollection(
                                        GetCollectionRequest.newBuilder()
                                                .setWorkspace(caller.workspace())
                                                .setCollection("d")
                                                .build()));
        assertThat(send(full(Ops.dropCollection("d"))).getResults(0).getResourceCase())
                .isEqualTo(ResourceCase.RESOURCE_NOT_SET);
    }

    @Test
    void holdNothingWhereThereIsNothing() throws Exception {
        Operation gone = Ops.delete("c", "nobody");
        Operation allowed =
                gone.toBuilder()
                        .setDeleteRecord(gone.getDeleteRecord().toBuilder().setAllowMissing(true))
                        .build();
        caller.execute(Ops.create("c", "dead", "{}"));
        caller.execute(Ops.delete("c", "dead"));
        Operation dead =
                allowed.toBuilder()
                        .setDeleteRecord(allowed.getDeleteRecord().toBuilder().setId("dead"))
                        .build();
        ExecuteBatchResponse reply =
                send(full(gone, allowed, dead).setOnError(OnError.ON_ERROR_CONTINUE));
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(
                        Outcome.OUTCOME_FAILED,
                        Outcome.OUTCOME_UNCHANGED,
                        Outcome.OUTCOME_UNCHANGED);
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getResourceCase)
                .containsOnly(ResourceCase.RESOURCE_NOT_SET);
    }

    @Test
    void areRepliedAgainAsTheyWere() throws Exception {
        ExecuteBatchRequest.Builder request =
                full(
                                Ops.schema("d", "{\"type\":\"object\"}", Ops.unique("u", "n")),
                                Ops.create("d", "a", "{\"n\": 9007199254740993}"),
                                Ops.create("d", "b", "{\"t\":[1.0,null,\"✈\"]}"),
                                Ops.link("likes", "d", "a", "b"),
                                Ops.update("d", "a", "{\"x\":1}"),
                                Ops.delete("d", "b"))
                        .setRequestId("key");
        ExecuteBatchResponse first = send(request);
        caller.execute(
                Ops.collection("d"), Ops.delete("d", "a"), Ops.create("d", "b", "{\"other\":1}"));
        assertThat(send(request)).isEqualTo(first.toBuilder().setReplayed(true).build());
        ExecuteBatchResponse asStructs =
                send(request.clone().setDataFormat(DataFormat.DATA_FORMAT_STRUCT));
        assertThat(asStructs.getReplayed()).isTrue();
        assertThat(asStructs.getResults(1).getRecord().getDataJson())
                .isEqualTo("{\"n\": 9007199254740993}");
        Record inStruct = asStructs.getResults(2).getRecord();
        assertThat(inStruct.getData().getFieldsOrThrow("t").getListValue().getValuesCount())
                .isEqualTo(3);
    }

    @Test
    void areContentUnderARequestId() throws Exception {
        ExecuteBatchRequest.Builder basic =
                caller.request(Ops.upsert("c", "a", "{}")).setRequestId("key");
        send(basic);
        assertThat(send(basic.clone().setResultView(ResultView.RESULT_VIEW_BASIC)).getReplayed())
                .isTrue();
        caller.refused(() -> send(basic.clone().setResultView(ResultView.RESULT_VIEW_FULL)))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
    }

    @Test
    void costNothingWhereNobodyAsksForThem() throws Exception {
        String data = "{\"t\":\"" + "x".repeat(10_000) + "\"}";
        ExecuteBatchRequest.Builder request =
                caller.request(Ops.upsert("c", "a", data), Ops.upsert("c", "b", data));
        ExecuteBatchResponse basic = send(request);
        assertThat(basic.getResultsList())
                .extracting(OperationResult::getResourceCase)
                .containsOnly(ResourceCase.RESOURCE_NOT_SET);
        assertThat(storedBytes(basic)).isLessThan(100);
        ExecuteBatchResponse full = send(request.setResultView(ResultView.RESULT_VIEW_FULL));
        assertThat(storedBytes(full)).isBetween(20_000, 21_000);
    }

    @Test
    void areRefusedIfTheyDoNotFit() throws Exception {
        caller.execute(Ops.create("c", "a", "{\"t\":\"" + "x".repeat(500_000) + "\"}"));
        Operation[] eight = new Operation[8];
        Arrays.fill(eight, Ops.update("c", "a", "{}"));
        assertThat(send(full(eight)).getResultsCount()).isEqualTo(8);
        Operation[] nine = Arrays.copyOf(eight, 9);
        nine[8] = Ops.update("c", "a", "{\"n\":1}");
        Refusal refusal = caller.refused(() -> send(full(nine)));
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_RESPONSE_TOO_LARGE);
        assertThat(refusal.metadata()).containsEntry("limit", Integer.toString(4 << 20));
        assertThat(refusal.message()).contains("nothing was written");
    }

    private ExecuteBatchRequest.Builder full(Operation... operations) {
        return caller.request(operations)
                .setResultView(ResultView.RESULT_VIEW_FULL)
                .setDataFormat(DataFormat.DATA_FORMAT_JSON);
    }

    private static ExecuteBatchResponse send(ExecuteBatchRequest.Builder request) throws Exception {
        return server.batches().executeBatch(request.build());
    }

    private static int storedBytes(ExecuteBatchResponse reply) throws Exception {
        try (Connection connection = server.connection();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT SUM(LENGTH(results)) FROM batch_result WHERE batch_id = '"
                                        + reply.getBatch().getBatchId()
                                        + "'")) {
            found.next();
            return found.getInt(1);
        }
    }
}
