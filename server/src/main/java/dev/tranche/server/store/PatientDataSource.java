package dev.tranche.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * Makes the pool's connections. While the database is away it tries on, several times a second, until
 * the database is back: left to itself the pool would pause for up to five seconds after a failure,
 * and refuse calls for as long although the database is there again.
 */
final class PatientDataSource extends MariaDbDataSource {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final TimeLimits limits;
    private volatile @Nullable SQLException failure;

    /**
     * @param limits every connection's
     */
    PatientDataSource(String url, String user, String password, TimeLimits limits)
            throws SQLException {
        super(url);
        this.limits = limits;
        setUser(user);
        setPassword(password);
    }

    /** Why the last attempt failed; null if it did not. */
    @Nullable SQLException failure() {
        return failure;
    }

    /** A connection at once, or an error. */
    Connection attempt() throws SQLException {
        Connection connection = super.getConnection();
        try {
            limits.announce(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Waits until there is a connection.
     *
     * @throws SQLException if it was interrupted, as the pool does when it closes
     */
    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            try {
                Connection connection = attempt();
                failure = null;
                return connection;
            } catch (SQLException e) {
                failure = e;
                pause(e);
            }
        }
    }

    private static void pause(SQLException cause) throws SQLException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }
}
