package dev.tranche.server.operation;

import org.jspecify.annotations.Nullable;

/** Looks into a snapshot, for tests of those who fill it. */
public final class LoadedRows {
    private LoadedRows() {}

    /** What is loaded for a key; null if nothing is there. */
    public static <R> @Nullable R get(Snapshot snapshot, RowKey<R> key) {
        if (!snapshot.knows(key, LockMode.SHARED)) {
            throw new AssertionError("not loaded: " + key);
        }
        return snapshot.get(key);
    }

    /** Whether a key is loaded under a lock at least this strong. */
    public static boolean knows(Snapshot snapshot, RowKey<?> key, LockMode mode) {
        return snapshot.knows(key, mode);
    }
}
