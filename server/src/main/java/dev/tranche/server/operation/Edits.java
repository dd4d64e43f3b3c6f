package dev.tranche.server.operation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one operation changes in the working set: rows it puts, and keys it empties. */
final class Edits {
    private final Map<RowKey<?>, Entry> rows = new LinkedHashMap<>();

    record Entry(@Nullable Object row) {}

    static Edits none() {
        return new Edits();
    }

    <R> Edits put(RowKey<R> key, R row) {
        rows.put(key, new Entry(row));
        return this;
    }

    Edits remove(RowKey<?> key) {
        rows.put(key, new Entry(null));
        return this;
    }

    Map<RowKey<?>, Entry> rows() {
        return rows;
    }
}
