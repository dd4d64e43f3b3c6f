package dev.tranche.server.batch;

/** How far a batch is. Stored by name. */
public enum BatchState {
    /** Somebody works on it. */
    RUNNING,
    /** Every item succeeded. */
    SUCCEEDED,
    /** Some items succeeded. */
    PARTIALLY_SUCCEEDED,
    /** No item succeeded. */
    FAILED,
    /** The call was cancelled or broke, or its server went away, half-way. */
    INTERRUPTED
}
