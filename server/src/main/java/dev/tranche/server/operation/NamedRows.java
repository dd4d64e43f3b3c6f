package dev.tranche.server.operation;

import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.DeleteCollection;
import dev.tranche.server.operation.Operation.DeleteRecord;
import dev.tranche.server.operation.Operation.DeleteRelationship;
import dev.tranche.server.operation.Operation.GetRecord;
import dev.tranche.server.operation.Operation.UpdateRecord;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Operation.UpsertRecord;
import dev.tranche.server.operation.Operation.UpsertRelationship;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.InboundKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that operations on records name: their collections and the records themselves. Each pass
 * of the {@link Interpreter} would find the next table of them missing; to see it without one costs
 * far less. Operations that change collections, or name a record by what comes of another one, are
 * left to the passes, and so is the whole program then.
 */
public final class NamedRows {
    private final List<Naming> namings;

    /**
     * What an operation names.
     *
     * @param id null if nobody can have used it
     * @param deletes whether the record may take others with it
     */
    private record Naming(String collection, @Nullable String id, LockMode mode, boolean deletes) {}

    private NamedRows(List<Naming> namings) {
        this.namings = namings;
    }

    /** What the operations of a program name. */
    public static NamedRows of(Program program) {
        List<Naming> namings = new ArrayList<>(program.items().size());
        for (Item item : program.items()) {
            Naming naming = naming(item.operation());
            if (naming == null) {
                return new NamedRows(List.of());
            }
            namings.add(naming);
        }
        return new NamedRows(namings);
    }

    private static @Nullable Naming naming(Operation operation) {
        return switch (operation) {
            case CreateRecord create -> written(create.collection(), create.id());
            case UpsertRecord upsert ->
                    upsert.byConstraint() == null
                            ? written(upsert.collection(), upsert.id())
                            : null;
            case UpdateRecord update -> written(update.collection(), update.id());
            case DeleteRecord delete ->
                    naming(delete.collection(), delete.id(), LockMode.EXCLUSIVE, true);
            case GetRecord get -> naming(get.collection(), get.id(), LockMode.SHARED, false);
            case UpsertRelationship other -> null;
            case DeleteRelationship other -> null;
            case UpsertCollection other -> null;
            case DeleteCollection other -> null;
        };
    }

    private static @Nullable Naming written(String collection, IdExpression id) {
        return naming(collection, id, LockMode.EXCLUSIVE, false);
    }

    private static @Nullable Naming naming(
            String collection, IdExpression id, LockMode mode, boolean deletes) {
        return switch (id) {
            case IdExpression.Literal literal ->
                    new Naming(collection, literal.id(), mode, deletes);
            case IdExpression.Generated generated -> new Naming(collection, null, mode, deletes);
            case IdExpression.FromResult result -> null;
        };
    }

    /**
     * What is to be loaded next: what is missing of the first table of which something is. Nothing if
     * nothing is missing.
     */
    public Needs missing(Snapshot snapshot) {
        return Stream.<UnaryOperator<Needs>>of(
                        needs -> collections(snapshot, needs),
                        needs -> inbound(snapshot, needs),
                        needs -> inboundCollections(snapshot, needs),
                        needs -> records(snapshot, needs))
                .map(table -> table.apply(new Needs()))
                .filter(needs -> !needs.isEmpty())
                .findFirst()
                .orElseGet(Needs::new);
    }

    private Needs collections(Snapshot snapshot, Needs needs) {
        for (Naming one : namings) {
            add(new CollectionKey(one.collection()), LockMode.SHARED, snapshot, needs);
        }
        return needs;
    }

    private Needs inbound(Snapshot snapshot, Needs needs) {
        for (InboundKey key : inboundKeys(snapshot)) {
            add(key, LockMode.SHARED, snapshot, needs);
        }
        return needs;
    }

    private Needs inboundCollections(Snapshot snapshot, Needs needs) {
        for (InboundKey key : inboundKeys(snapshot)) {
            Set<String> names = snapshot.get(key);
            for (String name : names == null ? Set.<String>of() : names) {
                add(new CollectionKey(name), LockMode.SHARED, snapshot, needs);
            }
        }
        return needs;
    }

    /** One for each collection that records are deleted from. */
    private Set<InboundKey> inboundKeys(Snapshot snapshot) {
        Set<InboundKey> keys = new HashSet<>();
        for (Naming one : namings) {
            CollectionRow collection = collection(one, snapshot);
            if (one.deletes() && collection != null) {
                keys.add(new InboundKey(collection.id()));
            }
        }
        return keys;
    }

    private Needs records(Snapshot snapshot, Needs needs) {
        for (Naming one : namings) {
            CollectionRow collection = collection(one, snapshot);
            if (one.id() != null && collection != null) {
                add(new RecordKey(collection.id(), one.id()), one.mode(), snapshot, needs);
            }
        }
        return needs;
    }

    private static @Nullable CollectionRow collection(Naming one, Snapshot snapshot) {
        return snapshot.get(new CollectionKey(one.collection()));
    }

    private static void add(RowKey<?> key, LockMode mode, Snapshot snapshot, Needs needs) {
        if (!snapshot.knows(key, mode)) {
            needs.add(key, mode);
        }
    }
}
