package dev.tranche.server.engine;

import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Snapshot;

/** Port: the rows of one open transaction. Every method may throw what {@link Transactions} says. */
public interface RowStore {

    /**
     * Reads and locks rows, in the order of the needs, and puts every key asked for into the
     * snapshot: present or absent. Bulk: one statement per table, collection and 250 keys.
     *
     * @param workspace in which collection names are looked up
     */
    void load(long workspace, Needs needs, Snapshot snapshot);

    /**
     * Writes changes: collections, then keys deleted, keys inserted, records inserted, records
     * updated, relationships. Every update must find the version it was computed from.
     *
     * @throws Conflict also if a key, an id or a name was taken since it was loaded
     */
    void flush(long workspace, Changes changes);
}
