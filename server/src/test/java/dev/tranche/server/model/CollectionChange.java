package dev.tranche.server.model;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_SCHEMA;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;

import dev.tranche.server.model.Course.Past;
import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.Expected.Resource;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.server.model.State.Definition;
import dev.tranche.server.model.State.Document;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.Missing;
import dev.tranche.server.model.State.Pointer;
import dev.tranche.server.model.State.RecordKey;
import dev.tranche.server.model.State.Unique;
import dev.tranche.v1.DeleteCollection;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.UpsertCollection;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The operations on collections. */
final class CollectionChange {
    private static final Set<String> TYPES = Set.of("object", "integer", "string");

    private final Attempt attempt;
    private final State state;

    CollectionChange(Attempt attempt) {
        this.attempt = attempt;
        this.state = attempt.state();
    }

    Past upsert(UpsertCollection upsert) {
        Definition definition = definition(upsert);
        Holder was = state.collections.get(upsert.getCollection());
        if (isFaulty(definition)) {
            throw new Refused(Problem.of(ERROR_REASON_INVALID_SCHEMA));
        }
        if (was != null && same(was.definition(), definition)) {
            return past(Outcome.OUTCOME_UNCHANGED, was);
        }
        for (Pointer pointer : definition.references()) {
            if (!pointer.collection().equals(upsert.getCollection())
                    && !state.collections.containsKey(pointer.collection())) {
                throw attempt.missing(
                        ERROR_REASON_COLLECTION_NOT_FOUND,
                        new Missing.OfCollection(pointer.collection()));
            }
        }
        Holder now =
                was == null
                        ? new Holder(upsert.getCollection(), attempt.incarnation(), definition, 1)
                        : new Holder(was.name(), was.incarnation(), definition, was.version() + 1);
        state.collections.put(now.name(), now);
        checkRecords(now);
        return past(was == null ? Outcome.OUTCOME_INSERTED : Outcome.OUTCOME_UPDATED, now);
    }

    Past delete(DeleteCollection delete) {
        String name = delete.getCollection();
        if (!state.collections.containsKey(name) && delete.getAllowMissing()) {
            forget(name);
            return new Past(
                    new Result(Outcome.OUTCOME_UNCHANGED, "", 0, "", null, null), null, null);
        }
        Holder was = attempt.collection(name);
        for (Holder other : state.collections.values()) {
            if (!other.equals(was) && other.definition().pointsAt(name)) {
                throw new Refused(Problem.of(ERROR_REASON_REFERENCE_VIOLATION));
            }
        }
        state.collections.remove(name);
        state.records.keySet().removeIf(key -> key.incarnation() == was.incarnation());
        state.links
                .keySet()
                .removeIf(link ->
                        link.source().incarnation() == was.incarnation()
                                || link.target().incarnation() == was.incarnation());
        forget(name);
        Result result = new Result(Outcome.OUTCOME_DELETED, "", was.version() + 1, "", null, null);
        return new Past(result, null, null);
    }

    /** Nothing is missing because of a failure any more where a deletion was wanted. */
    private void forget(String collection) {
        state.missing
                .keySet()
                .removeIf(one ->
                        switch (one) {
                            case Missing.OfCollection gone -> gone.name().equals(collection);
                            case Missing.OfRecord gone -> gone.collection().equals(collection);
                            case Missing.OfLink gone ->
                                    gone.source().collection().equals(collection)
                                            || gone.target().collection().equals(collection);
                        });
    }

    private static Past past(Outcome outcome, Holder holder) {
        Resource resource = new Resource.OfCollection(holder.name(), holder.definition());
        return new Past(new Result(outcome, "", holder.version(), "", null, resource), null, null);
    }

    private static Definition definition(UpsertCollection upsert) {
        return new Definition(
                RecordChange.payload(
                        upsert.hasSchema() ? upsert.getSchema() : null,
                        upsert.hasSchemaJson() ? upsert.getSchemaJson() : null),
                upsert.getUniqueConstraintsList().stream()
                        .map(one -> new Unique(one.getName(), List.copyOf(one.getFieldsList())))
                        .toList(),
                upsert.getReferencesList().stream()
                        .map(one ->
                                new Pointer(
                                        one.getField(),
                                        one.getCollection(),
                                        one.getOnDelete() == OnDelete.ON_DELETE_CASCADE
                                                ? OnDelete.ON_DELETE_CASCADE
                                                : OnDelete.ON_DELETE_RESTRICT))
                        .toList(),
                upsert.getIfMatchRequired());
    }

