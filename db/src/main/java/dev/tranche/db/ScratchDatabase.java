package dev.tranche.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;

/**
 * A fresh database for a test, on a server that all tests of this JVM share: an ephemeral one, or
 * the one that the system properties {@code tranche.test.db-url} ({@code jdbc:mariadb://HOST:PORT/},
 * without a database), {@code tranche.test.db-user} and {@code tranche.test.db-password} name, whose
 * account may create and drop databases.
 *
 * <p>Closing it drops it. One a test class is meant: making one takes a fraction of a second.
 */
public final class ScratchDatabase implements AutoCloseable {
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    private final Server server;
    private final String name;

    private ScratchDatabase(Server server, String name) {
        this.server = server;
        this.name = name;
    }

    /** The server they are on. */
    private record Server(String address, String user, String password) {
        static final Server SHARED = find();

        private static Server find() {
            String url = System.getProperty("tranche.test.db-url", "");
            if (!url.isEmpty()) {
                return new Server(
                        url.endsWith("/") ? url : url + "/",
                        System.getProperty("tranche.test.db-user", ""),
                        System.getProperty("tranche.test.db-password", ""));
            }
            EmbeddedMariaDb embedded = EmbeddedMariaDb.ephemeral();
            return new Server(embedded.address(), embedded.user(), embedded.password());
        }
    }

    /** Makes one with the tables of this version and nothing in them but what migrations put in. */
    public static ScratchDatabase create() {
        ScratchDatabase database = createEmpty();
        Migrations.migrate(
                database.jdbcUrl(),
                database.user(),
                database.password(),
                Migrations.WAIT_MAX_DEFAULT);
        return database;
    }

    /** Makes one without tables. */
    public static ScratchDatabase createEmpty() {
        String name = "scratch_" + UUID.randomUUID().toString().replace("-", "");
        ScratchDatabase database = new ScratchDatabase(Server.SHARED, name);
        database.execute("CREATE DATABASE " + name);
        return database;
    }

    /** Its URL, with all that {@link ConnectionUrl} adds. */
    public String jdbcUrl() {
        return url(name);
    }

    /** An account that may do everything in it. */
    public String user() {
        return server.user();
    }

    /** The account's password. */
    public String password() {
        return server.password();
    }

    /** A connection of its own; the caller closes it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user(), password());
    }

    /** Drops it. */
    @Override
    public void close() {
        execute("DROP DATABASE IF EXISTS " + name);
    }

    private String url(String database) {
        return ConnectionUrl.complete(server.address() + database, SOCKET_TIMEOUT);
    }

    private void execute(String sql) {
        try (Connection connection =
                        DriverManager.getConnection(url(""), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new DatabaseUnusableException(
                    "the database server of the tests refuses: " + sql, e);
        }
    }
}
