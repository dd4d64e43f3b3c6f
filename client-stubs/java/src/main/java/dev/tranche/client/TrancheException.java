package dev.tranche.client;

import dev.tranche.v1.CommitState;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.ItemError;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A call that failed, with everything the server said about it. Of a failure that did not come from
 * Tranche (a broken connection, a proxy, a deadline that passed on the way) only the code and the
 * description are known.
 */
public final class TrancheException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Status.Code code;

    /** Not serialised: the cause, of gRPC, can't be either. */
    private final transient FailureDetails details;

    private TrancheException(StatusRuntimeException cause, FailureDetails details) {
        super(describe(cause.getStatus(), details.reasonName()), cause);
        this.code = cause.getStatus().getCode();
        this.details = details;
    }

    /** Decodes what a generated stub threw. Never fails: details that make no sense are left out. */
    public static TrancheException from(StatusRuntimeException failure) {
        return new TrancheException(failure, FailureDetails.of(failure));
    }

    private static String describe(Status status, String reason) {
        String what = (status.getCode() + " " + reason).strip();
        return status.getDescription() == null ? what : what + ": " + status.getDescription();
    }

    /** The status of the call. Never OK. */
    public Status.Code code() {
        return code;
    }

    /**
     * What programs decide by. {@code ERROR_REASON_UNSPECIFIED} if the failure is not Tranche's,
     * {@code UNRECOGNIZED} if it is one that this library is too old to know.
     */
    public ErrorReason reason() {
        return details.reason();
    }

    /** The variables of the message by name, {@code batch_id} among them. May be empty. */
    public Map<String, String> metadata() {
        return details.metadata();
    }

    /** Where in the request something is wrong, and what. May be empty. */
    public List<FieldViolation> fieldViolations() {
        return details.fieldViolations();
    }

    /**
     * The first failed items by their index in the request, from 0. Empty if the call did not fail
     * because of its items; {@code ListBatchResults} has those that did not fit.
     */
    public SortedMap<Integer, ItemError> itemErrors() {
        return details.itemErrors();
    }

    /** How many items failed, at least the size of {@link #itemErrors()}. */
    public int itemErrorsTotal() {
        return details.itemErrorsTotal();
    }

    /** How long to wait before the call is repeated. Empty if the server did not speak of it. */
    public Optional<Duration> retryDelay() {
        return Optional.ofNullable(details.retryDelay());
    }

    /** The account of the call. Empty if it has none. */
    public Optional<String> batchId() {
        return Optional.ofNullable(details.batchId());
    }

    /** What became of the transaction. {@code COMMIT_STATE_UNSPECIFIED} if nobody said. */
    public CommitState commitState() {
        return details.commitState();
    }

    /**
     * Whether the same call may succeed later: the server named a delay, or could not be reached.
     * That it is safe to repeat follows only for a read, or with a request id.
     */
    public boolean isTemporary() {
        return details.retryDelay() != null || code == Status.Code.UNAVAILABLE;
    }
}
