package dev.tranche.server.operation;

import dev.tranche.server.operation.IdExpression.Generated;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.schema.UniqueConstraint;
import dev.tranche.server.schema.UniqueConstraint.KeyResult;
import org.jspecify.annotations.Nullable;

/**
 * The unique keys that a program of creations claims. A pass of the {@link Interpreter} finds them,
 * too; to see them without one costs far less, and is enough where some are likely to be taken: then
 * the pass that counts is made after that is known.
 */
public final class ClaimedKeys {
    private ClaimedKeys() {}

    /**
     * Finds them.
     *
     * @param rows the collections
     * @return null if the program may need other rows before those of keys, or no keys
     */
    public static @Nullable Needs of(Program program, Snapshot rows) {
        Needs claims = new Needs();
        for (Item item : program.items()) {
            CreateRecord create = plain(item.operation());
            CollectionRow collection =
                    create == null ? null : rows.get(new CollectionKey(create.collection()));
            if (create == null || collection == null || !collection.references().isEmpty()) {
                return null;
            }
            for (UniqueConstraint constraint : collection.constraints()) {
                if (constraint.keyOf(create.data().json()) instanceof KeyResult.Key found) {
                    claims.claim(
                            new UniqueKey(collection.id(), constraint.number(), found.hash()),
                            item.fresh().recordId());
                }
            }
        }
        return claims.isEmpty() ? null : claims;
    }

    /** A creation of which all is known but who holds its keys. */
    private static @Nullable CreateRecord plain(Operation operation) {
        return operation instanceof CreateRecord create
                        && create.id() instanceof Generated
                        && !create.data().references()
                        && !create.ignoreConstraints()
                ? create
                : null;
    }
}
