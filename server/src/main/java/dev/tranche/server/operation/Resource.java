package dev.tranche.server.operation;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.CollectionDefinition;

/** What an operation read or left, as callers know it: collections by their names. */
public sealed interface Resource {

    /**
     * A record, alive or just deleted.
     *
     * @param collection its name
     */
    record OfRecord(String collection, RecordRow row) implements Resource {}

    /**
     * A relationship.
     *
     * @param source name of the collection it starts from
     * @param target name of the collection it leads to
     */
    record OfRelationship(String source, String target, RelationshipRow row) implements Resource {}

    /**
     * A collection.
     *
     * @param version from 1
     */
    record OfCollection(
            String name,
            CollectionDefinition definition,
            long version,
            Stamp created,
            Stamp updated)
            implements Resource {

        /** A collection as it is stored. */
        public static OfCollection of(CollectionRow row) {
            return new OfCollection(
                    row.name(), row.definition(), row.version(), row.created(), row.updated());
        }
    }
}
