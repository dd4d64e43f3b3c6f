package dev.tranche.server.operation;

import org.jspecify.annotations.Nullable;

/** Ends a call. The one exception of its kind; what happened is in its {@link Failure}. */
public final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Failure failure;
    private final @Nullable String batchId;

    /** A failure without a cause worth keeping. */
    public CallFailure(Failure failure) {
        this(failure, null, null);
    }

    /** A failure with its cause. */
    public CallFailure(Failure failure, Throwable cause) {
        this(failure, null, cause);
    }

    private CallFailure(Failure failure, @Nullable String batchId, @Nullable Throwable cause) {
        super(failure.message(), cause, false, cause != null);
        this.failure = failure;
        this.batchId = batchId;
    }

    /** The same failure, said of a batch. */
    public CallFailure of(String batch) {
        return new CallFailure(failure, batch, getCause());
    }

    /** What happened. */
    public Failure failure() {
        return failure;
    }

    /** The batch it happened to; null if none was begun. */
    public @Nullable String batchId() {
        return batchId;
    }
}
