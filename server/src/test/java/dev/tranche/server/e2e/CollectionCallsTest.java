package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_DISABLED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_SCHEMA;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RESPONSE_TOO_LARGE;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_LOCKED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchKind;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.DeleteCollectionRequest;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.GetCollectionRequest;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.UpsertCollectionRequest;
import dev.tranche.v1.WorkspaceStage;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Collections that are changed by calls of their own: the operations, and nothing else. */
class CollectionCallsTest {
    private static final Metadata.Key<String> BATCH_ID =
            Metadata.Key.of("tranche-batch-id", Metadata.ASCII_STRING_MARSHALLER);

    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--scan-records-max=3");
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
    void answersTheCollectionAsItThenIs() throws Exception {
        UpsertCollection definition =
                UpsertCollection.newBuilder()
                        .setCollection("d")
                        .setSchemaJson("{ \"type\":\"object\" }")
                        .addUniqueConstraints(Ops.unique("by_a", "a"))
                        .addReferences(Ops.reference("c", "c", OnDelete.ON_DELETE_CASCADE))
                        .setIfMatchRequired(true)
                        .build();
        Collection created = upsert(definition);
        assertThat(created.getSchemaJson()).isEqualTo("{ \"type\":\"object\" }");
        assertThat(created.getUniqueConstraintsList()).containsExactly(Ops.unique("by_a", "a"));
        assertThat(created.getReferencesList()).isEqualTo(definition.getReferencesList());
        assertThat(created.getIfMatchRequired()).isTrue();
        assertThat(created.getVersion()).isEqualTo(1);
        assertThat(created).isEqualTo(stored("d"));
        // Once more changes nothing.
        assertThat(upsert(definition)).isEqualTo(created);
        Collection changed = upsert(definition.toBuilder().clearReferences().build());
        assertThat(changed.getVersion()).isEqualTo(2);
        assertThat(changed).isEqualTo(stored("d"));
    }

    @Test
    void keepsAnAccountOfEachCall() throws Exception {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        var stub =
                server.workspaces()
                        .withInterceptors(
                                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
        Collection created = stub.upsertCollection(request(Ops.collection("d")).build());
        Batch batch = account(headers.get().get(BATCH_ID));
        assertThat(batch.getKind()).isEqualTo(BatchKind.BATCH_KIND_EXECUTE);
        assertThat(batch.getState()).isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
        assertThat(batch.getTotalCount()).isOne();
        stub.deleteCollection(delete(created.getName()).build());
        assertThat(account(headers.get().get(BATCH_ID)).getSucceededCount()).isOne();
        Refusal refusal =
                caller.refused(() -> stub.deleteCollection(delete("d").build()))
                        .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        Batch failed = account(refusal.metadata().get("batch_id"));
        assertThat(failed.getState()).isEqualTo(BatchState.BATCH_STATE_FAILED);
        assertThat(failed.getFailedCount()).isOne();
    }

    @Test
    void deletesACollectionWithItsRecords() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"));
        server.workspaces().deleteCollection(delete("c").build());
        caller.refused(Ops.get("c", "a")).has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        server.workspaces().deleteCollection(delete("c").setAllowMissing(true).build());
    }

