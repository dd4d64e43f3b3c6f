package dev.tranche.server.config;

import dev.tranche.server.config.Setting.Limit;
import java.time.Duration;

/**
 * How long things are kept after they are over, and how accounts are followed.
 *
 * @param keptTime the payload of a failed record, since it was last tried
 * @param accountsTime the account of a batch, since its last change
 * @param tombstonesTime what was deleted: records, collections, workspaces
 * @param janitorInterval from the end of one round of removing to the begin of the next
 * @param janitorPause between two steps of a round
 * @param janitorRowsMax rows that one step removes
 * @param watchInterval between two looks at a batch that somebody follows
 */
public record AccountLimits(
        Duration keptTime,
        Duration accountsTime,
        Duration tombstonesTime,
        Duration janitorInterval,
        Duration janitorPause,
        int janitorRowsMax,
        Duration watchInterval) {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long YEARS = 3_650 * DAY;

    static final Limit KEPT_TIME =
            new Limit(
                    "kept-time",
                    Unit.TIME,
                    MINUTE,
                    7 * DAY,
                    YEARS,
                    "How long a failed record is kept for a retry, since it was last tried");
    static final Limit ACCOUNTS_TIME =
            new Limit(
                    "accounts-time",
                    Unit.TIME,
                    DAY,
                    30 * DAY,
                    YEARS,
                    "How long the account of a batch is kept after its last change");
    static final Limit TOMBSTONES_TIME =
            new Limit(
                    "tombstones-time",
                    Unit.TIME,
                    HOUR,
                    30 * DAY,
                    YEARS,
                    "How long deleted records, collections and workspaces stay in the database");
    static final Limit JANITOR_INTERVAL =
            new Limit(
                    "janitor-interval",
                    Unit.TIME,
                    100,
                    10 * MINUTE,
                    DAY,
                    "Time between two rounds of removing what is past its time");
    static final Limit JANITOR_PAUSE =
            new Limit(
                    "janitor-pause",
                    Unit.TIME,
                    0,
                    50,
                    MINUTE,
                    "Time between two steps of such a round");
    static final Limit JANITOR_ROWS_MAX =
            new Limit(
                    "janitor-rows-max",
                    Unit.COUNT,
                    1,
                    500,
                    10_000,
                    "Rows that one step removes, in one transaction");
    static final Limit WATCH_INTERVAL =
            new Limit(
                    "watch-interval",
                    Unit.TIME,
                    10,
                    500,
                    10 * SECOND,
                    "Time between two looks at a batch that somebody follows");
    static final Section SECTION =
            new Section(
                    "Accounts and retention",
                    KEPT_TIME,
                    ACCOUNTS_TIME,
                    TOMBSTONES_TIME,
                    JANITOR_INTERVAL,
                    JANITOR_PAUSE,
                    JANITOR_ROWS_MAX,
                    WATCH_INTERVAL);

    static AccountLimits of(Values values) {
        return new AccountLimits(
                values.time(KEPT_TIME),
                values.time(ACCOUNTS_TIME),
                values.time(TOMBSTONES_TIME),
                values.time(JANITOR_INTERVAL),
                values.time(JANITOR_PAUSE),
                values.count(JANITOR_ROWS_MAX),
                values.time(WATCH_INTERVAL));
    }
}
