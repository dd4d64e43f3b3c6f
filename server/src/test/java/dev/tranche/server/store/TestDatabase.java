package dev.tranche.server.store;

import dev.tranche.db.ConnectionUrl;
import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.Migrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * A migrated database for one test, empty but for the workspace {@code default}, in the one MariaDB
 * that all tests of a JVM share.
 */
public final class TestDatabase implements AutoCloseable {
    /** Small enough to be exceeded. */
    static final LoadLimits LIMITS = new LoadLimits(50, 100_000, 1 << 20, 150);

    private static final Duration SOCKET_TIME = Duration.ofSeconds(60);
    private static final int LOCK_WAIT = 1205;
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Those that earlier tests have done with, emptied. */
    private static final Queue<TestDatabase> FREE = new ConcurrentLinkedQueue<>();

    private final String url;

    /** Starts when the first test asks for it, and ends with the JVM. */
    private static final class Server {
        private static final EmbeddedMariaDb INSTANCE = start();

        private static EmbeddedMariaDb start() {
            EmbeddedMariaDb server = EmbeddedMariaDb.ephemeral();
            Migrations.migrate(
                    server.jdbcUrl(),
                    server.user(),
                    server.password(),
                    Migrations.WAIT_MAX_DEFAULT);
            return server;
        }
    }

    private TestDatabase(String url) {
        this.url = url;
    }

    /** One that nobody else has until it is closed. */
    public static TestDatabase open() {
        TestDatabase free = FREE.poll();
        return free == null ? create() : free;
    }

    /** Copies the tables, for that takes less time than a migration. */
    private static TestDatabase create() {
        String name = "test_" + COUNT.incrementAndGet();
        try (Connection connection = connect(Server.INSTANCE.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin");
            for (String table : tables(connection)) {
                statement.execute("CREATE TABLE " + name + "." + table + " LIKE " + table);
            }
            statement.execute("INSERT INTO " + name + ".workspace SELECT * FROM workspace");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        String address = "jdbc:mariadb://127.0.0.1:" + Server.INSTANCE.port() + "/";
        return new TestDatabase(ConnectionUrl.complete(address + name, SOCKET_TIME));
    }

    /** Empties it for the next test. Whoever had it open has closed it. */
    @Override
    public void close() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String table : tables(connection)) {
                if (!table.equals("workspace")) {
                    statement.execute("DELETE FROM " + table);
                }
            }
            statement.execute("DELETE FROM workspace WHERE id <> 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        FREE.add(this);
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW TABLES")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    /** What a store needs to know, with four connections and 3 s for a transaction. */
    public DatabaseSettings settings() {
        return new DatabaseSettings(
                url, Server.INSTANCE.user(), Server.INSTANCE.password(), 4, Duration.ofSeconds(3));
    }

    /** A store over it. */
    public Database store(LoadLimits limits) {
        return store(limits, UnaryOperator.identity());
    }

    /** A store with something between its pool and its statements: {@link WatchedDataSource}. */
    public Database store(LoadLimits limits, UnaryOperator<DataSource> around) {
        return Database.open(settings(), limits, around);
    }

    /** A connection past the store; commits by itself. */
    public Connection connect() throws SQLException {
        return connect(url);
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, Server.INSTANCE.user(), Server.INSTANCE.password());
    }

    /** Whether a locking read that does not wait gets its locks. */
    boolean isFree(String lockingRead) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(lockingRead);
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == LOCK_WAIT) {
                return false;
            }
            throw new IllegalStateException(e);
        }
    }
}
