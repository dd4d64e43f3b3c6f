package dev.tranche.server.store;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Transactions;
import dev.tranche.server.execute.BatchTransaction;
import java.util.function.Function;

/** Transactions as the use cases see them. */
final class StoreTransactions implements Transactions<BatchTransaction> {
    private final Sessions sessions;
    private final Definitions definitions;
    private final LoadLimits limits;

    StoreTransactions(Sessions sessions, Definitions definitions, LoadLimits limits) {
        this.sessions = sessions;
        this.definitions = definitions;
        this.limits = limits;
    }

    @Override
    public <R> R once(Budget budget, Function<? super BatchTransaction, R> work) {
        return sessions.once(budget, session -> work.apply(transaction(session)));
    }

    private StoreTransaction transaction(StoreSession session) {
        return new StoreTransaction(
                new RowLoader(session, definitions, limits, true),
                new RowFlusher(session),
                new AccountRows(session),
                new CollectionReader(session, definitions));
    }
}
