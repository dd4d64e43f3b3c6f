package dev.tranche.server.store;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import java.time.Duration;
import java.util.function.Function;

/** Transactions of their own for what is read, or written, beside the batches. */
final class ShortTransactions {
    private final Reruns<StoreSession> reruns;
    private final Duration limit;

    /**
     * @param limit for each, reruns included
     */
    ShortTransactions(Sessions sessions, Duration limit) {
        this.reruns = new Reruns<>(sessions);
        this.limit = limit;
    }

    /** Runs work that only reads: a broken COMMIT means nothing but that the database is away. */
    <R> R read(Function<? super StoreSession, R> work) {
        try {
            return run(work);
        } catch (CommitUnknown e) {
            throw SqlErrors.unreachable(e);
        }
    }

    /**
     * Runs work that writes.
     *
     * @throws CallFailure OUTCOME_UNKNOWN if the connection broke at COMMIT
     */
    <R> R write(Function<? super StoreSession, R> work) {
        try {
            return run(work);
        } catch (CommitUnknown e) {
            throw new CallFailure(new Failure.OutcomeUnknown(false), e);
        }
    }

    private <R> R run(Function<? super StoreSession, R> work) {
        return reruns.run(new Budget(limit, () -> false), work);
    }
}
