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
        List<Violation> offenders = new ArrayList<>();
        for (RecordRow row : records) {
            for (Violation found : compiled.validate(row.data()).stream().limit(1).toList()) {
                offenders.add(
                        new Violation(
                                scope.path("schema"),
                                "record \""
                                        + row.key().id()
                                        + "\" breaks it at \""
                                        + found.path()
                                        + "\": "
                                        + found.description()));
            }
        }
        refuse(Reason.SCHEMA_VIOLATION, "the new schema", null, offenders);
    }

    private void addKeys(Edits edits, List<RecordRow> records, List<UniqueConstraint> added) {
        IdentityHashMap<RecordRow, List<UniqueKey>> keys = new IdentityHashMap<>();
        for (UniqueConstraint constraint : added) {
            Map<UniqueKey, String> owners = new HashMap<>();
            List<Violation> offenders = new ArrayList<>();
            for (RecordRow row : records) {
                Violation clash = claim(constraint, row, owners, keys);
                if (clash != null) {
                    offenders.add(clash);
                }
            }
            refuse(
                    Reason.UNIQUE_CONSTRAINT_VIOLATION,
                    "the new unique constraint \"" + constraint.name() + "\"",
                    constraint.name(),
                    offenders);
            owners.forEach(edits::put);
        }
        keys.forEach((row, more) -> edits.put(row.key(), withKeys(row, more)));
    }

    private @Nullable Violation claim(
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
                        : offender(
                                "unique_constraints",
                                "records \"" + owner + "\" and \"" + id + "\" are equal in it");
            }
            case KeyResult.None none -> null;
            case KeyResult.NotScalar field ->
                    offender(
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
        List<Violation> offenders = new ArrayList<>();
        targets.forEach((row, pointsAt) -> {
            String id = row.key().id();
            switch (pointsAt) {
                case Target.None none -> {}
                case Target.NotString field ->
                        offenders.add(
                                offender(
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
                        offenders.add(
                                offender(
                                        "references",
                                        "record \""
                                                + id
                                                + "\" points at \""
                                                + at.id()
                                                + "\", which does not exist"));
                    }
                    edits.put(new ReferenceKey(row.key(), reference.number()), key);
                }
            }
        });
        refuse(
                Reason.REFERENCE_VIOLATION,
                "the new reference \"" + reference.field() + "\"",
                null,
                offenders);
    }

    private Violation offender(String field, String description) {
        return new Violation(scope.path(field), description);
    }

    private static void refuse(
            Reason reason, String what, @Nullable String constraint, List<Violation> offenders) {
        if (!offenders.isEmpty()) {
            String message =
                    offenders.size()
                            + " live records do not satisfy "
                            + what
                            + "; the first: "
                            + offenders.getFirst().description();
            List<Violation> named = offenders.stream().limit(NAMED_MAX).toList();
            throw Stop.failed(new ItemError(reason, message, named, constraint, null, null));
        }
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
