package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.UniqueKey;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keys the working set must know, each with the lock it takes, in the total order of locks. */
public final class Needs {
    private final TreeMap<RowKey<?>, LockMode> keys = new TreeMap<>();
    private final Map<UniqueKey, String> claims = new HashMap<>();

    /** Asks for a key; of two modes the stronger one counts. */
    public void add(RowKey<?> key, LockMode mode) {
        keys.merge(key, mode, LockMode::or);
    }

    /**
     * Asks for a key, and for the record to have it if nobody has; of two records the one that asked
     * first.
     */
    public void claim(UniqueKey key, String recordId) {
        add(key, LockMode.EXCLUSIVE);
        claims.putIfAbsent(key, recordId);
    }

    /** Asks for all of another's keys. */
    public void addAll(Needs other) {
        other.claims.forEach(claims::putIfAbsent);
        if (keys.isEmpty()) {
            // In linear time, for they are sorted.
            keys.putAll(other.keys);
        } else {
            other.keys.forEach(this::add);
        }
    }

    /** Whether nothing is asked for. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The keys in the order their locks are taken. */
    public SortedMap<RowKey<?>, LockMode> inOrder() {
        return keys;
    }

    /** The id of the record that is to have it, by unique key; not every key is claimed. */
    public Map<UniqueKey, String> claims() {
        return claims;
    }

    /**
     * The keys of the first table asked for. Later tables wait for the next round: what an operation
     * needs of them may depend on these, and locks must not be taken backwards.
     */
    public Needs firstTable() {
        int rank = keys.firstKey().rank();
        if (keys.lastKey().rank() == rank) {
            return this;
        }
        Needs first = new Needs();
        for (Map.Entry<RowKey<?>, LockMode> entry : keys.entrySet()) {
            if (entry.getKey().rank() != rank) {
                break;
            }
            first.keys.put(entry.getKey(), entry.getValue());
        }
        if (first.keys.lastKey() instanceof UniqueKey) {
            first.claims.putAll(claims);
        }
        return first;
    }

    /** Whether every key comes after all of the other's in the order of locks. */
    public boolean isAfter(Needs other) {
        return keys.isEmpty()
                || other.keys.isEmpty()
                || keys.firstKey().compareTo(other.keys.lastKey()) > 0;
    }
}
