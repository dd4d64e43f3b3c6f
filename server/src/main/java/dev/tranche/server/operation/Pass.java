package dev.tranche.server.operation;

import java.util.List;

/** What one pass over all operations comes to. */
public sealed interface Pass {

    /** Load these and start over. */
    record Incomplete(Needs needs) implements Pass {}

    /**
     * Every operation has its outcome, provided that nobody holds the unique keys it claims.
     *
     * @param outcomes one per item, in order
     * @param changes those of the operations that succeeded, once the claims are granted
     * @param claims load these, and start over if somebody holds one of them
     */
    record Complete(List<IndexedOutcome> outcomes, Changes changes, Needs claims) implements Pass {}
}
