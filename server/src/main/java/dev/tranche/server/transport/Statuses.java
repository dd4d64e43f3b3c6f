package dev.tranche.server.transport;

import com.google.rpc.Code;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns failures into statuses. The only class that knows the codes of gRPC. */
final class Statuses {
    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);
    private static final String REASON_PREFIX = "ERROR_REASON_";

    /** A message of 512 bytes or more is lost in some proxies. */
    private static final int MESSAGE_BYTES_MAX = 511;

    private Statuses() {}

    /** How a call ends. */
    record Ending(Status status, Metadata trailers) {
        StatusRuntimeException exception() {
            return status.asRuntimeException(trailers);
        }
    }

    /** The end of a call that did what it was asked. */
    static Ending ok() {
        return new Ending(Status.OK, new Metadata());
    }

    /** The end of a call that failed. */
    static Ending of(CallFailure failure) {
        String message = Utf8.cut(failure.failure().message(), MESSAGE_BYTES_MAX);
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder()
                        .setCode(codeOf(failure.failure()).getNumber())
                        .setMessage(message);
        return ending(StatusDetails.addTo(status, failure));
    }

    /** The end of a call that met a bug: the caller learns an id that is in the log, and no more. */
    static Ending bug(Throwable bug) {
        String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        LOG.error("internal error {}", id, bug);
        return ending(
                com.google.rpc.Status.newBuilder()
                        .setCode(Code.INTERNAL_VALUE)
                        .setMessage("internal error " + id)
                        .build());
    }

    private static Ending ending(com.google.rpc.Status status) {
        StatusRuntimeException exception = StatusProto.toStatusRuntimeException(status);
        Metadata trailers = exception.getTrailers();
        return new Ending(exception.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** The code of a call. */
    static Code codeOf(Failure failure) {
        return switch (failure) {
            case Failure.InvalidRequest f -> codeOf(f.reason());
            case Failure.LimitExceeded f -> codeOf(f.reason());
            case Failure.RolledBack f -> codeOf(f.reason());
            case Failure.Refused f -> codeOf(f.reason());
            case Failure.ReplyTooLarge f -> codeOf(f.reason());
            case Failure.TryAgain f -> codeOf(f.reason());
            case Failure.TimedOut f -> codeOf(f.reason());
            case Failure.Stalled f -> codeOf(f.reason());
            case Failure.Cancelled f -> Code.CANCELLED;
            // Proxies repeat UNAVAILABLE by themselves: only where that is safe.
            case Failure.OutcomeUnknown f -> f.repeatable() ? Code.UNAVAILABLE : Code.UNKNOWN;
        };
    }

    /** The code of an item; of a call, where the reason alone decides. */
    static Code codeOf(Reason reason) {
        return switch (reason) {
            case INVALID_REQUEST,
                    LIMIT_EXCEEDED,
                    SCHEMA_VIOLATION,
                    INVALID_SCHEMA,
                    UNRESOLVED_REFERENCE ->
                    Code.INVALID_ARGUMENT;
            case UNIQUE_CONSTRAINT_VIOLATION, RECORD_ALREADY_EXISTS, WORKSPACE_ALREADY_EXISTS ->
                    Code.ALREADY_EXISTS;
            case RECORD_NOT_FOUND,
                    RELATIONSHIP_NOT_FOUND,
                    COLLECTION_NOT_FOUND,
                    WORKSPACE_NOT_FOUND,
                    BATCH_NOT_FOUND ->
                    Code.NOT_FOUND;
            case REFERENCE_VIOLATION,
                    WORKSPACE_NOT_EMPTY,
                    SCHEMA_LOCKED,
                    ETAG_REQUIRED,
                    DEPENDENCY_FAILED,
                    REQUEST_ID_REUSED,
                    PAYLOAD_NOT_KEPT,
                    PAYLOAD_EXPIRED,
                    RESPONSE_TOO_LARGE,
                    BATCH_DISABLED ->
                    Code.FAILED_PRECONDITION;
            case TRANSACTION_CONFLICT, REQUEST_IN_PROGRESS, BATCH_BUSY, ETAG_MISMATCH ->
                    Code.ABORTED;
            case OVERLOADED, DATABASE_UNAVAILABLE -> Code.UNAVAILABLE;
            case BATCH_TIMEOUT -> Code.DEADLINE_EXCEEDED;
            case OUTCOME_UNKNOWN -> Code.UNKNOWN;
        };
    }

    /** Whether what failed for this reason may succeed if it is sent again as it is. */
    static boolean isRetryable(Reason reason) {
        if (reason == Reason.ETAG_MISMATCH) {
            return false;
        }
        return switch (codeOf(reason)) {
            case ABORTED, UNAVAILABLE, DEADLINE_EXCEEDED -> true;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS,
                    UNRECOGNIZED ->
                    false;
        };
    }

    /** Whether the operator should hear of it: the database is away, or nobody knows the outcome. */
    static boolean isServersFault(Failure failure) {
        return failure.reason() == Reason.DATABASE_UNAVAILABLE
                || failure.reason() == Reason.OUTCOME_UNKNOWN;
    }

    /** The reason as the contract spells it. */
    static ErrorReason reasonOf(Reason reason) {
        return ErrorReason.valueOf(REASON_PREFIX + reason.name());
    }
}
