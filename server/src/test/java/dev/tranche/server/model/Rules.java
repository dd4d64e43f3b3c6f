package dev.tranche.server.model;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;

import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.State.Document;
import dev.tranche.server.model.State.Entry;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.Missing;
import dev.tranche.server.model.State.Pointer;
import dev.tranche.server.model.State.RecordKey;
import dev.tranche.server.model.State.Unique;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a collection demands of the data of its records. */
final class Rules {
    private final Attempt attempt;
    private final State state;

    Rules(Attempt attempt) {
        this.attempt = attempt;
        this.state = attempt.state();
    }

    /** Refuses data that its collection does not allow. */
    void check(Holder holder, RecordKey key, Document data) {
        Set<String> offending = offending(holder.definition().schema(), data);
        if (!offending.isEmpty()) {
            throw new Refused(
                    Problem.at(
                            ERROR_REASON_SCHEMA_VIOLATION,
                            offending.stream()
                                    .map(pointer -> attempt.path("data") + pointer)
                                    .toArray(String[]::new)));
        }
        for (Unique unique : holder.definition().unique()) {
            checkUnique(holder, key, unique, values(unique, data));
        }
        for (Pointer pointer : holder.definition().references()) {
            checkPointer(key, pointer, data);
        }
    }

    /**
     * What data gives for a unique constraint; an object or array ends the operation.
     *
     * @return null if the record is not held to it
     */
    @Nullable List<Object> values(Unique unique, Document data) {
        for (String field : unique.fields()) {
            if (isContainer(Values.at(data.value(), field))) {
                throw new Refused(
                        Problem.at(ERROR_REASON_SCHEMA_VIOLATION, path(field)).of(unique.name()));
            }
        }
        return keyOf(unique, data);
    }

    /** The values of a constraint; null if one is missing, null, an object or an array. */
    static @Nullable List<Object> keyOf(Unique unique, Document data) {
        List<Object> values = new ArrayList<>();
        for (String field : unique.fields()) {
            Object value = Values.at(data.value(), field);
            if (isNothing(value) || isContainer(value)) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    static boolean isNothing(@Nullable Object value) {
        return value == null || value == Values.Null.NULL;
    }

    static boolean isContainer(@Nullable Object value) {
        return value instanceof Map || value instanceof List;
    }

    /**
     * Where data breaks a schema of the family that is generated: pointers, of a missing member that
     * of the object.
     */
    static Set<String> offending(@Nullable Document schema, Document data) {
        Set<String> offending = new TreeSet<>();
        if (schema == null) {
            return offending;
        }
        if (schema.value().get("required") instanceof List<?> required
                && !data.value().keySet().containsAll(required)) {
            offending.add("");
        }
        if (schema.value().get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, rule) -> {
                Object value = data.value().get((String) name);
                if (value != null && !fits(((Map<?, ?>) rule).get("type"), value)) {
                    offending.add("/" + name);
                }
            });
        }
        return offending;
    }

    private static boolean fits(@Nullable Object type, Object value) {
        return switch (String.valueOf(type)) {
            case "integer" -> value instanceof BigDecimal number && number.scale() <= 0;
            case "string" -> value instanceof String;
            case "object" -> value instanceof Map;
            default -> throw new IllegalArgumentException("a type of no family: " + type);
        };
    }

    private void checkUnique(
            Holder holder, RecordKey key, Unique unique, @Nullable List<Object> values) {
        if (values == null) {
            return;
        }
        for (Map.Entry<RecordKey, Entry> other : state.livingIn(holder).entrySet()) {
            if (!other.getKey().equals(key)
                    && values.equals(keyOf(unique, other.getValue().data()))) {
                throw new Refused(
                        Problem.of(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION)
                                .of(unique.name())
                                .inTheWay(Set.of(other.getKey().id()))
                                .causedBy(state.writers.get(other.getKey())));
            }
        }
    }

    /** The record itself will do as the target of its own reference. */
    private void checkPointer(RecordKey key, Pointer pointer, Document data) {
        Object value = Values.at(data.value(), pointer.field());
        if (isNothing(value)) {
            return;
        }
        if (!(value instanceof String id)) {
            throw new Refused(Problem.at(ERROR_REASON_SCHEMA_VIOLATION, path(pointer.field())));
        }
        Holder target = attempt.collection(pointer.collection());
        RecordKey pointed = new RecordKey(target.incarnation(), id);
        if (!pointed.equals(key) && state.living(pointed) == null) {
            throw attempt.missing(
                    ERROR_REASON_REFERENCE_VIOLATION,
                    new Missing.OfRecord(pointer.collection(), id));
        }
    }

    private String path(String field) {
        return attempt.path("data") + "/" + field.replace('.', '/');
    }
}
