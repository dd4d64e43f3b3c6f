package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import java.util.List;

/**
 * What a transaction writes, by table, each list in key order.
 *
 * @param collections deleted ones are only marked so, and keep their records
 * @param keys never updated: a key that changes hands is deleted and inserted
 * @param records never deleted: a soft-deleted record is an updated one
 * @param references never updated: one that points elsewhere is deleted and inserted
 */
public record Changes(
        Table<CollectionRow> collections,
        Table<HeldKey> keys,
        Table<RecordRow> records,
        Table<HeldReference> references,
        Table<RelationshipRow> relationships) {

    /** Whether nothing is written. */
    public boolean isEmpty() {
        return collections.isEmpty()
                && keys.isEmpty()
                && records.isEmpty()
                && references.isEmpty()
                && relationships.isEmpty();
    }

    /** Those of unique keys alone. */
    public Changes ofKeys() {
        return new Changes(none(), keys, none(), none(), none());
    }

    /** All but those of unique keys. */
    public Changes besidesKeys() {
        return new Changes(collections, none(), records, references, relationships);
    }

    private static <R> Table<R> none() {
        return new Table<>(List.of(), List.of(), List.of());
    }

    /** The changes of one table. */
    public record Table<R>(List<R> inserted, List<Update<R>> updated, List<R> deleted) {

        /** Whether this table stays as it is. */
        public boolean isEmpty() {
            return inserted.isEmpty() && updated.isEmpty() && deleted.isEmpty();
        }
    }

    /** A row before and after; the write must find it as it was before. */
    public record Update<R>(R before, R after) {}

    /** A unique key and the id of the record that holds it. */
    public record HeldKey(UniqueKey key, String recordId) {}

    /** A record's reference and the record it points at. */
    public record HeldReference(ReferenceKey key, RecordKey target) {}
}
