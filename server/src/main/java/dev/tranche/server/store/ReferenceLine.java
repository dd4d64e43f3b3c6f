package dev.tranche.server.store;

import dev.tranche.server.operation.Changes.HeldReference;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;

/** A row of the table {@code record_reference}, column by column. */
record ReferenceLine(
        long collectionId, String recordId, int number, long targetCollectionId, String targetId) {

    static ReferenceLine of(HeldReference held) {
        RecordKey source = held.key().source();
        RecordKey target = held.target();
        return new ReferenceLine(
                source.collection(),
                source.id(),
                held.key().reference(),
                target.collection(),
                target.id());
    }

    ReferenceKey key() {
        return new ReferenceKey(new RecordKey(collectionId, recordId), number);
    }

    RecordKey target() {
        return new RecordKey(targetCollectionId, targetId);
    }
}
