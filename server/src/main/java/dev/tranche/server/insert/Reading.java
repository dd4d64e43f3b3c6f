package dev.tranche.server.insert;

import dev.tranche.server.execute.BatchTransaction;
import java.util.function.Function;

/** Runs short transactions, of which a broken COMMIT leaves nothing behind that matters. */
interface Reading {

    /**
     * Runs one.
     *
     * @throws dev.tranche.server.operation.CallFailure what the work throws; DATABASE_UNAVAILABLE
     */
    <R> R run(Function<BatchTransaction, R> work);
}
