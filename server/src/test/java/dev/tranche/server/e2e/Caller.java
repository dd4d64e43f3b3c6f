package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingV2Stub;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetRecordRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Record;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A caller with a workspace of its own, in which the collection {@code c} is free of rules. */
record Caller(TestServer server, String workspace) {

    static Caller of(TestServer server) throws Exception {
        String workspace = "w-" + UUID.randomUUID();
        server.workspaces()
                .createWorkspace(CreateWorkspaceRequest.newBuilder().setName(workspace).build());
        Caller caller = new Caller(server, workspace);
        caller.execute(Ops.collection("c"));
        return caller;
    }

    BatchServiceBlockingV2Stub batches() {
        return server.batches();
    }

    ExecuteBatchRequest.Builder request(Operation... operations) {
        return ExecuteBatchRequest.newBuilder()
                .setWorkspace(workspace)
                .addAllOperations(List.of(operations));
    }

    ExecuteBatchResponse execute(Operation... operations) throws Exception {
        return batches().executeBatch(request(operations).build());
    }

    ExecuteBatchResponse executeAndContinue(Operation... operations) throws Exception {
        return batches()
                .executeBatch(request(operations).setOnError(OnError.ON_ERROR_CONTINUE).build());
    }

    Record read(String collection, String id) throws Exception {
        return server.records()
                .getRecord(
                        GetRecordRequest.newBuilder()
                                .setWorkspace(workspace)
                                .setCollection(collection)
                                .setId(id)
                                .setDataFormat(DataFormat.DATA_FORMAT_JSON)
                                .build());
    }

    String data(String collection, String id) throws Exception {
        return read(collection, id).getDataJson();
    }

    /** The failure of a batch that must fail, and change nothing. */
    Refusal refused(Operation... operations) throws Exception {
        return refused(() -> execute(operations));
    }

    /** The failure of a call that must fail, and change nothing. */
    Refusal refused(ThrowingCallable call) throws Exception {
        Contents before = Contents.of(server);
        Refusal refusal = Refusal.of(call);
        assertThat(Contents.of(server)).isEqualTo(before);
        return refusal;
    }
}
