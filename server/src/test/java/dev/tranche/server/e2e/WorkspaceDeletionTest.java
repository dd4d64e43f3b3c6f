package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_EMPTY;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DeleteWorkspaceRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.GetWorkspaceRequest;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.ListWorkspacesRequest;
import dev.tranche.v1.Workspace;
import io.grpc.stub.BlockingClientCall;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The deletion of workspaces, and what becomes of what is in them. */
class WorkspaceDeletionTest {
    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--chunk-records-max=10", "--reply-bytes-max=65536");
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
    void deletesAWorkspaceInWhichNothingLives() throws Exception {
        caller.execute(Ops.dropCollection("c"));
        delete(false);
        caller.refused(this::get).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        assertThat(
                        server.workspaces()
                                .listWorkspaces(ListWorkspacesRequest.getDefaultInstance())
                                .getWorkspacesList())
                .extracting(Workspace::getName)
                .doesNotContain(caller.workspace());
        caller.refused(() -> delete(false)).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    @Test
    void refusesToDeleteAWorkspaceInWhichCollectionsLive() throws Exception {
        Refusal refusal =
                caller.refused(() -> delete(false))
                        .has(Code.FAILED_PRECONDITION, ERROR_REASON_WORKSPACE_NOT_EMPTY);
        assertThat(refusal.metadata()).containsEntry("workspace", caller.workspace());
        assertThat(refusal.message()).contains(caller.workspace(), "force");
        assertThat(get().getName()).isEqualTo(caller.workspace());
    }

    @Test
    void deletesAWorkspaceWithAllThatIsInItIfItMust() throws Exception {
        String batch = caller.execute(Ops.create("c", "a", "{}")).getBatch().getBatchId();
        delete(true);
        caller.refused(Ops.get("c", "a")).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        caller.refused(() -> caller.read("c", "a"))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        caller.refused(() -> account(batch)).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    @Test
    void aWorkspaceOfTheNameOfADeletedOneHasNothingOfIt() throws Exception {
        String batch = execute(caller, "once", Ops.create("c", "a", "{}")).getBatch().getBatchId();
        delete(true);
        server.workspaces()
                .createWorkspace(
                        CreateWorkspaceRequest.newBuilder().setName(caller.workspace()).build());
        caller.refused(Ops.get("c", "a")).has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        caller.refused(() -> account(batch)).has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
        // The request id is free as well.
        assertThat(execute(caller, "once", Ops.collection("d")).getReplayed()).isFalse();
    }

    @Test
    void theDefaultOneCanBeDeletedLikeAnyOther() throws Exception {
        try (TestServer another = TestServer.start()) {
            DeleteWorkspaceRequest request =
                    DeleteWorkspaceRequest.newBuilder().setWorkspace("default").build();
            another.workspaces().deleteWorkspace(request);
            try (TestServer restarted = another.another()) {
                Refusal.of(() -> restarted.workspaces().deleteWorkspace(request))
                        .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
            }
        }
    }

    @Test
    void refusesAWorkspaceThatHasNoName() throws Exception {
        caller.refused(() ->
                        server.workspaces()
                                .deleteWorkspace(DeleteWorkspaceRequest.getDefaultInstance()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("workspace");
    }

    @Test
    void waitsForABatchThatRunsInIt() throws Exception {
        Inserter inserter = new Inserter(caller, "c");
        try (RowLock lock = RowLock.ofCollection(inserter)) {
            var batch = inBackground(() -> caller.execute(Ops.create("c", "a", "{}")));
            long waits = lock.awaitWaiter();
            var deletion = inBackground(() -> delete(true));
            lock.awaitWaiterAfter(waits);
            lock.release();
            batch.join();
            deletion.join();
        }
        caller.refused(Ops.get("c", "a")).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    @Test
    void whatWaitsForItForTooLongIsToldSo() throws Exception {
        try (TestServer impatient = server.another("--transaction-time-max=1s");
                RowLock lock = RowLock.ofWorkspace(caller)) {
            Caller late = new Caller(impatient, caller.workspace());
            late.refused(Ops.create("c", "a", "{}")).isLate();
            late.refused(() ->
                            impatient
                                    .workspaces()
                                    .deleteWorkspace(
                                            DeleteWorkspaceRequest.newBuilder()
                                                    .setWorkspace(caller.workspace())
                                                    .setForce(true)
                                                    .build()))
                    .isLate();
            // Who only reads does not wait.
            late.refused(() -> late.read("c", "a"))
                    .has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
            lock.release();
        }
        delete(true);
    }

    @Test
    void anInsertIntoItEndsAtTheNextChunk() throws Exception {
        InsertRecord record = Inserter.row("{\"x\":\"" + "x".repeat(1_000) + "\"}");
        BlockingClientCall<?, BatchInsertResponse> call =
                new Inserter(caller, "c").begin(Collections.nCopies(10_000, record));
        assertThat(call.read().hasStarted()).isTrue();
        delete(true);
        Refusal.of(() -> readAll(call)).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    private static void readAll(BlockingClientCall<?, BatchInsertResponse> call) throws Exception {
        BatchInsertResponse message = call.read();
        while (message != null) {
            message = call.read();
        }
    }

    /** A piece of work that fails as calls do. */
    private interface Work {
        Object run() throws Exception;
    }

    private static CompletableFuture<Object> inBackground(Work work) {
        CompletableFuture<Object> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                done.complete(work.run());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private Object delete(boolean force) throws Exception {
        return server.workspaces()
                .deleteWorkspace(
                        DeleteWorkspaceRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setForce(force)
                                .build());
    }

    private Workspace get() throws Exception {
        return server.workspaces()
                .getWorkspace(
                        GetWorkspaceRequest.newBuilder().setWorkspace(caller.workspace()).build());
    }

    private Object account(String batch) throws Exception {
        return caller.batches()
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setBatchId(batch)
                                .build());
    }

    private static ExecuteBatchResponse execute(
            Caller caller, String requestId, dev.tranche.v1.Operation... operations)
            throws Exception {
        return caller.batches()
                .executeBatch(caller.request(operations).setRequestId(requestId).build());
    }
}
