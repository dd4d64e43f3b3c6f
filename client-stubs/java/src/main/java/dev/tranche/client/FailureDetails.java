package dev.tranche.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.ItemError;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The details of a status, decoded.
 *
 * @param reasonName as it was sent, also one that is newer than this library; may be empty
 */
record FailureDetails(
        String reasonName,
        ErrorReason reason,
        Map<String, String> metadata,
        List<FieldViolation> fieldViolations,
        SortedMap<Integer, ItemError> itemErrors,
        int itemErrorsTotal,
        CommitState commitState,
        @Nullable String batchId,
        @Nullable Duration retryDelay) {
    private static final String REASON_PREFIX = "ERROR_REASON_";
    private static final String DOMAIN = "tranche.dev";

    static FailureDetails of(StatusRuntimeException failure) {
        com.google.rpc.Status status = statusOf(failure);
        ErrorInfo info = infoOf(status);
        BatchFailure batch = find(status, BatchFailure.class, BatchFailure.getDefaultInstance());
        BadRequest request = find(status, BadRequest.class, BadRequest.getDefaultInstance());
        return new FailureDetails(
                info.getReason(),
                reasonOf(info.getReason()),
                Map.copyOf(info.getMetadataMap()),
                request.getFieldViolationsList().stream().map(FailureDetails::violation).toList(),
                itemErrors(batch),
                batch.getTotalCount(),
                batch.getCommitState(),
                batchId(info, batch),
                retryDelay(find(status, RetryInfo.class, RetryInfo.getDefaultInstance())));
    }

    private static com.google.rpc.Status statusOf(StatusRuntimeException failure) {
        com.google.rpc.Status status = null;
        try {
            status = StatusProto.fromThrowable(failure);
        } catch (IllegalArgumentException notReadable) {
            // A proxy cut the trailers, or set another code: what the status says stands alone.
        }
        return status == null ? com.google.rpc.Status.getDefaultInstance() : status;
    }

    private static ErrorInfo infoOf(com.google.rpc.Status status) {
        ErrorInfo info = find(status, ErrorInfo.class, ErrorInfo.getDefaultInstance());
        return info.getDomain().equals(DOMAIN) ? info : ErrorInfo.getDefaultInstance();
    }

    private static <T extends Message> T find(
            com.google.rpc.Status status, Class<T> type, T absent) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                try {
                    return detail.unpack(type);
                } catch (InvalidProtocolBufferException notReadable) {
                    return absent;
                }
            }
        }
        return absent;
    }

    private static ErrorReason reasonOf(String name) {
        if (name.isEmpty()) {
            return ErrorReason.ERROR_REASON_UNSPECIFIED;
        }
        try {
            return ErrorReason.valueOf(REASON_PREFIX + name);
        } catch (IllegalArgumentException newer) {
            return ErrorReason.UNRECOGNIZED;
        }
    }

    private static FieldViolation violation(BadRequest.FieldViolation violation) {
        return FieldViolation.newBuilder()
                .setPath(violation.getField())
                .setDescription(violation.getDescription())
                .build();
    }

    private static SortedMap<Integer, ItemError> itemErrors(BatchFailure batch) {
        SortedMap<Integer, ItemError> errors = new TreeMap<>();
        batch.getErrorsList().forEach(error -> errors.put(error.getIndex(), error.getError()));
        return Collections.unmodifiableSortedMap(errors);
    }

    private static @Nullable String batchId(ErrorInfo info, BatchFailure batch) {
        String id = info.getMetadataOrDefault("batch_id", batch.getBatchId());
        return id.isEmpty() ? null : id;
    }

    private static @Nullable Duration retryDelay(RetryInfo retry) {
        if (!retry.hasRetryDelay()) {
            return null;
        }
        long seconds = retry.getRetryDelay().getSeconds();
        return Duration.ofSeconds(seconds, retry.getRetryDelay().getNanos());
    }
}
