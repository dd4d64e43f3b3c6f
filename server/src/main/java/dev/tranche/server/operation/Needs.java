package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.UniqueKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys the working set must know, each with the lock it takes. */
public final class Needs {
    private final Map<RowKey<?>, Need> needs = new HashMap<>();

    /** All of them in the order of locks; null if that is not known yet. */
    private @Nullable List<Need> sorted;

    /**
     * One key.
     *
     * @param claimant id of the record that is to have the key if nobody has; null to leave it so
     */
    public record Need(RowKey<?> key, LockMode mode, @Nullable String claimant) {

        /** What both ask for: the stronger lock, and the record that asked first. */
        private Need and(Need other) {
            return new Need(key, mode.or(other.mode), claimant == null ? other.claimant : claimant);
        }
    }

    /** Asks for a key; of two modes the stronger one counts. */
    public void add(RowKey<?> key, LockMode mode) {
        add(new Need(key, mode, null));
    }

    /**
     * Asks for a key, and for the record to have it if nobody has; of two records the one that asked
     * first.
     */
    public void claim(UniqueKey key, String recordId) {
        add(new Need(key, LockMode.EXCLUSIVE, recordId));
    }

    /** Asks for all of another's keys. */
    public void addAll(Needs other) {
        other.needs.values().forEach(this::add);
    }

    private void add(Need need) {
        needs.merge(need.key(), need, Need::and);
        sorted = null;
    }

    /** Whether nothing is asked for. */
    public boolean isEmpty() {
        return needs.isEmpty();
    }

    /** In the order their locks are taken. */
    public List<Need> inOrder() {
        if (sorted == null) {
            List<Need> all = new ArrayList<>(needs.values());
            all.sort(Comparator.comparing(Need::key));
            sorted = all;
        }
        return sorted;
    }

    /** Id of the record that is to have a key; null if none is. */
    @Nullable String claimant(UniqueKey key) {
        Need need = needs.get(key);
        return need == null ? null : need.claimant();
    }

    /**
     * The keys to be loaded next, and in one go. Up to the records these are those of the first table
     * asked for: what an operation needs of later ones may depend on them, and locks must not be taken
     * backwards. Of all that hangs on records an operation knows at once what it needs.
     */
    public Needs next() {
        int rank = inOrder().getFirst().key().rank();
        if (rank > RowKey.RECORD_RANK || inOrder().getLast().key().rank() == rank) {
            return this;
        }
        Needs first = new Needs();
        inOrder().stream().takeWhile(need -> need.key().rank() == rank).forEach(first::add);
        return first;
    }
}
