package dev.tranche.server.batch;

/** What a record of an INSERT that fails means for the others. Stored by name. */
public enum Atomicity {
    /** Nothing. */
    PER_RECORD,
    /** None of them stands. */
    ALL
}
