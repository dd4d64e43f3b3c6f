package dev.tranche.server.operation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one operation changes in the working set, one after the other: rows it puts, keys it empties. */
final class Edits {
    /** Most operations change a record and its unique keys. */
    private static final int USUAL = 4;

    private final List<Edit> edits = new ArrayList<>(USUAL);

    /** A key, and what stands there now; null for nothing. */
    record Edit(RowKey<?> key, @Nullable Object row) {}

    static Edits none() {
        return new Edits();
    }

    <R> Edits put(RowKey<R> key, R row) {
        edits.add(new Edit(key, row));
        return this;
    }

    Edits remove(RowKey<?> key) {
        edits.add(new Edit(key, null));
        return this;
    }

    List<Edit> inOrder() {
        return edits;
    }
}
