package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.Links;
import dev.tranche.server.operation.Rows.Scan;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a transaction has loaded: each key is present, known to be absent, or not loaded. */
public final class Snapshot {
    private final Map<RowKey<?>, Entry> entries;

    /** Unique keys that nobody had, each with the id of the record that the database holds it for. */
    private final Map<UniqueKey, String> claimed;

    private record Entry(@Nullable Object row, LockMode mode) {}

    public Snapshot() {
        this(Map.of(), Map.of());
    }

    private Snapshot(Map<RowKey<?>, Entry> entries, Map<UniqueKey, String> claimed) {
        this.entries = new HashMap<>(entries);
        this.claimed = new HashMap<>(claimed);
    }

    /** What is loaded so far; what is loaded from now on is not in it. */
    public Snapshot copy() {
        return new Snapshot(entries, claimed);
    }

    /** Whether the same was loaded: whatever is read of one, is read of the other. */
    public boolean isSameAs(Snapshot other) {
        return entries.equals(other.entries) && claimed.equals(other.claimed);
    }

    /**
     * Records what the database answered for a key.
     *
     * @param row null if there is none
     * @param mode the lock it was read under
     */
    public <R> void put(RowKey<R> key, @Nullable R row, LockMode mode) {
        entries.put(key, new Entry(row, mode));
    }

    /**
     * Records all live records of a collection. They count as locked exclusively: whoever asks for
     * them holds the collection's row, which every writer of its records must share.
     */
    public void putScan(ScanKey key, Scan scan) {
        put(key, scan, LockMode.EXCLUSIVE);
        scan.rows().forEach(row -> put(row.key(), row, LockMode.EXCLUSIVE));
    }

    /** Records the relationships at a record, each locked exclusively. */
    public void putLinks(LinksKey key, Links links) {
        put(key, links, LockMode.EXCLUSIVE);
        links.rows().forEach(row -> put(row.key(), row, LockMode.EXCLUSIVE));
    }

    /**
     * Records a unique key that nobody had, and that the database now holds for a record: to the
     * operations it is free until one of them takes it.
     */
    public void putClaimed(UniqueKey key, String recordId) {
        entries.remove(key);
        claimed.put(key, recordId);
    }

    /** Records that a key which was to be claimed is another record's. */
    public void putTaken(UniqueKey key, String recordId) {
        claimed.remove(key);
        put(key, recordId, LockMode.EXCLUSIVE);
    }

    /** The keys that were claimed, each with the id of the record that the database holds it for. */
    Map<UniqueKey, String> claimed() {
        return claimed;
    }

    /** Whether every key that was to be claimed is the record's that claimed it. */
    public boolean grants(Needs claims) {
        return claims.inOrder().stream().allMatch(claim -> get(claim.key()) == null);
    }

    /** Whether the key was loaded under a lock at least this strong. */
    boolean knows(RowKey<?> key, LockMode mode) {
        Entry entry = entries.get(key);
        return entry == null ? claimed.containsKey(key) : entry.mode().compareTo(mode) >= 0;
    }

    /** Whether the key was loaded, and nothing was there. */
    boolean knowsAbsent(RowKey<?> key) {
        Entry entry = entries.get(key);
        return entry == null ? claimed.containsKey(key) : entry.row() == null;
    }

    /** The row; null if it is absent or was not loaded. */
    @SuppressWarnings("unchecked") // put() pairs every key with a row of its type
    <R> @Nullable R get(RowKey<R> key) {
        Entry entry = entries.get(key);
        return entry == null ? null : (R) entry.row();
    }
}
