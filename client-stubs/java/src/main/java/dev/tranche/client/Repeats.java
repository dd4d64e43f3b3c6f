package dev.tranche.client;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Repeats a call that is safe to repeat, while its failure is temporary and time is left. */
final class Repeats {

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        /** Returns after this time. */
        void pass(Duration time) throws InterruptedException;
    }

    private final RetryPolicy policy;
    private final Pause pause;

    Repeats(RetryPolicy policy, Pause pause) {
        this.policy = policy;
        this.pause = pause;
    }

    /** How it lets time pass. */
    Pause pause() {
        return pause;
    }

    /**
     * The first answer.
     *
     * @throws TrancheException the failure of the last attempt
     */
    <T> T call(Deadline deadline, Supplier<T> attempt) {
        for (int attempts = 1; ; attempts++) {
            try {
                return attempt.get();
            } catch (StatusRuntimeException e) {
                TrancheException failure = TrancheException.from(e);
                Duration wait = waitAfter(failure, attempts);
                boolean late = wait.toMillis() >= deadline.timeRemaining(TimeUnit.MILLISECONDS);
                if (!failure.isTemporary() || attempts == policy.attemptsMax() || late) {
                    throw failure;
                }
                pass(wait);
            }
        }
    }

    private Duration waitAfter(TrancheException failure, int attempts) {
        long spread = policy.spread(attempts).toNanos();
        return failure.retryDelay()
                .orElse(Duration.ZERO)
                .plusNanos(ThreadLocalRandom.current().nextLong(spread));
    }

    private void pass(Duration wait) {
        try {
            pause.pass(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TrancheException.from(
                    Status.CANCELLED
                            .withDescription("interrupted while waiting to repeat the call")
                            .withCause(e)
                            .asRuntimeException());
        }
    }
}
