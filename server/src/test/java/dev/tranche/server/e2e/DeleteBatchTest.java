package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_BUSY;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.DeleteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchesRequest;
import dev.tranche.v1.WatchBatchRequest;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts that their callers want to see no more. */
class DeleteBatchTest {
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
    void deletesTheAccountAndNotTheData() throws Exception {
        Inserter inserter = new Inserter(caller, "c");
        String batchId =
                inserter.insert(
                                inserter
                                        .request(List.of(row("a", "{\"n\": 1}"), row("b", "[")))
                                        .toBuilder()
                                        .setRequestId("key"))
                        .batchId();
        delete(batchId);
        assertThat(caller.data("c", "a")).isEqualTo("{\"n\": 1}");
        isNotFound(() -> inserter.account(batchId));
        isNotFound(() ->
                caller.batches()
                        .getBatch(
                                GetBatchRequest.newBuilder()
                                        .setWorkspace(caller.workspace())
                                        .setRequestId("key")
                                        .build()));
        isNotFound(() ->
                caller.batches()
                        .listBatchResults(
                                ListBatchResultsRequest.newBuilder()
                                        .setWorkspace(caller.workspace())
                                        .setBatchId(batchId)
                                        .build()));
        isNotFound(() ->
                caller.batches()
                        .watchBatch(
                                WatchBatchRequest.newBuilder()
                                        .setWorkspace(caller.workspace())
                                        .setBatchId(batchId)
                                        .build())
                        .read());
        isNotFound(() -> inserter.retry(inserter.retryOf(batchId)));
        isNotFound(() -> delete(batchId));
        var listed =
                caller.batches()
                        .listBatches(
                                ListBatchesRequest.newBuilder()
                                        .setWorkspace(caller.workspace())
                                        .build());
        assertThat(listed.getTotalSize()).isEqualTo(1);
        assertThat(listed.getBatches(0).getBatchId()).isNotEqualTo(batchId);
    }

    @Test
    void refusesWhileTheBatchRuns() throws Exception {
        String batchId = caller.execute(Ops.upsert("c", "a", "{}")).getBatch().getBatchId();
        RowEdits rows = new RowEdits(server);
        rows.account(
                batchId, "state = 'RUNNING', lease_until = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR");
        caller.refused(() -> delete(batchId))
                .has(Code.ABORTED, ERROR_REASON_BATCH_BUSY)
                .with("batch_id", batchId)
                .namesADelay();
        rows.account(batchId, "lease_until = UTC_TIMESTAMP(6)");
        long epoch = epoch(batchId);
        delete(batchId);
        assertThat(epoch(batchId)).as("whoever had it is fenced off").isEqualTo(epoch + 1);
    }

    @Test
    void answersTheFirstReplyToTheSameRequestId() throws Exception {
        var request = caller.request(Ops.create("c", "a", "{}")).setRequestId("key").build();
        ExecuteBatchResponse first = server.batches().executeBatch(request);
        delete(first.getBatch().getBatchId());
        assertThat(server.batches().executeBatch(request))
                .isEqualTo(first.toBuilder().setReplayed(true).build());
        var other = caller.request(Ops.create("c", "b", "{}")).setRequestId("key").build();
        caller.refused(() -> server.batches().executeBatch(other))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
    }

    @Test
    void answersTheResultsOfAnInsertToTheSameRequestId() throws Exception {
        Inserter inserter = new Inserter(caller, "c");
        var request =
                inserter.request(List.of(row("a", "{}"), row("b", "["))).toBuilder()
                        .setRequestId("key");
        InsertReply first = inserter.insert(request);
        delete(first.batchId());
        assertThat(inserter.insert(request).results()).isEqualTo(first.results());
        assertThat(inserter.stored()).isEqualTo(1);
    }

    @Test
    void showsAnotherRunOfARequestIdThatBoundNothing() throws Exception {
        var failing = caller.request(Ops.get("c", "nobody")).setRequestId("key").build();
        Refusal refusal = Refusal.of(() -> server.batches().executeBatch(failing));
        delete(refusal.failure().getBatchId());
        var again = caller.request(Ops.create("c", "a", "{}")).setRequestId("key").build();
        ExecuteBatchResponse reply = server.batches().executeBatch(again);
        assertThat(new Inserter(caller, "c").account(reply.getBatch().getBatchId()).getState())
                .isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
    }

    @Test
    void refusesWhatNamesNoBatch() throws Exception {
        caller.refused(() -> delete(""))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("batch_id");
        caller.refused(() -> server.batches().deleteBatch(DeleteBatchRequest.getDefaultInstance()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("workspace", "batch_id");
        isNotFound(() -> delete("no such id"));
        isNotFound(() -> delete("01890000-0000-7000-8000-000000000000"));
        String batchId = caller.execute(Ops.upsert("c", "a", "{}")).getBatch().getBatchId();
        Caller other = Caller.of(server);
        isNotFound(() -> server.batches().deleteBatch(request(other.workspace(), batchId)));
        caller.refused(() -> server.batches().deleteBatch(request("nowhere", batchId)))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    private void isNotFound(ThrowingCallable call) throws Exception {
        caller.refused(call).has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
    }

    private static long epoch(String batchId) throws Exception {
        return new RowEdits(server).number("SELECT lease_epoch FROM batch WHERE id = ?", batchId);
    }

    private void delete(String batchId) throws Exception {
        server.batches().deleteBatch(request(caller.workspace(), batchId));
    }

    private static DeleteBatchRequest request(String workspace, String batchId) {
        return DeleteBatchRequest.newBuilder().setWorkspace(workspace).setBatchId(batchId).build();
    }
}
