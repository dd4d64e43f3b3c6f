package dev.tranche.server.transport;

import dev.tranche.server.execute.ExecuteReply;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import io.grpc.ServerServiceDefinition;

/** Answers {@code tranche.v1.BatchService}. */
final class BatchService {
    private final UseCases useCases;
    private final ServerLimits limits;

    BatchService(UseCases useCases, ServerLimits limits) {
        this.useCases = useCases;
        this.limits = limits;
    }

    ServerServiceDefinition definition() {
        return new ServiceAssembly(BatchServiceGrpc.getServiceDescriptor(), limits.calls())
                .method(BatchServiceGrpc.getExecuteBatchMethod(), this::executeBatch)
                .build();
    }

    private void executeBatch(
            ExecuteBatchRequest request, Replies<ExecuteBatchResponse> replies) {
        requireEnabled();
        DataFormat format = request.getDataFormat();
        ExecuteReply reply =
                useCases.execute()
                        .execute(
                                ExecuteDecoder.decode(request),
                                replies.call(),
                                planned -> requireFits(response(planned, format)));
        replies.batch(reply.batch().id());
        replies.send(response(reply, format));
    }

    private static ExecuteBatchResponse response(ExecuteReply reply, DataFormat format) {
        ExecuteBatchResponse.Builder response =
                ExecuteBatchResponse.newBuilder()
                        .setBatch(Accounts.batch(reply.batch()))
                        .setReplayed(reply.replayed());
        reply.results().stream()
                .map(result -> Outcomes.operation(result, format))
                .forEach(response::addResults);
        return response.build();
    }

    private void requireFits(ExecuteBatchResponse response) {
        int bytes = response.getSerializedSize();
        int allowed = limits.calls().replyBytesMax();
        if (bytes > allowed) {
            throw new CallFailure(new Failure.ReplyTooLarge(bytes, allowed));
        }
    }

    private void requireEnabled() {
        if (!limits.batchesEnabled()) {
            throw new CallFailure(
                    new Failure.Refused(
                            Reason.BATCH_DISABLED,
                            "the operator has switched batches off (--batches-enabled)"));
        }
    }
}
