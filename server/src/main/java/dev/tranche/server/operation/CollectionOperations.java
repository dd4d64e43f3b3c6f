package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;
import static dev.tranche.server.operation.LockMode.SHARED;

import dev.tranche.server.operation.Operation.DeleteCollection;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Scan;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.CompiledSchema;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.InvalidSchemaException;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.ReferenceDefinition;
import dev.tranche.server.schema.UniqueConstraint;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the operations on collections do. */
final class CollectionOperations {
    private CollectionOperations() {}

    static Step upsert(Scope scope, UpsertCollection upsert) {
        checkLocked(scope);
        CollectionKey key = new CollectionKey(upsert.collection());
        scope.require(EXCLUSIVE, key);
        CollectionRow was = scope.set().get(key);
        CollectionDefinition definition = upsert.definition();
        if (was != null && was.definition().equals(definition)) {
            return done(Edits.none(), Effect.UNCHANGED, was);
        }
        refuse(DefinitionCheck.of(definition, scope.item().path()));
        CompiledSchema schema = compile(scope, definition.schema());
        checkTargets(scope, upsert, was);
        if (was == null) {
            CollectionRow now = create(scope, upsert.collection(), definition);
            return done(Edits.none().put(key, now), Effect.INSERTED, now);
        }
        CollectionRow now = change(scope, was, definition);
        Edits edits = Edits.none().put(key, now);
        boolean schemaChanged =
                schema != null && !Objects.equals(was.definition().schema(), definition.schema());
        if (schemaChanged || now.numberLast() > was.numberLast()) {
            requireScan(scope, was);
            new DefinitionChange(scope, was, now, schemaChanged ? schema : null).check(edits);
        }
        return done(edits, Effect.UPDATED, now);
    }

    static Step delete(Scope scope, DeleteCollection delete) {
        checkLocked(scope);
        CollectionKey key = new CollectionKey(delete.collection());
        scope.require(EXCLUSIVE, key);
        if (scope.set().get(key) == null && delete.allowMissing()) {
            scope.gone(new Place.OfCollection(delete.collection()));
            return gone(Edits.none(), Effect.UNCHANGED, 0);
        }
        CollectionRow was = scope.collection(delete.collection());
        for (WorkingSet.Inbound inbound : scope.inbound(was)) {
            if (inbound.collection().id() != was.id()) {
                Message message =
                        Message.of(
                                "collection \"{collection}\" points at \"{target}\" by \"{field}\"",
                                "collection",
                                inbound.collection().name(),
                                "target",
                                was.name(),
                                "field",
                                inbound.reference().field());
                throw scope.failed(Reason.REFERENCE_VIOLATION, message, scope.path("collection"));
            }
        }
        scope.gone(new Place.OfCollection(was.name()));
        return gone(Edits.none().remove(key), Effect.DELETED, was.version() + 1);
    }

    private static void checkLocked(Scope scope) {
        if (scope.program().rules().schemaLocked()) {
            throw Stop.failed(
                    ItemError.of(
                            Reason.SCHEMA_LOCKED,
                            "the workspace is in production: its collections are changed by"
                                    + " PromoteCollections only"));
        }
    }

    /** Whoever deletes records of a collection must not overlook that it is pointed at from now on. */
    private static void checkTargets(
            Scope scope, UpsertCollection upsert, @Nullable CollectionRow was) {
        Set<String> kept = new HashSet<>();
        Set<String> added = new HashSet<>();
        for (ReferenceDefinition one : upsert.definition().references()) {
            boolean known = was != null && sameAs(one, was.references()) != null;
            (known ? kept : added).add(one.collection());
        }
        kept.removeAll(added);
        kept.remove(upsert.collection());
        added.remove(upsert.collection());
        scope.requireCollections(EXCLUSIVE, added);
        scope.requireCollections(SHARED, kept);
        for (ReferenceDefinition one : upsert.definition().references()) {
            if (!one.collection().equals(upsert.collection())) {
                scope.collection(one.collection());
            }
        }
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
        Stamp stamp = scope.program().stamp();
        long id = scope.item().fresh().number();
        Numbering numbering = new Numbering(scope, name, id, 0);
        return new CollectionRow(
                id,
                name,
                definition,
                numbering.constraints(definition, List.of()),
                numbering.references(definition, List.of()),
                numbering.last,
                1,
                stamp,
                stamp);
    }

