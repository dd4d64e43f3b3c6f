package dev.tranche.server.operation;

/** Whether operations may change the collections of a workspace; it stays what it was created as. */
public enum WorkspaceStage {
    /** They may. */
    PREVIEW,
    /** They may not: the schema is locked. */
    PRODUCTION
}
