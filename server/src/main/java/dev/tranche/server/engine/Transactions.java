package dev.tranche.server.engine;

import java.util.function.Function;

/**
 * Port: runs work in database transactions, READ COMMITTED.
 *
 * @param <T> what the work can do inside one
 */
public interface Transactions<T> {

    /**
     * Begins a transaction, runs the work and commits. Whatever the work throws rolls back and comes
     * out as it is. The database gets the budget's remainder as its statement limit and a third of
     * it as its lock wait.
     *
     * @throws Conflict if concurrent work got in the way: the whole function may be run again
     * @throws CommitUnknown if the connection broke at COMMIT
     * @throws dev.tranche.server.operation.CallFailure BATCH_TIMEOUT if the budget ran out,
     *     DATABASE_UNAVAILABLE if the database cannot be reached or went away before COMMIT
     */
    <R> R once(Budget budget, Function<? super T, R> work);
}