    static boolean same(Definition one, Definition other) {
        Document schema = one.schema();
        return (schema == null ? other.schema() == null : schema.sameAs(other.schema()))
                && one.unique().equals(other.unique())
                && one.references().equals(other.references())
                && one.ifMatchRequired() == other.ifMatchRequired();
    }

    private static boolean isFaulty(Definition definition) {
        return hasTwice(definition.unique().stream().map(Unique::name).toList())
                || hasTwice(definition.references().stream().map(Pointer::field).toList())
                || definition.unique().stream()
                        .anyMatch(one -> one.fields().isEmpty() || hasTwice(one.fields()))
                || (definition.schema() != null && !typesAreKnown(definition.schema().value()));
    }

    private static boolean hasTwice(List<String> names) {
        return new HashSet<>(names).size() < names.size();
    }

    private static boolean typesAreKnown(Map<?, ?> schema) {
        boolean known = !(schema.get("type") instanceof String type) || TYPES.contains(type);
        return known
                && (!(schema.get("properties") instanceof Map<?, ?> properties)
                        || properties.values().stream()
                                .allMatch(one ->
                                        one instanceof Map<?, ?> inner && typesAreKnown(inner)));
    }

    /** Live records satisfy what is kept anyway, so all of the definition can be checked. */
    private void checkRecords(Holder now) {
        Collection<State.Entry> living = state.livingIn(now).values();
        if (living.stream()
                .anyMatch(
                        one -> !Rules.offending(now.definition().schema(), one.data()).isEmpty())) {
            throw new Refused(Problem.of(ERROR_REASON_SCHEMA_VIOLATION));
        }
        for (Unique unique : now.definition().unique()) {
            checkUnique(unique, living);
        }
        for (Pointer pointer : now.definition().references()) {
            checkPointer(now, pointer, living);
        }
    }

    private static void checkUnique(Unique unique, Collection<State.Entry> living) {
        Set<List<Object>> seen = new HashSet<>();
        for (State.Entry entry : living) {
            if (unique.fields().stream()
                    .anyMatch(field -> Rules.isContainer(Values.at(entry.data().value(), field)))) {
                throw new Refused(Problem.of(ERROR_REASON_SCHEMA_VIOLATION).of(unique.name()));
            }
        }
        for (State.Entry entry : living) {
            List<Object> key = Rules.keyOf(unique, entry.data());
            if (key != null && !seen.add(key)) {
                throw new Refused(
                        Problem.of(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION).of(unique.name()));
            }
        }
    }

    private void checkPointer(Holder now, Pointer pointer, Collection<State.Entry> living) {
        for (State.Entry entry : living) {
            Object value = Values.at(entry.data().value(), pointer.field());
            if (!Rules.isNothing(value) && !(value instanceof String)) {
                throw new Refused(Problem.of(ERROR_REASON_SCHEMA_VIOLATION));
            }
        }
        Holder target =
                pointer.collection().equals(now.name())
                        ? now
                        : attempt.collection(pointer.collection());
        boolean dangling = false;
        Set<Integer> culprits = new TreeSet<>();
        for (State.Entry entry : living) {
            if (Values.at(entry.data().value(), pointer.field()) instanceof String id
                    && state.living(new RecordKey(target.incarnation(), id)) == null) {
                Integer culprit = state.missing.get(new Missing.OfRecord(pointer.collection(), id));
                dangling |= culprit == null;
                culprits.add(culprit == null ? Integer.MAX_VALUE : culprit);
            }
        }
        if (dangling) {
            throw new Refused(Problem.of(ERROR_REASON_REFERENCE_VIOLATION));
        }
        if (!culprits.isEmpty()) {
            throw new Refused(
                    Problem.of(ERROR_REASON_DEPENDENCY_FAILED)
                            .causedBy(culprits.iterator().next()));
        }
    }
}
