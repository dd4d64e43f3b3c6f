package dev.tranche.server.batch;

/**
 * What happens to a record of an INSERT whose id or unique values another record has. Stored by
 * name.
 */
public enum OnConflict {
    /** It fails. */
    FAIL,
    /** It is left out. */
    SKIP,
    /** It replaces the data of the record it means. */
    UPDATE
}