    @Test
    void saysWhyACallFailedWithoutSpeakingOfOperations() throws Exception {
        caller.execute(Ops.create("c", "a", "{\"n\":1}"), Ops.create("c", "b", "{\"n\":1}"));
        Refusal schema =
                refused(Ops.schema("c", "{\"type\":\"objekt\"}"))
                        .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA)
                        .at("upsert_collection.schema/type");
        assertThat(schema.message()).startsWith("upsert_collection.schema/type: ");
        assertThat(schema.failure().getCommitState())
                .isEqualTo(CommitState.COMMIT_STATE_ROLLED_BACK);
        assertThat(schema.failure().getBatchId()).isEqualTo(schema.metadata().get("batch_id"));
        assertThat(schema.failure().getErrorsCount()).isOne();
        refused(Ops.schema("c", "{\"required\":[\"x\"]}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .at("upsert_collection.schema");
        refused(Ops.collection("c", Ops.unique("by_n", "n")))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION)
                .at("upsert_collection.unique_constraints");
        refused(Ops.pointing("d", Ops.reference("x", "none", OnDelete.ON_DELETE_RESTRICT)))
                .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        refused(Ops.pointing("c", Ops.reference("n", "c", OnDelete.ON_DELETE_RESTRICT)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION);
    }

    @Test
    void refusesToDeleteWhatIsPointedAt() throws Exception {
        caller.execute(Ops.pointing("d", Ops.reference("x", "c", OnDelete.ON_DELETE_CASCADE)));
        Refusal refusal =
                caller.refused(() -> server.workspaces().deleteCollection(delete("c").build()))
                        .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                        .at("collection");
        assertThat(refusal.message()).doesNotContain("operations[");
    }

    @Test
    void refusesAChangeThatHasTooMuchToCheck() throws Exception {
        for (String id : new String[] {"a", "b", "c", "d"}) {
            caller.execute(Ops.create("c", id, "{}"));
        }
        refused(Ops.schema("c", "{\"type\":\"object\"}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .at("upsert_collection.collection");
    }

    @Test
    void refusesWhatIsMalformed() throws Exception {
        invalid(request(Ops.collection("c")).clearUpsertCollection()).at("upsert_collection");
        invalid(request(Ops.collection("")).setWorkspace(""))
                .at("workspace", "upsert_collection.collection");
        invalid(request(Ops.schema("c", "{"))).at("upsert_collection.schema_json");
        invalid(request(Ops.collection("c")).setDataFormatValue(9)).at("data_format");
        caller.refused(() ->
                        server.workspaces().deleteCollection(delete("").setWorkspace("-").build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("workspace", "collection");
    }

    @Test
    void refusesAWorkspaceThatIsNotThereOrIsLocked() throws Exception {
        var nowhere = request(Ops.collection("c")).setWorkspace("nowhere").build();
        caller.refused(() -> server.workspaces().upsertCollection(nowhere))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        server.workspaces()
                .createWorkspace(
                        CreateWorkspaceRequest.newBuilder()
                                .setName("locked")
                                .setStage(WorkspaceStage.WORKSPACE_STAGE_PRODUCTION)
                                .build());
        Caller production = new Caller(server, "locked");
        production
                .refused(() ->
                        server.workspaces()
                                .upsertCollection(
                                        request(Ops.collection("c"))
                                                .setWorkspace("locked")
                                                .build()))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_SCHEMA_LOCKED);
        production
                .refused(() ->
                        server.workspaces()
                                .deleteCollection(
                                        delete("c")
                                                .setWorkspace("locked")
                                                .setAllowMissing(true)
                                                .build()))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_SCHEMA_LOCKED);
    }

    @Test
    void refusesAReplyThatIsTooLargeBeforeAnythingIsWritten() throws Exception {
        try (TestServer small = server.another("--reply-bytes-max=65536")) {
            String schema = "{\"description\":\"" + "x".repeat(70_000) + "\"}";
            caller.refused(() ->
                            small.workspaces()
                                    .upsertCollection(request(Ops.schema("c", schema)).build()))
                    .has(Code.FAILED_PRECONDITION, ERROR_REASON_RESPONSE_TOO_LARGE);
        }
    }

    @Test
    void areBatchesThatCanBeSwitchedOff() throws Exception {
        try (TestServer off = server.another("--batches-enabled=false")) {
            caller.refused(() ->
                            off.workspaces().upsertCollection(request(Ops.collection("d")).build()))
                    .has(Code.FAILED_PRECONDITION, ERROR_REASON_BATCH_DISABLED);
            caller.refused(() -> off.workspaces().deleteCollection(delete("c").build()))
                    .has(Code.FAILED_PRECONDITION, ERROR_REASON_BATCH_DISABLED);
        }
    }

    private Refusal refused(dev.tranche.v1.Operation operation) throws Exception {
        Refusal refusal =
                caller.refused(
                        () -> server.workspaces().upsertCollection(request(operation).build()));
        assertThat(refusal.message()).doesNotContain("operations[");
        return refusal;
    }

    private Refusal invalid(UpsertCollectionRequest.Builder request) throws Exception {
        return caller.refused(() -> server.workspaces().upsertCollection(request.build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    private Collection upsert(UpsertCollection definition) throws Exception {
        return server.workspaces()
                .upsertCollection(
                        UpsertCollectionRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setUpsertCollection(definition)
                                .setDataFormat(DataFormat.DATA_FORMAT_JSON)
                                .build());
    }

    private UpsertCollectionRequest.Builder request(dev.tranche.v1.Operation operation) {
        return UpsertCollectionRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setUpsertCollection(operation.getUpsertCollection());
    }

    private DeleteCollectionRequest.Builder delete(String collection) {
        return DeleteCollectionRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setCollection(collection);
    }

    private Collection stored(String collection) throws Exception {
        return server.workspaces()
                .getCollection(
                        GetCollectionRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setCollection(collection)
                                .setDataFormat(DataFormat.DATA_FORMAT_JSON)
                                .build());
    }

    private Batch account(String batchId) throws Exception {
        return caller.batches()
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setBatchId(batchId)
                                .build());
    }
}
