package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;
import static dev.tranche.server.operation.LockMode.SHARED;

import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.RecordReferences.Pointing;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.UniqueConstraint;
import dev.tranche.server.schema.UniqueConstraint.KeyResult;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a record new data: the JSON Schema, the unique constraints and the references must agree.
 *
 * @param was the record before, alive or deleted; null if its id was never used
 * @param ignoreConstraints whether it goes in without the unique values that others hold, and
 *     pointing at nothing where what it should point at does not live
 */
record RecordWrite(
        Scope scope,
        CollectionRow collection,
        RecordKey key,
        @Nullable RecordRow was,
        boolean ignoreConstraints) {

    /**
     * A unique constraint with what it makes of the data.
     *
     * @param key null if there is none
     */
    private record Evaluated(
            UniqueConstraint constraint, KeyResult result, @Nullable UniqueKey key) {}

    Step to(Json data, Effect effect) {
        List<Evaluated> evaluated = evaluate(data);
        RecordReferences references = new RecordReferences(scope, collection, key);
        List<Pointing> changed = references.changed(was, data, ignoreConstraints);
        requireKeys(evaluated, references.keys(changed));
        checkSchema(data);
        List<UniqueKey> keys = claim(evaluated);
        RecordRow now = row(data, keys);
        Edits edits = Edits.none().put(key, now);
        for (UniqueKey old : held()) {
            if (!keys.contains(old)) {
                edits.remove(old);
            }
        }
        for (UniqueKey claimed : keys) {
            if (!held().contains(claimed)) {
                edits.put(claimed, key.id());
            }
        }
        references.point(changed, ignoreConstraints, edits);
        return new Step.Done(edits, Applied.of(effect, collection.name(), now));
    }

    private List<Evaluated> evaluate(Json data) {
        List<Evaluated> evaluated = new ArrayList<>(collection.constraints().size());
        for (UniqueConstraint constraint : collection.constraints()) {
            KeyResult result = constraint.keyOf(data);
            UniqueKey claimed =
                    result instanceof KeyResult.Key found
                            ? new UniqueKey(collection.id(), constraint.number(), found.hash())
                            : null;
            evaluated.add(new Evaluated(constraint, result, claimed));
        }
        return evaluated;
    }

    private List<UniqueKey> held() {
        return was == null ? List.of() : was.keys();
    }

    /** Only values that change hands need looking at: those that stay are held by this record. */
    private void requireKeys(List<Evaluated> evaluated, List<RowKey<?>> others) {
        List<UniqueKey> leaving = new ArrayList<>(held());
        Needs needs = new Needs();
        for (Evaluated one : evaluated) {
            if (one.key() != null && !leaving.remove(one.key())) {
                ask(needs, one.key());
            }
        }
        leaving.forEach(one -> needs.add(one, EXCLUSIVE));
        others.forEach(one -> needs.add(one, one instanceof RecordKey ? SHARED : EXCLUSIVE));
        scope.require(needs);
    }

    private void ask(Needs needs, UniqueKey wanted) {
        if (scope.program().rules().claiming() && !ignoreConstraints) {
            scope.claim(wanted, key.id());
        } else {
            needs.add(wanted, EXCLUSIVE);
        }
    }

    private void checkSchema(Json data) {
        List<Violation> found = scope.validation().validate(collection, data);
        if (!found.isEmpty()) {
            String root = scope.path("data");
            List<Violation> violations =
                    found.stream()
                            .map(one -> new Violation(root + one.path(), one.description()))
                            .toList();
            throw Stop.failed(ItemError.of(Reason.SCHEMA_VIOLATION, violations));
        }
    }

    private List<UniqueKey> claim(List<Evaluated> evaluated) {
        List<UniqueKey> keys = new ArrayList<>();
        for (Evaluated one : evaluated) {
            if (one.result() instanceof KeyResult.NotScalar field) {
                throw notScalar(scope, one.constraint(), field.pointer());
            }
            UniqueKey claimed = one.key();
            if (claimed == null) {
                continue;
            }
            String owner = held().contains(claimed) ? key.id() : scope.set().get(claimed);
            if (owner == null || owner.equals(key.id())) {
                keys.add(claimed);
            } else if (!ignoreConstraints) {
                throw taken(one.constraint(), owner);
            }
        }
        return keys;
    }

    static Stop notScalar(Scope scope, UniqueConstraint constraint, String pointer) {
        Message message =
                Message.of(
                        "an object or array given, a string, number or boolean allowed in a field of"
                                + " the unique constraint \"{constraint}\"",
                        "constraint",
                        constraint.name());
        return Stop.failed(
                ItemError.of(Reason.SCHEMA_VIOLATION, message)
                        .at(scope.path("data") + pointer)
                        .of(constraint.name()));
    }

    private Stop taken(UniqueConstraint constraint, String owner) {
        Message message =
                Message.of(
                        "the values of {fields} are taken by record \"{id}\" (unique constraint"
                                + " \"{constraint}\")",
                        "fields",
                        constraint.fields(),
                        "id",
                        owner,
                        "constraint",
                        constraint.name());
        return Stop.failed(
                ItemError.of(Reason.UNIQUE_CONSTRAINT_VIOLATION, message)
                        .of(constraint.name())
                        .because(owner)
                        .causedBy(scope.set().writer(new RecordKey(collection.id(), owner))));
    }

    private RecordRow row(Json data, List<UniqueKey> keys) {
        Stamp stamp = scope.program().stamp();
        return new RecordRow(
                key,
                data,
                was == null ? 1 : was.version() + 1,
                was == null ? scope.item().fresh().number() : was.life(),
                keys,
                ignoreConstraints,
                was != null && was.lives() ? was.created() : stamp,
                stamp,
                null);
    }
}
