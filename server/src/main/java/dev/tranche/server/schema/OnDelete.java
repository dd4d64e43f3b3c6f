package dev.tranche.server.schema;

/** What the deletion of a record means for those that point at it. */
public enum OnDelete {
    /** It is not deleted as long as they do. */
    RESTRICT,
    /** They are deleted with it. */
    CASCADE
}
