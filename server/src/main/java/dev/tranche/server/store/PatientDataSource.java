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

    private volatile @Nullable SQLException failure;

    PatientDataSource(String url, String user, String password) throws SQLException {
        super(url);
        setUser(user);
        setPassword(password);
    }

    /** Why the last attempt failed; null if it did not. */
    @Nullable SQLException failure() {
        return failure;
    }

    /** A connection at once, or an error. */
    Connection attempt() throws SQLException {
        return super.getConnection();
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
