package dev.tranche.server.operation;

import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.Json;
import org.jspecify.annotations.Nullable;

/** One step of a batch. What each one means is {@link Interpreter}'s to say. */
public sealed interface Operation {

    /** The name callers know it by: that of its field in {@code tranche.v1.Operation}. */
    String name();

    /**
     * Creates a record.
     *
     * @param ignoreConstraints whether unique constraints hold it back; the JSON Schema always does
     */
    record CreateRecord(String collection, IdExpression id, Payload data, boolean ignoreConstraints)
            implements Operation {
        @Override
        public String name() {
            return "create_record";
        }
    }

    /**
     * Creates a record, or replaces the data of the one that lives.
     *
     * @param byConstraint name of the unique constraint that says which record; null if the id does
     * @param ignoreConstraints whether unique constraints and references hold it back; the JSON
     *     Schema always does
     */
    record UpsertRecord(
            String collection,
            IdExpression id,
            @Nullable String byConstraint,
            Payload data,
            Precondition precondition,
            boolean ignoreConstraints)
            implements Operation {
        @Override
        public String name() {
            return "upsert_record";
        }
    }

    /** Changes a record by a JSON merge patch (RFC 7396). */
    record UpdateRecord(
            String collection, IdExpression id, Payload patch, Precondition precondition)
            implements Operation {
        @Override
        public String name() {
            return "update_record";
        }
    }

    /** Soft-deletes a record, with its relationships and what cascades from it. */
    record DeleteRecord(
            String collection, IdExpression id, boolean allowMissing, Precondition precondition)
            implements Operation {
        @Override
        public String name() {
            return "delete_record";
        }
    }

    /** Reads a record as the operations before it left it. */
    record GetRecord(String collection, IdExpression id, Precondition precondition)
            implements Operation {
        @Override
        public String name() {
            return "get_record";
        }
    }

    /** Creates a relationship, or replaces its data. */
    record UpsertRelationship(String type, End source, End target, @Nullable Payload data)
            implements Operation {
        @Override
        public String name() {
            return "upsert_relationship";
        }
    }

    /** Removes a relationship. */
    record DeleteRelationship(String type, End source, End target, boolean allowMissing)
            implements Operation {
        @Override
        public String name() {
            return "delete_relationship";
        }
    }

    /** Creates a collection, or replaces its whole definition. */
    record UpsertCollection(String collection, CollectionDefinition definition)
            implements Operation {
        @Override
        public String name() {
            return "upsert_collection";
        }
    }

    /** Soft-deletes a collection with its records, in constant time. */
    record DeleteCollection(String collection, boolean allowMissing) implements Operation {
        @Override
        public String name() {
            return "delete_collection";
        }
    }

    /** One end of a relationship: a record of a collection. */
    record End(String collection, IdExpression id) {}

    /**
     * The data an operation carries: a JSON object.
     *
     * @param references whether strings that are exactly {@code ${…}} stand for earlier results
     */
    record Payload(Json json, boolean references) {}
}
