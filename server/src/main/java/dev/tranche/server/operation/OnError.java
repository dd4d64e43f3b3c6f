package dev.tranche.server.operation;

/** What a failed operation means for the others of its batch. */
public enum OnError {
    /** All or nothing. */
    ROLLBACK,
    /** The failed one leaves no trace, the others stand. */
    CONTINUE,
    /** As CONTINUE up to the first failure; the rest is not attempted. */
    STOP
}
