package dev.tranche.server.model;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.tranche.server.e2e.TestServer;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.RecordResult;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server said to a batch.
 *
 * @param status OK, or how the call failed
 * @param replied the results in the reply; none if the call failed
 * @param batch the account; null if there is none
 * @param kept the results that the account holds; none without it
 */
record Answer(
        Status status,
        List<OperationResult> replied,
        @Nullable Batch batch,
        List<OperationResult> kept)
        implements Drawn {

    static Answer of(TestServer server, ExecuteBatchRequest request) throws StatusException {
        try {
            ExecuteBatchResponse response = server.batches().executeBatch(request);
            boolean accounted = response.hasBatch();
            return new Answer(
                    Status.getDefaultInstance(),
                    response.getResultsList(),
                    accounted ? response.getBatch() : null,
                    accounted
                            ? kept(server, request.getWorkspace(), response.getBatch().getBatchId())
                            : List.of());
        } catch (StatusException e) {
            return failed(
                    server,
                    request.getWorkspace(),
                    Objects.requireNonNull(StatusProto.fromThrowable(e)));
        }
    }

    private static Answer failed(TestServer server, String workspace, Status status)
            throws StatusException {
        String id = detail(status, BatchFailure.class).map(BatchFailure::getBatchId).orElse("");
        if (id.isEmpty()) {
            return new Answer(status, List.of(), null, List.of());
        }
        GetBatchRequest get =
                GetBatchRequest.newBuilder().setWorkspace(workspace).setBatchId(id).build();
        return new Answer(
                status, List.of(), server.batches().getBatch(get), kept(server, workspace, id));
    }

    private static List<OperationResult> kept(TestServer server, String workspace, String batchId)
            throws StatusException {
        ListBatchResultsRequest list =
                ListBatchResultsRequest.newBuilder()
                        .setWorkspace(workspace)
                        .setBatchId(batchId)
                        .setPageSize(1000)
                        .build();
        return server.batches().listBatchResults(list).getResultsList().stream()
                .map(Answer::asOperation)
                .toList();
    }

    /** As if the item had been an operation. */
    static OperationResult asOperation(RecordResult result) {
        OperationResult.Builder operation =
                OperationResult.newBuilder()
                        .setIndex(result.getIndex())
                        .setOutcome(result.getOutcome())
                        .setRecordId(result.getRecordId())
                        .setVersion(result.getVersion())
                        .setEtag(result.getEtag());
        if (result.hasError()) {
            operation.setError(result.getError());
        }
        return operation.build();
    }

    Code code() {
        return Code.forNumber(status.getCode());
    }

    /** Without its prefix; empty if the call did not fail. */
    String reason() {
        return detail(status, ErrorInfo.class).map(ErrorInfo::getReason).orElse("");
    }

    Optional<BatchFailure> failure() {
        return detail(status, BatchFailure.class);
    }

    @Override
    public String id(int index) {
        return index < replied.size() && !replied.get(index).getRecordId().isEmpty()
                ? replied.get(index).getRecordId()
                : Values.unknown("id of [" + index + "]");
    }

    @Override
    public String etag(int index) {
        return index < replied.size() && !replied.get(index).getEtag().isEmpty()
                ? replied.get(index).getEtag()
                : Values.unknown("etag of [" + index + "]");
    }

    private static <T extends Message> Optional<T> detail(Status status, Class<T> type) {
        return status.getDetailsList().stream()
                .filter(any -> any.is(type))
                .map(any -> unpacked(any, type))
                .findFirst();
    }

    private static <T extends Message> T unpacked(Any any, Class<T> type) {
        try {
            return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
