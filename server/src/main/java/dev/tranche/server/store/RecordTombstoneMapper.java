package dev.tranche.server.store;

/** Statements on the table {@code record_tombstone}. */
interface RecordTombstoneMapper {

    /** Notes when a record was deleted, unless that is noted. */
    void offer(Bulk<TombstoneLine> lines);
}