    private static CollectionRow change(
            Scope scope, CollectionRow was, CollectionDefinition definition) {
        Numbering numbering = new Numbering(scope, was.name(), was.id(), was.numberLast());
        return new CollectionRow(
                was.id(),
                was.name(),
                definition,
                numbering.constraints(definition, was.constraints()),
                numbering.references(definition, was.references()),
                numbering.last,
                was.version() + 1,
                was.created(),
                scope.program().stamp());
    }

    /** Gives numbers: what stays as it was keeps its own, all else gets new ones. */
    private static final class Numbering {
        private final Scope scope;
        private final String ownName;
        private final long ownId;
        private int last;

        private Numbering(Scope scope, String ownName, long ownId, int last) {
            this.scope = scope;
            this.ownName = ownName;
            this.ownId = ownId;
            this.last = last;
        }

        private List<UniqueConstraint> constraints(
                CollectionDefinition definition, List<UniqueConstraint> before) {
            List<UniqueConstraint> numbered = new ArrayList<>();
            for (ConstraintDefinition one : definition.constraints()) {
                UniqueConstraint kept = sameAs(one, before);
                numbered.add(
                        kept != null
                                ? kept
                                : new UniqueConstraint(++last, one.name(), one.fields()));
            }
            return List.copyOf(numbered);
        }

        private List<CollectionReference> references(
                CollectionDefinition definition, List<CollectionReference> before) {
            List<CollectionReference> numbered = new ArrayList<>();
            for (ReferenceDefinition one : definition.references()) {
                CollectionReference kept = sameAs(one, before);
                numbered.add(
                        new CollectionReference(
                                kept != null ? kept.number() : ++last,
                                one.field(),
                                one.collection(),
                                idOf(one.collection()),
                                one.onDelete()));
            }
            return List.copyOf(numbered);
        }

        private long idOf(String collection) {
            return collection.equals(ownName) ? ownId : scope.collection(collection).id();
        }
    }

    private static @Nullable CollectionReference sameAs(
            ReferenceDefinition wanted, List<CollectionReference> references) {
        for (CollectionReference one : references) {
            if (one.field().equals(wanted.field())
                    && one.collection().equals(wanted.collection())) {
                return one;
            }
        }
        return null;
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
        scope.require(EXCLUSIVE, key);
        Scan scan = scope.set().get(key);
        OperationLimits limits = scope.spending().limits();
        if (scan != null
                && (scan.count() > limits.scanRecordsMax()
                        || scan.bytes() > limits.scanBytesMax())) {
            Message message =
                    Message.of(
                            "the live records of \"{collection}\" are too many to be checked: at most"
                                    + " {limit} records and {limit_bytes} bytes allowed ({setting},"
                                    + " --scan-bytes-max)",
                            "collection",
                            was.name(),
                            "limit",
                            limits.scanRecordsMax(),
                            "limit_bytes",
                            limits.scanBytesMax(),
                            "setting",
                            "--scan-records-max");
            throw scope.failed(Reason.LIMIT_EXCEEDED, message, scope.path("collection"));
        }
    }

    private static Step done(Edits edits, Effect effect, CollectionRow row) {
        return new Step.Done(
                edits,
                new Applied(effect, null, row.version(), null, Resource.OfCollection.of(row)));
    }

    private static Step gone(Edits edits, Effect effect, long version) {
        return new Step.Done(edits, new Applied(effect, null, version, null, null));
    }
}
