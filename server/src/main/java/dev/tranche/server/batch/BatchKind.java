package dev.tranche.server.batch;

/** What kind of call a batch accounts for. Stored by name. */
public enum BatchKind {
    /** One {@code ExecuteBatch}. */
    EXECUTE,
    /** One {@code BatchInsert}, with its retries. */
    INSERT
}
