package dev.tranche.client;

import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.Operation;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.UpdateRecord;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.UpsertRecord;
import java.util.List;

/**
 * Makes the operations that carry JSON, from JSON text: the form that keeps every number as it was
 * written. The text is checked by the server, not here. The others are made with their builders; an
 * alias is added with {@code operation.toBuilder().setAlias(…)}.
 */
public final class Operations {

    private Operations() {}

    /**
     * Creates a record.
     *
     * @param id 1 to 128 bytes, or a reference; empty lets the server make one
     */
    public static Operation createRecord(String collection, String id, String dataJson) {
        return Operation.newBuilder()
                .setCreateRecord(
                        CreateRecord.newBuilder()
                                .setCollection(collection)
                                .setId(id)
                                .setDataJson(dataJson))
                .build();
    }

    /**
     * Creates a record, or replaces its data.
     *
     * @param id 1 to 128 bytes, or a reference; empty lets the server make one
     */
    public static Operation upsertRecord(String collection, String id, String dataJson) {
        return Operation.newBuilder()
                .setUpsertRecord(
                        UpsertRecord.newBuilder()
                                .setCollection(collection)
                                .setId(id)
                                .setDataJson(dataJson))
                .build();
    }

    /**
     * Changes a record by a JSON merge patch.
     *
     * @param id 1 to 128 bytes, or a reference
     */
    public static Operation updateRecord(String collection, String id, String patchJson) {
        return Operation.newBuilder()
                .setUpdateRecord(
                        UpdateRecord.newBuilder()
                                .setCollection(collection)
                                .setId(id)
                                .setDataJson(patchJson))
                .build();
    }

    /**
     * Creates a collection, or replaces its whole definition.
     *
     * @param schemaJson a JSON Schema, draft 2020-12
     */
    public static Operation upsertCollection(
            String collection, String schemaJson, UniqueConstraint... constraints) {
        return Operation.newBuilder()
                .setUpsertCollection(
                        UpsertCollection.newBuilder()
                                .setCollection(collection)
                                .setSchemaJson(schemaJson)
                                .addAllUniqueConstraints(List.of(constraints)))
                .build();
    }
}
