package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;

/**
 * A batch that a call works on.
 *
 * @param batch its account, RUNNING unless it is complete
 * @param first whether the call is the first attempt, or goes on with it; else it is a retry
 */
record Claim(Batch batch, Standing standing, boolean first) {

    /** What the database knows of a batch. */
    enum Standing {
        /** Nothing. */
        NEW,
        /** The account, but nothing that would bind its request id. */
        UNBOUND,
        /** The account, and perhaps records. */
        BOUND,
        /** All of it: nothing is left to do. */
        COMPLETE;

        boolean isStored() {
            return this != NEW;
        }
    }
}
