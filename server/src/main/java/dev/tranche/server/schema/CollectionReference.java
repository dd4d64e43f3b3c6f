package dev.tranche.server.schema;

import tools.jackson.databind.JsonNode;

/**
 * A reference of a collection: the records point at records of another one by a field.
 *
 * @param number from 1; never used again in its collection, also not for a unique constraint
 * @param field path of the field that holds the id of the record pointed at
 * @param collection name of the collection pointed at
 * @param collectionId its surrogate id; it lives as long as this reference is in force
 */
public record CollectionReference(
        int number, String field, String collection, long collectionId, OnDelete onDelete) {

    /** What a record's data points at. */
    public sealed interface Target {
        /** The record of this id. */
        record At(String id) implements Target {}

        /** Nothing: the field is missing or null. */
        record None() implements Target {}

        /**
         * The field holds no string.
         *
         * @param pointer RFC 6901 pointer of the field
         */
        record NotString(String pointer) implements Target {}
    }

    /** Finds what a record's data points at. */
    public Target targetOf(Json data) {
        JsonNode value = data.at(field);
        if (value.isMissingNode() || value.isNull()) {
            return new Target.None();
        }
        return value.isString()
                ? new Target.At(value.stringValue())
                : new Target.NotString(pointer());
    }

    /** RFC 6901 pointer of the field. */
    public String pointer() {
        return FieldPath.pointer(field);
    }
}
