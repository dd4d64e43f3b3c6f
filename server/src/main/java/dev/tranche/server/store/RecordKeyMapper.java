package dev.tranche.server.store;

import java.util.List;

/** Statements on the table {@code record_key}. */
interface RecordKeyMapper {

    /**
     * Reads the keys of one constraint, and locks them in their order.
     *
     * @param hashes at most 250
     */
    List<KeyLine> lock(long collectionId, int constraintNo, HashList hashes, LockClause lock);

    void insert(KeyLine line);

    /** Inserts a key unless somebody holds it: every column is the server's, nothing else can fail. */
    void offer(KeyLine line);

    void delete(KeyLine line);
}
