package dev.tranche.server.store;

import dev.tranche.db.ScratchDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * A migrated database for one test, empty but for the workspace {@code default}. Tests hand them on:
 * to empty one takes less time than to make one.
 */
public final class TestDatabase implements AutoCloseable {
    /** Small enough to be exceeded. */
    static final LoadLimits LIMITS = new LoadLimits(50, 100_000, 1 << 20, 150);

    private static final int LOCK_WAIT = 1205;

    /** Those that earlier tests have done with, emptied. */
    private static final Queue<TestDatabase> FREE = new ConcurrentLinkedQueue<>();

    private final ScratchDatabase database;

    private TestDatabase(ScratchDatabase database) {
        this.database = database;
    }

    /** One that nobody else has until it is closed. */
    public static TestDatabase open() {
        TestDatabase free = FREE.poll();
        return free == null ? new TestDatabase(ScratchDatabase.create()) : free;
    }

    /** Empties it for the next test. Whoever had it open has closed it. */
    @Override
    public void close() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String table : tables(connection)) {
                boolean kept = table.equals("workspace") || table.startsWith("tranche_");
                if (!kept) {
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
                database.jdbcUrl(), database.user(), database.password(), 4, Duration.ofSeconds(3));
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
        return database.connect();
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
