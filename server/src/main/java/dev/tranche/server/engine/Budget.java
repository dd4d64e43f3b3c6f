package dev.tranche.server.engine;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The time one transaction has, reruns included; also knows whether the caller has gone away. */
public final class Budget {
    /** What is held back of the time, so that COMMIT falls inside it. */
    private static final Duration COMMIT_RESERVE = Duration.ofMillis(50);

    private final Duration limit;
    private final long endNanos;
    private final BooleanSupplier cancelled;

    /**
     * @param limit from now on
     * @param cancelled whether nobody waits for the answer any more
     */
    public Budget(Duration limit, BooleanSupplier cancelled) {
        this.limit = limit;
        this.endNanos = System.nanoTime() + limit.toNanos();
        this.cancelled = cancelled;
    }

    /** What is left for statements, never negative. */
    public Duration remaining() {
        Duration left = Duration.ofNanos(endNanos - System.nanoTime()).minus(COMMIT_RESERVE);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Called before every statement.
     *
     * @throws CallFailure if the time has run out or the caller has gone away
     */
    public void check() {
        if (cancelled.getAsBoolean()) {
            throw new CallFailure(new Failure.Cancelled());
        }
        if (remaining().isZero()) {
            throw timedOut();
        }
    }

    /** The failure of a transaction that did not get done in this time. */
    public CallFailure timedOut() {
        return new CallFailure(new Failure.TimedOut(limit));
    }
}
