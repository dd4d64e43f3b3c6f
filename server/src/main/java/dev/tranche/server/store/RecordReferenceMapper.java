package dev.tranche.server.store;

import java.util.List;

/** Statements on the table {@code record_reference}. */
interface RecordReferenceMapper {

    /**
     * Reads all references of some records of a collection, and locks them in their order.
     *
     * @param ids at most 250
     */
    List<ReferenceLine> lock(long collectionId, Literals ids, LockClause lock);

    /**
     * Looks up, without locks, who points at some records by one reference.
     *
     * @param ids of the records pointed at, at most 250
     */
    List<ReferenceLine> referrers(
            long targetCollectionId, long collectionId, int number, Literals ids, int limit);

    void insert(Bulk<ReferenceLine> lines);

    void delete(Bulk<ReferenceLine> lines);
}
