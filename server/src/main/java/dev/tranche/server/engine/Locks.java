package dev.tranche.server.engine;

import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** What a program is known to lock, kept from one run of its transaction to the next. */
public final class Locks {
    /** In the order it was found out. */
    private final List<Needs> found = new ArrayList<>();

    private Snapshot begun = new Snapshot();
    private int rounds;
    private boolean restarting;

    /** What is taken first, in order. */
    Needs known() {
        Needs known = new Needs();
        found.forEach(known::addAll);
        return known;
    }

    /** The rows that the last run had when it began to apply operations. */
    public Snapshot begun() {
        return begun;
    }

    void begun(Snapshot rows) {
        begun = rows;
    }

    /** Notes what a program needs, found out without a run. */
    public Locks foreseeing(Needs needs) {
        found.add(needs);
        return this;
    }

    /** Called when a run begins. Only one that found its locks out of order goes on counting. */
    void begin() {
        if (!restarting) {
            rounds = 0;
        }
        restarting = false;
    }

    /**
     * Takes note of what a run found it needs.
     *
     * @return how often records were asked for so far, each time because of what was read before
     */
    int add(Needs needs) {
        found.add(needs);
        if (needs.inOrder().getFirst().key() instanceof RecordKey) {
            rounds++;
        }
        return rounds;
    }

    /** Ends a run whose locks would be taken out of order. */
    LocksOutOfOrder restart() {
        restarting = true;
        return new LocksOutOfOrder();
    }
}
