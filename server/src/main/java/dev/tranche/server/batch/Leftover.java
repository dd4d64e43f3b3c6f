package dev.tranche.server.batch;

/** What is left in the database after its time, in the order in which it is removed. */
public enum Leftover {
    /** Payloads of failed records, kept for retries. */
    PAYLOADS,
    /** Accounts that nobody has changed for a long time: they are deleted as by their callers. */
    OLD_ACCOUNTS,
    /**
     * Results and payloads of deleted accounts, then the accounts. While its request id is taken an
     * account keeps its results, for whoever repeats the call.
     */
    DELETED_ACCOUNTS,
    /** Deleted records, with their references. */
    RECORDS,
    /** What was in deleted collections, and in those of deleted workspaces; then they themselves. */
    COLLECTIONS,
    /** Deleted workspaces with nothing in them any more. */
    WORKSPACES
}
