package dev.tranche.server.transport;

import com.google.protobuf.CodedOutputStream;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.execute.ExecuteReply;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.Resource;
import dev.tranche.server.schema.Json;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.OperationResult;
import org.jspecify.annotations.Nullable;

/**
 * Makes the reply of an {@code ExecuteBatch}, and stops as soon as that is too large to be sent: ten
 * thousand operations can read the largest record ten thousand times.
 *
 * @param format of data and schemas
 * @param bytesMax of a reply, encoded
 */
record ExecuteResponses(DataFormat format, int bytesMax) {
    /**
     * The JSON text of resources is stored for replays. As a Struct it can take fewer bytes, for it
     * has no white space; a reply whose text is more than so many times the limit is refused too.
     */
    private static final int TEXT_TIMES_MAX = 4;

    /**
     * A reply.
     *
     * @throws CallFailure RESPONSE_TOO_LARGE
     */
    ExecuteBatchResponse encode(ExecuteReply reply) {
        ExecuteBatchResponse.Builder response =
                ExecuteBatchResponse.newBuilder().setReplayed(reply.replayed());
        if (reply.batch() != null) {
            response.setBatch(Accounts.batch(reply.batch()));
        }
        long bytes = response.build().getSerializedSize();
        long textBytes = 0;
        for (ItemResult result : reply.results()) {
            textBytes += textBytes(result);
            require(textBytes / TEXT_TIMES_MAX);
            OperationResult encoded = Outcomes.operation(result, format);
            bytes +=
                    CodedOutputStream.computeMessageSize(
                            ExecuteBatchResponse.RESULTS_FIELD_NUMBER, encoded);
            require(bytes);
            response.addResults(encoded);
        }
        return response.build();
    }

    private void require(long bytes) {
        if (bytes > bytesMax) {
            throw new CallFailure(new Failure.ReplyTooLarge(bytes, bytesMax));
        }
    }

    private static long textBytes(ItemResult result) {
        return result.outcome() instanceof Applied applied ? textBytes(applied.resource()) : 0;
    }

    private static long textBytes(@Nullable Resource resource) {
        return switch (resource) {
            case Resource.OfRecord record -> record.row().data().sizeBytes();
            case Resource.OfRelationship link -> sizeBytes(link.row().data());
            case Resource.OfCollection collection -> sizeBytes(collection.definition().schema());
            case null -> 0;
        };
    }

    private static long sizeBytes(@Nullable Json json) {
        return json == null ? 0 : json.sizeBytes();
    }
}
