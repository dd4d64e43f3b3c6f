package dev.tranche.server.engine;

import dev.tranche.server.operation.Changes;

/** Port: the rows of one open transaction. Every method may throw what {@link Transactions} says. */
public interface RowStore extends RowSource {

    /**
     * Writes changes: collections, then keys deleted, keys inserted, records inserted, records
     * updated and noted as deleted, relationships. Every update must find the version it was computed from.
     *
     * @throws Conflict also if a key, an id or a name was taken since it was loaded
     */
    void flush(long workspace, Changes changes);
}
