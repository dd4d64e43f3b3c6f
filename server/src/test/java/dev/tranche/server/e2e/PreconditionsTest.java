package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_MISMATCH;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_REQUIRED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.Outcome.OUTCOME_DELETED;
import static dev.tranche.v1.Outcome.OUTCOME_INSERTED;
import static dev.tranche.v1.Outcome.OUTCOME_UNCHANGED;
import static dev.tranche.v1.Outcome.OUTCOME_UPDATED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.UpsertCollection;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operations demand of a record before they change it, and which record an upsert means. */
class PreconditionsTest {
    private static TestServer server;
    private Caller caller;
    private String etag;

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
        etag = caller.execute(Ops.create("c", "a", "{\"n\":1}")).getResults(0).getEtag();
    }

    @Test
    void changesTheVersionThatTheCallerMeans() throws Exception {
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.named("first", Ops.ifMatch(Ops.update("c", "a", "{\"n\":2}"), etag)),
                        Ops.ifMatch(Ops.get("c", "a"), "${first.etag}"),
                        Ops.ifMatch(Ops.upsert("c", "a", "{\"n\":3}"), "${ops[1].etag}"),
                        Ops.ifMatch(Ops.delete("c", "a"), "${ops[2].etag}"));
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getVersion)
                .containsExactly(2L, 2L, 3L, 4L);
    }

    @Test
    void refusesAnotherVersion() throws Exception {
        caller.execute(Ops.update("c", "a", "{\"n\":2}"));
        for (Operation one :
                new Operation[] {
                    Ops.update("c", "a", "{\"n\":3}"),
                    Ops.upsert("c", "a", "{\"n\":3}"),
                    Ops.upsert("c", "a", "{\"n\":2}"),
                    Ops.delete("c", "a"),
                    Ops.get("c", "a")
                }) {
            Refusal refusal = caller.refused(Ops.ifMatch(one, etag));
            refusal.has(Code.ABORTED, ERROR_REASON_ETAG_MISMATCH).because(0);
            assertThat(refusal.paths()).allMatch(path -> path.endsWith(".if_match"));
            assertThat(refusal.message()).contains(etag).contains("version 2");
            assertThat(refusal.error(0).getRetryable()).isFalse();
            assertThat(refusal.namesNoDelay()).isTrue();
        }
    }

    @Test
    void anEtagNeverComesBack() throws Exception {
        Set<String> etags = new HashSet<>();
        etags.add(etag);
        for (int round = 0; round < 3; round++) {
            assertThat(etags.add(etag(Ops.delete("c", "a")))).isTrue();
            assertThat(etags.add(etag(Ops.upsert("c", "a", "{\"n\":1}")))).isTrue();
        }
        for (int round = 0; round < 3; round++) {
            caller.execute(Ops.dropCollection("c"), Ops.collection("c"));
            assertThat(etags.add(etag(Ops.create("c", "a", "{\"n\":1}")))).isTrue();
        }
        caller.refused(Ops.ifMatch(Ops.delete("c", "a"), etag))
                .has(Code.ABORTED, ERROR_REASON_ETAG_MISMATCH);
    }

    private String etag(Operation operation) throws Exception {
        return caller.execute(operation).getResults(0).getEtag();
    }

    @Test
    void anUpsertCanBeOnlyACreationOrOnlyAReplacement() throws Exception {
        assertThat(
                        caller.execute(
                                        Ops.ifNoneMatch(Ops.upsert("c", "new", "{}")),
                                        Ops.ifMatch(Ops.upsert("c", "new", "{\"n\":1}"), "*"))
                                .getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(OUTCOME_INSERTED, OUTCOME_UPDATED);
        Refusal exists = caller.refused(Ops.ifNoneMatch(Ops.upsert("c", "a", "{\"n\":1}")));
        exists.has(Code.ALREADY_EXISTS, ERROR_REASON_RECORD_ALREADY_EXISTS).because(0);
        assertThat(exists.error(0).getExistingRecordId()).isEqualTo("a");
        caller.refused(Ops.ifMatch(Ops.upsert("c", "none", "{}"), "*"))
                .has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        caller.refused(Ops.ifMatch(Ops.upsert("c", "none", "{}"), etag))
                .has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        caller.execute(Ops.delete("c", "a"), Ops.ifNoneMatch(Ops.upsert("c", "a", "{}")));
    }

    @Test
    void refusesContradictions() throws Exception {
        caller.refused(
                        Ops.ifMatch(Ops.ifNoneMatch(Ops.upsert("c", "a", "{}")), etag),
                        Ops.upsertBy("c", "u", "{}").toBuilder()
                                .mergeFrom(Ops.upsert("c", "a", "{}"))
                                .build())
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at(
                        "operations[0].upsert_record.if_none_match",
                        "operations[1].upsert_record.by_constraint");
        Operation other = Ops.upsert("c", "a", "{}");
        caller.refused(
                        other.toBuilder()
                                .setUpsertRecord(
                                        other.getUpsertRecord().toBuilder().setIfNoneMatch(etag))
                                .build())
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].upsert_record.if_none_match");
    }

    @Test
    void aCollectionCanDemandAnEtagForEveryChange() throws Exception {
        Operation strict =
                Operation.newBuilder()
                        .setUpsertCollection(
                                UpsertCollection.newBuilder()
                                        .setCollection("strict")
                                        .setIfMatchRequired(true))
                        .build();
        String first =
                caller.execute(strict, Ops.upsert("strict", "a", "{}")).getResults(1).getEtag();
        for (Operation blind :
                new Operation[] {
                    Ops.upsert("strict", "a", "{\"n\":1}"),
                    Ops.update("strict", "a", "{\"n\":1}"),
                    Ops.delete("strict", "a"),
                    Ops.ifMatch(Ops.delete("strict", "a"), "*")
                }) {
            caller.refused(blind)
                    .has(Code.FAILED_PRECONDITION, ERROR_REASON_ETAG_REQUIRED)
                    .because(0);
        }
        caller.execute(
                Ops.get("strict", "a"),
                Ops.named("u", Ops.ifMatch(Ops.update("strict", "a", "{\"n\":1}"), first)),
                Ops.ifMatch(Ops.delete("strict", "a"), "${u.etag}"),
                Ops.create("strict", "a", "{}"));
    }

    @Test
    void findsTheRecordByAUniqueConstraint() throws Exception {
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.collection("p", Ops.unique("by_place", "at.x", "at.y")),
                        Ops.named("one", Ops.upsertBy("p", "by_place", place(1, 1))),
                        Ops.upsertBy("p", "by_place", place(1, 2)),
                        Ops.upsertBy("p", "by_place", place(1, 1)),
                        Ops.upsert("p", "${ops[3].id}", place(2, 2)),
                        Ops.referring(
                                Ops.upsertBy(
                                        "p",
                                        "by_place",
                                        "{\"at\":{\"x\":2.0,\"y\":2},\"was\":\"${one.id}\"}")));
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(
                        OUTCOME_INSERTED,
                        OUTCOME_INSERTED,
                        OUTCOME_INSERTED,
                        OUTCOME_UNCHANGED,
                        OUTCOME_UPDATED,
                        OUTCOME_UPDATED);
        String id = reply.getResults(1).getRecordId();
        assertThat(reply.getResults(5).getRecordId()).isEqualTo(id);
        OperationResult later =
                caller.execute(Ops.ifNoneMatch(Ops.upsertBy("p", "by_place", place(1, 1))))
                        .getResults(0);
        assertThat(later.getRecordId()).isNotEqualTo(id);
        Refusal exists =
                caller.refused(Ops.ifNoneMatch(Ops.upsertBy("p", "by_place", place(1, 1))));
        exists.has(Code.ALREADY_EXISTS, ERROR_REASON_RECORD_ALREADY_EXISTS);
        assertThat(exists.error(0).getExistingRecordId()).isEqualTo(later.getRecordId());
        assertThat(caller.execute(Ops.delete("p", id)).getResults(0).getOutcome())
                .isEqualTo(OUTCOME_DELETED);
        assertThat(
                        caller.execute(Ops.upsertBy("p", "by_place", place(2, 2)))
                                .getResults(0)
                                .getRecordId())
                .isNotEqualTo(id);
    }

    private static String place(int x, int y) {
        return "{\"at\":{\"x\":" + x + ",\"y\":" + y + "}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"at\":null}",
                "{\"at\":{\"x\":1}}",
                "{\"at\":{\"x\":1,\"y\":null}}"
            })
    void refusesDataThatDoesNotSayWhichRecordIsMeant(String data) throws Exception {
        caller.execute(Ops.collection("p", Ops.unique("by_place", "at.x", "at.y")));
        caller.refused(Ops.upsertBy("p", "by_place", data))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .because(0)
                .at("operations[0].upsert_record.data");
    }

    @Test
    void refusesAConstraintThatIsNotThere() throws Exception {
        caller.execute(Ops.collection("p", Ops.unique("by_place", "at.x", "at.y")));
        caller.refused(Ops.upsertBy("p", "by_time", place(1, 1)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .because(0)
                .at("operations[0].upsert_record.by_constraint");
        Refusal container =
                caller.refused(Ops.upsertBy("p", "by_place", "{\"at\":{\"x\":[],\"y\":1}}"));
        container.has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION).because(0);
        ItemError error = container.error(0);
        assertThat(error.getConstraint()).isEqualTo("by_place");
    }
}
