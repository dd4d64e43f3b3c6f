package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;

import dev.tranche.server.operation.Operation.DeleteCollection;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Scan;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.CompiledSchema;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.InvalidSchemaException;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.UniqueConstraint;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the operations on collections do. */
final class CollectionOperations {
    private CollectionOperations() {}

    static Step upsert(Scope scope, UpsertCollection upsert) {
        CollectionKey key = new CollectionKey(upsert.collection());
        scope.require(EXCLUSIVE, List.of(key));
        CollectionRow was = scope.set().get(key);
        CollectionDefinition definition =
                new CollectionDefinition(upsert.schema(), upsert.constraints());
        if (was != null && was.definition().equals(definition)) {
            return done(Edits.none(), Effect.UNCHANGED, was);
        }
        refuse(DefinitionCheck.of(upsert.constraints(), scope.path("unique_constraints")));
        CompiledSchema schema = compile(scope, upsert.schema());
        if (was == null) {
            CollectionRow now = create(scope, upsert.collection(), definition);
            return done(Edits.none().put(key, now), Effect.INSERTED, now);
        }
        CollectionRow now = change(scope, was, definition);
        Edits edits = Edits.none().put(key, now);
        boolean schemaChanged =
                schema != null && !Objects.equals(was.definition().schema(), upsert.schema());
        boolean constraintsAdded = now.constraintLast() > was.constraintLast();
        if (schemaChanged || constraintsAdded) {
            requireScan(scope, was);
            new DefinitionChange(scope, was, now, schemaChanged ? schema : null).check(edits);
        }
        return done(edits, Effect.UPDATED, now);
    }

    static Step delete(Scope scope, DeleteCollection delete) {
        CollectionKey key = new CollectionKey(delete.collection());
        scope.require(EXCLUSIVE, List.of(key));
        if (scope.set().get(key) == null && delete.allowMissing()) {
            return gone(Edits.none(), Effect.UNCHANGED, 0);
        }
        CollectionRow was = scope.collection(delete.collection());
        return gone(Edits.none().remove(key), Effect.DELETED, was.version() + 1);
    }

    private static @Nullable CompiledSchema compile(Scope scope, @Nullable Json schema) {
        try {
            return schema == null ? null : scope.validation().compile(schema);
        } catch (InvalidSchemaException e) {
            String root = scope.path("schema");
            List<Violation> violations =
                    e.violations().stream()
                            .map(one -> new Violation(root + one.path(), one.description()))
                            .toList();
            throw Stop.failed(ItemError.of(Reason.INVALID_SCHEMA, violations));
        }
    }

    private static void refuse(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw Stop.failed(ItemError.of(Reason.INVALID_SCHEMA, violations));
        }
    }

    private static CollectionRow create(Scope scope, String name, CollectionDefinition definition) {
        List<UniqueConstraint> numbered = new ArrayList<>();
        for (ConstraintDefinition one : definition.constraints()) {
            numbered.add(new UniqueConstraint(numbered.size() + 1, one.name(), one.fields()));
        }
        Stamp stamp = scope.program().stamp();
        return new CollectionRow(
                scope.item().fresh().number(),
                name,
                definition,
                List.copyOf(numbered),
                numbered.size(),
                1,
                stamp,
                stamp);
    }

    /** A constraint that stays as it was keeps its number; all others get new ones. */
    private static CollectionRow change(
            Scope scope, CollectionRow was, CollectionDefinition definition) {
        int last = was.constraintLast();
        List<UniqueConstraint> numbered = new ArrayList<>();
        for (ConstraintDefinition one : definition.constraints()) {
            UniqueConstraint kept = sameAs(one, was.constraints());
            numbered.add(
                    kept != null ? kept : new UniqueConstraint(++last, one.name(), one.fields()));
        }
        return new CollectionRow(
                was.id(),
                was.name(),
                definition,
                List.copyOf(numbered),
                last,
                was.version() + 1,
                was.created(),
                scope.program().stamp());
    }

    private static @Nullable UniqueConstraint sameAs(
            ConstraintDefinition wanted, List<UniqueConstraint> constraints) {
        for (UniqueConstraint one : constraints) {
            if (one.name().equals(wanted.name()) && one.fields().equals(wanted.fields())) {
                return one;
            }
        }
        return null;
    }

    private static void requireScan(Scope scope, CollectionRow was) {
        ScanKey key = new ScanKey(was.id());
        scope.require(EXCLUSIVE, List.of(key));
        Scan scan = scope.set().get(key);
        OperationLimits limits = scope.limits();
        if (scan != null
                && (scan.count() > limits.scanRecordsMax()
                        || scan.bytes() > limits.scanBytesMax())) {
            String message =
                    "the live records of \""
                            + was.name()
                            + "\" are too many to be checked: at most "
                            + limits.scanRecordsMax()
                            + " records and "
                            + limits.scanBytesMax()
                            + " bytes allowed (--scan-records-max, --scan-bytes-max)";
            throw scope.failed(Reason.LIMIT_EXCEEDED, message, scope.path("collection"));
        }
    }

    private static Step done(Edits edits, Effect effect, CollectionRow row) {
        Resource left = Resource.OfCollection.of(row);
        return new Step.Done(edits, new Applied(effect, null, row.version(), null, left));
    }

    private static Step gone(Edits edits, Effect effect, long version) {
        return new Step.Done(edits, new Applied(effect, null, version, null, null));
    }
}
