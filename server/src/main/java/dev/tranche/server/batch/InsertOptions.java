package dev.tranche.server.batch;

import org.jspecify.annotations.Nullable;

/**
 * How the records of an INSERT are inserted, in its first attempt and in its retries.
 *
 * @param conflictConstraint name of the unique constraint that says which record is replaced; null if
 *     the ids do, or nothing is
 * @param failuresMax the failure that makes so many ends the first attempt; 0 for no such end
 * @param ordered whether the caller asked for the end at the first failure by that name; {@code
 *     failuresMax} is 1 then
 */
public record InsertOptions(
        OnConflict onConflict,
        @Nullable String conflictConstraint,
        Atomicity atomicity,
        int failuresMax,
        boolean ordered) {

    /** Each for itself, conflicts fail. */
    public static final InsertOptions DEFAULTS =
            new InsertOptions(OnConflict.FAIL, null, Atomicity.PER_RECORD, 0, false);

    /** Whether all of its records stand or fall together. */
    public boolean allOrNothing() {
        return atomicity == Atomicity.ALL;
    }
}
