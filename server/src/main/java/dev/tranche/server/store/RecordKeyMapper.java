package dev.tranche.server.store;

import java.util.List;

/** Statements on the table {@code record_key}. */
interface RecordKeyMapper {

    /**
     * Reads the keys of one constraint, and locks them in their order.
     *
     * @param hashes at most 250
     */
    List<KeyLine> lock(long collectionId, int constraintNo, Literals hashes, LockClause lock);

    void insert(Bulk<KeyLine> lines);

    /** Inserts keys that nobody holds: every column is the server's, nothing else can fail. */
    void offer(Bulk<KeyLine> lines);

    /** Asks how {@link #offer} went, as long as it is the last statement. */
    OfferAnswer offerAnswer();

    void delete(Bulk<KeyLine> lines);
}
