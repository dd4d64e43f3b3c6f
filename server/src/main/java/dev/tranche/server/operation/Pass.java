package dev.tranche.server.operation;

import java.util.List;

/** What one pass over all operations comes to. */
public sealed interface Pass {

    /** Load these and start over. */
    record Incomplete(Needs needs) implements Pass {}

    /**
     * Every operation has its outcome.
     *
     * @param outcomes one per item, in order
     * @param changes those of the operations that succeeded
     */
    record Complete(List<IndexedOutcome> outcomes, Changes changes) implements Pass {}
}
