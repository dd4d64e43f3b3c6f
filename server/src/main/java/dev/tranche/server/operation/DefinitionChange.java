package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.CollectionReference.Target;
import dev.tranche.server.schema.CompiledSchema;
import dev.tranche.server.schema.UniqueConstraint;
import dev.tranche.server.schema.UniqueConstraint.KeyResult;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the live records of a collection against what a new definition adds.
 *
 * @param schema the new one, if it changed
 */
record DefinitionChange(
        Scope scope, CollectionRow was, CollectionRow now, @Nullable CompiledSchema schema) {
    private static final int NAMED_MAX = 10;

    /**
     * A live record that does not satisfy the definition.
     *
     * @param culprit the operation that failed to make what it lacks; null if there is none
     */
    private record Offence(Reason reason, Violation violation, @Nullable Integer culprit) {}

    /** Adds the keys and references that the definition gives the records, or ends the operation. */
    void check(Edits edits) {
        List<RecordRow> records = scope.set().records(was);
        if (schema != null) {
            checkSchema(records, schema);
        }
        List<UniqueConstraint> added =
                now.constraints().stream().filter(one -> one.number() > was.numberLast()).toList();
        if (!added.isEmpty()) {
            addKeys(edits, records, added);
        }
        now.references().stream()
                .filter(one -> one.number() > was.numberLast())
                .forEach(one -> addReferences(edits, records, one));
    }

    private void checkSchema(List<RecordRow> records, CompiledSchema compiled) {
        List<Offence> offences = new ArrayList<>();
        for (RecordRow row : records) {
            for (Violation found : compiled.validate(row.data()).stream().limit(1).toList()) {
                offences.add(
                        offence(
                                Reason.SCHEMA_VIOLATION,
                                "schema",
                                "record \""
                                        + row.key().id()
                                        + "\" breaks it at \""
                                        + found.path()
                                        + "\": "
                                        + found.description()));
            }
        }
        refuse("the new schema", null, offences);
    }

    private void addKeys(Edits edits, List<RecordRow> records, List<UniqueConstraint> added) {
        IdentityHashMap<RecordRow, List<UniqueKey>> keys = new IdentityHashMap<>();
        for (UniqueConstraint constraint : added) {
            Map<UniqueKey, String> owners = new HashMap<>();
            List<Offence> offences = new ArrayList<>();
            for (RecordRow row : records) {
                Offence clash = claim(constraint, row, owners, keys);
                if (clash != null) {
                    offences.add(clash);
                }
            }
            refuse(
                    "the new unique constraint \"" + constraint.name() + "\"",
                    constraint.name(),
                    offences);
            owners.forEach(edits::put);
        }
        keys.forEach((row, more) -> edits.put(row.key(), withKeys(row, more)));
    }

    private @Nullable Offence claim(
            UniqueConstraint constraint,
            RecordRow row,
            Map<UniqueKey, String> owners,
            IdentityHashMap<RecordRow, List<UniqueKey>> keys) {
        String id = row.key().id();
        return switch (constraint.keyOf(row.data())) {
            case KeyResult.Key found -> {
                UniqueKey key = new UniqueKey(was.id(), constraint.number(), found.hash());
                String owner = owners.putIfAbsent(key, id);
                keys.computeIfAbsent(row, any -> new ArrayList<>()).add(key);
                yield owner == null
                        ? null
                        : offence(
                                Reason.UNIQUE_CONSTRAINT_VIOLATION,
                                "unique_constraints",
                                "records \"" + owner + "\" and \"" + id + "\" are equal in it");
            }
            case KeyResult.None none -> null;
            case KeyResult.NotScalar field ->
                    offence(
                            Reason.SCHEMA_VIOLATION,
                            "unique_constraints",
                            "record \""
                                    + id
                                    + "\" has an object or array at \""
                                    + field.pointer()
                                    + "\"");
        };
    }

    private void addReferences(
            Edits edits, List<RecordRow> records, CollectionReference reference) {
        long target = reference.collectionId();
        Map<RecordRow, Target> targets = new LinkedHashMap<>();
        Needs needs = new Needs();
        for (RecordRow row : records) {
            Target pointsAt = reference.targetOf(row.data());
            targets.put(row, pointsAt);
            if (pointsAt instanceof Target.At at) {
                needs.add(new RecordKey(target, at.id()), LockMode.SHARED);
            }
        }
        scope.require(needs);
        List<Offence> offences = new ArrayList<>();
        targets.forEach((row, pointsAt) -> {
            String id = row.key().id();
            switch (pointsAt) {
                case Target.None none -> {}
                case Target.NotString field ->
                        offences.add(
                                offence(
                                        Reason.SCHEMA_VIOLATION,
                                        "references",
                                        "record \""
                                                + id
                                                + "\" has no string at \""
                                                + field.pointer()
                                                + "\""));
                case Target.At at -> {
                    RecordKey key = new RecordKey(target, at.id());
                    RecordRow there = scope.set().get(key);
                    if (there == null || !there.lives()) {
                        offences.add(dangling(reference, id, at.id()));
                    }
                    edits.put(new ReferenceKey(row.key(), reference.number()), key);
                }
            }
        });
        refuse("the new reference \"" + reference.field() + "\"", null, offences);
    }

    private Offence dangling(CollectionReference reference, String id, String target) {
        return new Offence(
                Reason.REFERENCE_VIOLATION,
                new Violation(
                        scope.path("references"),
                        "record \"" + id + "\" points at \"" + target + "\", which does not exist"),
                scope.culprit(new Place.OfRecord(reference.collection(), target)));
    }

    private Offence offence(Reason reason, String field, String description) {
        return new Offence(reason, new Violation(scope.path(field), description), null);
    }

    /** Values that cannot be compared at all come before those that clash. */
    private static void refuse(String what, @Nullable String constraint, List<Offence> offences) {
        List<Offence> unfit =
                offences.stream().filter(one -> one.reason() == Reason.SCHEMA_VIOLATION).toList();
        List<Offence> worst = unfit.isEmpty() ? offences : unfit;
        if (!worst.isEmpty()) {
            String message =
                    worst.size()
                            + " live records do not satisfy "
                            + what
                            + "; the first: "
                            + worst.getFirst().violation().description();
            List<Violation> named =
                    worst.stream().limit(NAMED_MAX).map(Offence::violation).toList();
            Integer culprit = culprit(worst);
            Reason reason = culprit == null ? worst.getFirst().reason() : Reason.DEPENDENCY_FAILED;
            throw Stop.failed(
                    ItemError.of(reason, message).at(named).of(constraint).causedBy(culprit));
        }
    }

    /** The first operation whose failure is to blame, if nothing else is. */
    private static @Nullable Integer culprit(List<Offence> offences) {
        Integer first = null;
        for (Offence one : offences) {
            if (one.culprit() == null) {
                return null;
            }
            first = first == null ? one.culprit() : Integer.valueOf(Math.min(first, one.culprit()));
        }
        return first;
    }

    /** Keys of constraints that are gone are forgotten: nobody looks at them again. */
    private RecordRow withKeys(RecordRow row, List<UniqueKey> more) {
        List<UniqueKey> keys = new ArrayList<>(row.keys());
        keys.removeIf(key ->
                now.constraints().stream().noneMatch(one -> one.number() == key.constraint()));
        keys.addAll(more);
        return new RecordRow(
                row.key(),
                row.data(),
                row.version(),
                row.life(),
                List.copyOf(keys),
                row.constraintsIgnored(),
                row.created(),
                row.updated(),
                row.deletedAt());
    }
}
