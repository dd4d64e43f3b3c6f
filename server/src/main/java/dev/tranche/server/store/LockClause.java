package dev.tranche.server.store;

import dev.tranche.server.operation.LockMode;

/** What a statement that loads rows says about locks. */
enum LockClause {
    /** Nothing: it reads the transaction's snapshot, and waits for nobody. */
    NONE(""),
    /** LOCK IN SHARE MODE. */
    SHARED("LOCK IN SHARE MODE"),
    /** FOR UPDATE. */
    EXCLUSIVE("FOR UPDATE");

    private final String sql;

    LockClause(String sql) {
        this.sql = sql;
    }

    /** What stands at the end of the statement. */
    public String sql() {
        return sql;
    }

    /**
     * The clause for a lock that is asked for.
     *
     * @param locking whether the transaction takes locks at all
     */
    static LockClause of(LockMode mode, boolean locking) {
        if (!locking) {
            return NONE;
        }
        return switch (mode) {
            case SHARED -> SHARED;
            case EXCLUSIVE -> EXCLUSIVE;
        };
    }
}
