package dev.tranche.server.batch;

/** Port: takes accounts out of sight. The data that their batches wrote stays. */
public interface AccountRemoval {

    /** What came of it. */
    enum Removal {
        /** Nobody finds it any more, but for its request id. */
        REMOVED,
        /** Somebody works on the batch. */
        BUSY,
        /** The workspace has none of this id, or not any more. */
        MISSING
    }

    /**
     * Removes an account, in constant time and in a transaction of its own: its results and payloads
     * go later. Whoever worked on the batch, and lost it, can write no more.
     *
     * @throws dev.tranche.server.operation.CallFailure DATABASE_UNAVAILABLE, TRANSACTION_CONFLICT, or
     *     OUTCOME_UNKNOWN if the connection broke at COMMIT
     */
    Removal remove(long workspaceId, String batchId);
}
