package dev.tranche.server.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * How long the database works or waits for a connection before it gives up by itself. Every
 * connection of the pool has those of a whole transaction, so that most have nothing to say.
 *
 * @param left what the transaction has
 */
record TimeLimits(Duration left) {
    /** COMMIT falls under the limit, too. */
    private static final Duration STATEMENT_MIN = Duration.ofMillis(100);

    /** The database knows whole seconds only, and 0 would mean not to wait at all. */
    private static final Duration LOCK_WAIT_MIN = Duration.ofSeconds(1);

    /** Whether they do for a transaction that has this much left: none may run for long past it. */
    boolean suit(Duration other) {
        return left.compareTo(other) >= 0 && left.compareTo(other.multipliedBy(2)) <= 0;
    }

    /** Tells the database. They stay with the connection. */
    void announce(Connection connection) throws SQLException {
        BigDecimal statementSeconds = BigDecimal.valueOf(longer(left, STATEMENT_MIN).toMillis(), 3);
        long lockWaitSeconds = longer(left.dividedBy(3), LOCK_WAIT_MIN).toSeconds();
        // It ends the transaction of a server that was stopped in the middle of it.
        long idleSeconds = left.toSeconds() + 1;
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET SESSION max_statement_time = "
                            + statementSeconds.toPlainString()
                            + ", innodb_lock_wait_timeout = "
                            + lockWaitSeconds
                            + ", idle_transaction_timeout = "
                            + idleSeconds);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
