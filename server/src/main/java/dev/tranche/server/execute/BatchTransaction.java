package dev.tranche.server.execute;

import dev.tranche.server.batch.Accounts;
import dev.tranche.server.engine.RowStore;

/** What a use case can do inside one transaction: change rows, and account for it. */
public interface BatchTransaction extends BatchPreview, RowStore, Accounts {}
