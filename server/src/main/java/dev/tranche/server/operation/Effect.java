package dev.tranche.server.operation;

/** What an operation that succeeded did. */
public enum Effect {
    /** Something new is there; also a revival. */
    INSERTED,
    /** Something that was there is different. */
    UPDATED,
    /** Nothing needed to be done. */
    UNCHANGED,
    /** Something is gone. */
    DELETED,
    /** Something was read. */
    READ
}
