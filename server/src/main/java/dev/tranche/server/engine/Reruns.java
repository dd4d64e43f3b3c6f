package dev.tranche.server.engine;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Runs a transaction until it gets through or its budget is spent.
 *
 * @param <T> what the work can do inside a transaction
 */
public final class Reruns<T> {
    private static final Duration PAUSE_MIN = Duration.ofMillis(2);
    private static final Duration PAUSE_MAX = Duration.ofMillis(100);
    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final Transactions<? extends T> transactions;

    public Reruns(Transactions<? extends T> transactions) {
        this.transactions = transactions;
    }

    /**
     * Runs the work, from the start each time concurrent work got in its way, holding nothing while
     * it waits.
     *
     * @throws CallFailure TRANSACTION_CONFLICT if the budget is spent on conflicts; else as {@link
     *     Transactions#once}
     */
    public <R> R run(Budget budget, Function<? super T, R> work) {
        Duration pause = PAUSE_MIN;
        while (true) {
            try {
                return transactions.once(budget, work);
            } catch (LocksOutOfOrder again) {
                budget.check();
            } catch (Conflict conflict) {
                pause(budget, pause, conflict);
                pause = pause.multipliedBy(2);
            }
        }
    }

    /**
     * Runs the work once.
     *
     * @throws RuntimeException as {@link Transactions#once}
     */
    public <R> R once(Budget budget, Function<? super T, R> work) {
        return transactions.once(budget, work);
    }

    private static void pause(Budget budget, Duration pause, Conflict conflict) {
        Duration most = pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
        Duration jittered =
                Duration.ofNanos(ThreadLocalRandom.current().nextLong(1, most.toNanos()));
        if (budget.remaining().compareTo(jittered) <= 0) {
            throw new CallFailure(
                    new Failure.TryAgain(
                            Reason.TRANSACTION_CONFLICT,
                            "concurrent work got in the way until the time was spent; rolled back",
                            RETRY_DELAY),
                    conflict);
        }
        try {
            Thread.sleep(jittered);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailure(new Failure.Cancelled(), e);
        }
        budget.check();
    }
}
