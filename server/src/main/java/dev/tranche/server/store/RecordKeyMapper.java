package dev.tranche.server.store;

import java.util.List;

/** Statements on the table {@code record_key}. */
interface RecordKeyMapper {

    /**
     * Locks the keys of one constraint, in their order.
     *
     * @param hashes at most 250
     */
    List<KeyLine> lock(long collectionId, int constraintNo, List<byte[]> hashes);

    void insert(KeyLine line);

    void delete(KeyLine line);
}
