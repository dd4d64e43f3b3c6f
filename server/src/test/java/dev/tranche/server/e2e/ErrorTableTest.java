package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_DISABLED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_TIMEOUT;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_MISMATCH;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_REQUIRED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_SCHEMA;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RELATIONSHIP_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_IN_PROGRESS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RESPONSE_TOO_LARGE;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_TRANSACTION_CONFLICT;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNRESOLVED_REFERENCE;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Operation;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rows of the error table that belong to ExecuteBatch: code, reason, metadata, details and
 * message of each. What needs a database that is away, or a server that has too much to do, is in
 * {@link FaultTest} and {@link StreamTest}.
 */
class ErrorTableTest {
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
        caller.execute(
                Ops.schema("u", "{\"required\":[\"k\"]}", Ops.unique("by_k", "k")),
                Ops.create("u", "a", "{\"k\":1}"));
    }

    @Test
    void malformedRequest() throws Exception {
        caller.refused(Ops.create("c", "", "{"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .with("path", "operations[0].create_record.data_json")
                .at("operations[0].create_record.data_json")
                .hasNoItems();
    }

    @Test
    void overALimit() throws Exception {
        Operation one = Ops.create("c", "", "{}");
        Refusal tooMany = caller.refused(Collections.nCopies(101, one).toArray(Operation[]::new));
        tooMany.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .with("path", "operations")
                .with("actual", "101")
                .with("limit", "100")
                .with("setting", "--operations-max")
                .at("operations")
                .hasNoItems();
        assertThat(tooMany.message())
                .isEqualTo("operations: 101 given, at most 100 allowed (--operations-max)");
        String tooLarge = "{\"t\":\"" + "x".repeat((1 << 20) - 7) + "\"}";
        item(caller.refused(Ops.create("c", "", tooLarge)), Code.INVALID_ARGUMENT)
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .with("actual", Integer.toString((1 << 20) + 1))
                .with("limit", Integer.toString(1 << 20))
                .with("setting", "--record-bytes-max")
                .at("operations[0].create_record.data");
    }

    @Test
    void schemaViolation() throws Exception {
        item(caller.refused(Ops.create("u", "", "{}")), Code.INVALID_ARGUMENT)
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .with("path", "operations[0].create_record.data")
                .at("operations[0].create_record.data");
    }

    @Test
    void badDefinition() throws Exception {
        item(caller.refused(Ops.schema("n", "{\"type\":\"objekt\"}")), Code.INVALID_ARGUMENT)
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA)
                .with("path", "operations[0].upsert_collection.schema/type")
                .at("operations[0].upsert_collection.schema/type");
    }

    @Test
    void uniqueConstraint() throws Exception {
        Refusal taken = caller.refused(Ops.create("u", "b", "{\"k\":1.0}"));
        item(taken, Code.ALREADY_EXISTS)
                .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION)
                .with("constraint", "by_k")
                .with("existing_record_id", "a");
        assertThat(taken.error(0).getConstraint()).isEqualTo("by_k");
        assertThat(taken.error(0).getExistingRecordId()).isEqualTo("a");
        assertThat(taken.message()).contains("[k]").contains("\"a\"").contains("\"by_k\"");
    }

    @Test
    void recordIdTaken() throws Exception {
        Refusal taken = caller.refused(Ops.create("u", "a", "{\"k\":2}"));
        item(taken, Code.ALREADY_EXISTS)
                .has(Code.ALREADY_EXISTS, ERROR_REASON_RECORD_ALREADY_EXISTS)
                .with("existing_record_id", "a")
                .with("collection", "u");
        assertThat(taken.error(0).getExistingRecordId()).isEqualTo("a");
    }

    @Test
    void workspaceNameTaken() throws Exception {
        caller.refused(() ->
                        server.workspaces()
                                .createWorkspace(
                                        CreateWorkspaceRequest.newBuilder()
                                                .setName(caller.workspace())
                                                .build()))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_WORKSPACE_ALREADY_EXISTS)
                .with("workspace", caller.workspace());
    }

    @Test
    void pointedAtOrPointingAtNothing() throws Exception {
        caller.execute(
                Ops.pointing("p", Ops.reference("to", "u", OnDelete.ON_DELETE_RESTRICT)),
                Ops.create("p", "x", "{\"to\":\"a\"}"));
        item(caller.refused(Ops.delete("u", "a")), Code.FAILED_PRECONDITION)
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                .with("existing_record_id", "x")
                .with("collection", "p")
                .with("field", "to")
                .with("target", "a");
        item(caller.refused(Ops.create("p", "y", "{\"to\":\"b\"}")), Code.FAILED_PRECONDITION)
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                .with("path", "operations[0].create_record.data/to")
                .with("id", "b")
                .with("collection", "u");
        item(caller.refused(Ops.link("t", "u", "a", "b")), Code.FAILED_PRECONDITION)
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                .with("path", "operations[0].upsert_relationship.target.id")
                .with("id", "b");
    }

    @Test
    void missing() throws Exception {
        item(caller.refused(Ops.get("u", "b")), Code.NOT_FOUND)
                .has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND)
                .with("id", "b")
                .with("collection", "u");
        item(caller.refused(Ops.unlink("t", "u", "a", "a")), Code.NOT_FOUND)
                .has(Code.NOT_FOUND, ERROR_REASON_RELATIONSHIP_NOT_FOUND)
                .with("type", "t")
                .with("source", "a")
                .with("target", "a");
        item(caller.refused(Ops.get("v", "a")), Code.NOT_FOUND)
                .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND)
                .with("collection", "v");
        Caller nowhere = new Caller(server, "nowhere");
        nowhere.refused(Ops.get("u", "a"))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND)
                .with("workspace", "nowhere")
                .hasNoItems();
        caller.refused(() ->
                        server.batches()
                                .getBatch(
                                        GetBatchRequest.newBuilder()
                                                .setWorkspace(caller.workspace())
                                                .setRequestId("never")
                                                .build()))
                .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
    }

    @Test
    void etags() throws Exception {
        Refusal mismatch = caller.refused(Ops.ifMatch(Ops.delete("u", "a"), "another"));
        item(mismatch, Code.ABORTED)
                .has(Code.ABORTED, ERROR_REASON_ETAG_MISMATCH)
                .with("etag", "another")
                .with("version", "1")
                .at("operations[0].delete_record.if_match");
        assertThat(mismatch.namesNoDelay()).isTrue();
        Operation.Builder strict = Ops.collection("u", Ops.unique("by_k", "k")).toBuilder();
        strict.getUpsertCollectionBuilder().setIfMatchRequired(true);
        caller.execute(strict.build());
        item(caller.refused(Ops.delete("u", "a")), Code.FAILED_PRECONDITION)
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_ETAG_REQUIRED)
                .with("collection", "u")
                .at("operations[0].delete_record.if_match");
    }

    @Test
    void referencesAndDependencies() throws Exception {
        item(caller.refused(Ops.get("u", "${nobody.id}")), Code.INVALID_ARGUMENT)
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_UNRESOLVED_REFERENCE)
                .with("reference", "${nobody.id}")
                .at("operations[0].get_record.id");
        Refusal dependent =
                caller.refused(Ops.named("x", Ops.create("u", "", "{}")), Ops.get("u", "${x.id}"));
        item(dependent, Code.INVALID_ARGUMENT);
        assertThat(dependent.failure().getTotalCount()).isEqualTo(2);
        assertThat(dependent.error(1).getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(dependent.error(1).getReason()).isEqualTo(ERROR_REASON_DEPENDENCY_FAILED);
        assertThat(dependent.error(1).getEarlierIndex()).isZero();
    }

    @Test
    void requestIds() throws Exception {
        caller.batches()
                .executeBatch(caller.request(Ops.get("u", "a")).setRequestId("one").build());
        Refusal reused =
                caller.refused(() ->
                        caller.batches()
                                .executeBatch(
                                        caller.request(Ops.get("u", "b"))
                                                .setRequestId("one")
                                                .build()));
        reused.has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED).hasNoItems();
        assertThat(reused.metadata()).containsKey("batch_id");
        assertThat(reused.message()).contains("\"one\"");
    }

    @Test
    void heldUpByOthers() throws Exception {
        Inserter inserter = Inserter.into(server, Ops.collection("held"));
        Caller busy = inserter.caller();
        busy.execute(Ops.create("held", "a", "{}"));
        try (TestServer impatient = server.another("--transaction-time-max=1s");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Caller other = new Caller(impatient, busy.workspace());
            try (RowLock lock = RowLock.ofRecord(inserter, "a")) {
                var request =
                        other.request(Ops.update("held", "a", "{\"n\":1}"))
                                .setRequestId("slow")
                                .build();
                Future<Refusal> held =
                        threads.submit(
                                () -> Refusal.of(() -> impatient.batches().executeBatch(request)));
                lock.awaitWaiter();
                Refusal.of(() -> server.batches().executeBatch(request))
                        .has(Code.ABORTED, ERROR_REASON_REQUEST_IN_PROGRESS)
                        .namesADelay()
                        .hasNoItems();
                Refusal late = held.get(20, TimeUnit.SECONDS);
                assertThat(late.reason())
                        .isIn(
                                reason(ERROR_REASON_BATCH_TIMEOUT),
                                reason(ERROR_REASON_TRANSACTION_CONFLICT));
                assertThat(late.metadata()).containsKey("batch_id");
                if (late.reason().equals(reason(ERROR_REASON_BATCH_TIMEOUT))) {
                    late.has(Code.DEADLINE_EXCEEDED, ERROR_REASON_BATCH_TIMEOUT)
                            .with("limit_ms", "1000");
                } else {
                    late.has(Code.ABORTED, ERROR_REASON_TRANSACTION_CONFLICT).namesADelay();
                }
            }
        }
    }

    private static String reason(Enum<?> reason) {
        return reason.name().substring("ERROR_REASON_".length());
    }

    @Test
    void replyTooLarge() throws Exception {
        try (TestServer narrow = server.another("--reply-bytes-max=64KiB")) {
            Caller reader = new Caller(narrow, caller.workspace());
            String large = "{\"k\":2,\"t\":\"" + "x".repeat(66_000) + "\"}";
            Refusal refusal = reader.refused(Ops.create("u", "l", large), Ops.get("u", "l"));
            refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_RESPONSE_TOO_LARGE)
                    .with("limit", "65536")
                    .with("setting", "--reply-bytes-max");
            assertThat(Integer.parseInt(refusal.metadata().get("actual"))).isGreaterThan(65_536);
            assertThat(refusal.message()).contains("nothing was written");
        }
    }

    @Test
    void batchesSwitchedOff() throws Exception {
        try (TestServer readOnly = server.another("--batches-enabled=false")) {
            new Caller(readOnly, caller.workspace())
                    .refused(Ops.get("u", "a"))
                    .has(Code.FAILED_PRECONDITION, ERROR_REASON_BATCH_DISABLED)
                    .hasNoItems();
        }
    }

    /** What every call has in common that failed because of its first operation. */
    private static Refusal item(Refusal refusal, Code code) {
        assertThat(refusal.failure().getCommitState())
                .isEqualTo(CommitState.COMMIT_STATE_ROLLED_BACK);
        assertThat(refusal.failure().getBatchId())
                .isNotEmpty()
                .isEqualTo(refusal.metadata().get("batch_id"));
        assertThat(refusal.error(0).getCode()).isEqualTo(code);
        assertThat(refusal.message()).startsWith("operations[0]").endsWith("nothing was written");
        return refusal.with("index", "0");
    }
}
