package dev.tranche.server.engine;

import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.RowKey.RecordKey;

/** What a program is known to lock, kept from one run of its transaction to the next. */
public final class Locks {
    private final Needs known = new Needs();
    private int rounds;
    private boolean restarting;

    /** What is taken first, in order. */
    Needs known() {
        return known;
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
    int add(Needs found) {
        known.addAll(found);
        if (found.inOrder().firstKey() instanceof RecordKey) {
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
