package dev.tranche.server.store;

/**
 * How many rows a transaction may still look up by asking about one key alone. It is enough for as
 * many keys that have too many rows as an {@code ExecuteBatch} has operations by default.
 */
final class Allowance {
    private static final int KEYS = 100;
    private long rows;

    /**
     * @param rowsMax of one key
     */
    Allowance(int rowsMax) {
        rows = KEYS * (rowsMax + 1L);
    }

    boolean isLeft() {
        return rows > 0;
    }

    void spend(int found) {
        rows -= found;
    }
}
