package dev.tranche.bench;

import dev.tranche.client.Operations;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.Operation;

/**
 * An operation on a record, by whatever way it is done.
 *
 * @param key value of the unique constraint, which a record keeps for ever
 * @param json the data; of an update the merge patch, of a deletion nothing
 */
record Change(Kind kind, String id, String key, String json) {

    enum Kind {
        CREATE,
        UPSERT,
        UPDATE,
        DELETE
    }

    /** As callers of the service say it. */
    Operation operation() {
        return switch (kind) {
            case CREATE -> Operations.createRecord(Stage.PLAIN, id, json);
            case UPSERT -> Operations.upsertRecord(Stage.PLAIN, id, json);
            case UPDATE -> Operations.updateRecord(Stage.PLAIN, id, json);
            case DELETE ->
                    Operation.newBuilder()
                            .setDeleteRecord(
                                    DeleteRecord.newBuilder().setCollection(Stage.PLAIN).setId(id))
                            .build();
        };
    }
}
