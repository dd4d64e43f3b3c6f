package dev.tranche.server.engine;

import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Snapshot;

/** Port: what one open transaction can read. Every method may throw what {@link Transactions} says. */
public interface RowSource {

    /**
     * Reads rows, in the order of the needs, and puts every key asked for into the snapshot: present
     * or absent. Locks them as asked, unless the transaction is one that takes no locks. Unique keys
     * that are claimed and that nobody has are written for the record that claims them, unless
     * likewise. Bulk: one statement per table, collection and 250 keys, or 1,000 that are claimed.
     *
     * @param workspace in which collection names are looked up
     */
    void load(long workspace, Needs needs, Snapshot snapshot);
}
