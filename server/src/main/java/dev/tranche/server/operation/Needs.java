package dev.tranche.server.operation;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keys the working set must know, each with the lock it takes, in the total order of locks. */
public final class Needs {
    private final TreeMap<RowKey<?>, LockMode> keys = new TreeMap<>();

    /** Asks for a key; of two modes the stronger one counts. */
    public void add(RowKey<?> key, LockMode mode) {
        keys.merge(key, mode, LockMode::or);
    }

    /** Asks for all of another's keys. */
    public void addAll(Needs other) {
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
        return first;
    }

    /** Whether every key comes after all of the other's in the order of locks. */
    public boolean isAfter(Needs other) {
        return keys.isEmpty()
                || other.keys.isEmpty()
                || keys.firstKey().compareTo(other.keys.lastKey()) > 0;
    }
}
