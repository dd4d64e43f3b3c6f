package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.UniqueConstraint;
import dev.tranche.server.schema.UniqueConstraint.KeyResult;
import org.jspecify.annotations.Nullable;

/**
 * Finds the record that an upsert means by the values of a unique constraint.
 *
 * @param name of the constraint
 */
record ByConstraint(Scope scope, CollectionRow collection, String name) {

    /** The live record with the same values; null if there is none. */
    @Nullable RecordKey find(Json data) {
        UniqueConstraint constraint = constraint();
        return switch (constraint.keyOf(data)) {
            case KeyResult.Key key ->
                    holder(new UniqueKey(collection.id(), constraint.number(), key.hash()));
            case KeyResult.None none ->
                    throw scope.failed(
                            Reason.INVALID_REQUEST,
                            Message.of(
                                    "no value given for one of {fields}, all needed to say which"
                                            + " record is meant",
                                    "fields",
                                    constraint.fields()),
                            scope.path("data"));
            case KeyResult.NotScalar field ->
                    throw RecordWrite.notScalar(scope, constraint, field.pointer());
        };
    }

    private @Nullable RecordKey holder(UniqueKey key) {
        scope.require(EXCLUSIVE, key);
        String id = scope.set().get(key);
        return id == null ? null : new RecordKey(collection.id(), id);
    }

    private UniqueConstraint constraint() {
        for (UniqueConstraint one : collection.constraints()) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        throw scope.failed(
                Reason.INVALID_REQUEST,
                Message.of(
                        "\"{by_constraint}\" given, a unique constraint of \"{collection}\" allowed",
                        "by_constraint",
                        name,
                        "collection",
                        collection.name()),
                scope.path("by_constraint"));
    }
}
