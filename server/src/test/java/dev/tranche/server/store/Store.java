package dev.tranche.server.store;

import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Catalog;
import dev.tranche.server.engine.RecordReader;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.LoadedRows;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.RowKey;
import dev.tranche.server.operation.Snapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A database with the ports of the store over it, as tests of the store use them. */
final class Store implements AutoCloseable {
    static final long WORKSPACE = 1;

    private static final Duration TIME = Duration.ofSeconds(3);

    private final TestDatabase test;
    private final Database database;
    private @Nullable WatchedDataSource watched;

    private Store(TestDatabase test) {
        this.test = test;
        this.database =
                test.store(
                        TestDatabase.LIMITS,
                        source -> {
                            watched = new WatchedDataSource(source);
                            return watched;
                        });
    }

    static Store open() {
        return new Store(TestDatabase.open());
    }

    Database database() {
        return database;
    }

    TestDatabase test() {
        return test;
    }

    WatchedDataSource watched() {
        return Objects.requireNonNull(watched);
    }

    Catalog catalog() {
        return database.catalog();
    }

    RecordReader records() {
        return database.records();
    }

    BatchReader batches() {
        return database.batches();
    }

    static Budget budget(Duration limit) {
        return new Budget(limit, () -> false);
    }

    <R> R once(Function<BatchTransaction, R> work) {
        return once(TIME, work);
    }

    <R> R once(Duration limit, Function<BatchTransaction, R> work) {
        return database.transactions().once(budget(limit), work);
    }

    void flush(Changes changes) {
        once(tx -> {
            tx.flush(WORKSPACE, changes);
            return changes;
        });
    }

    Snapshot load(Needs needs) {
        return once(tx -> load(tx, needs));
    }

    Snapshot load(LockMode mode, RowKey<?>... keys) {
        return load(needs(mode, keys));
    }

    /** Loads one key in a transaction of its own. */
    <R> @Nullable R get(RowKey<R> key) {
        return LoadedRows.get(load(LockMode.EXCLUSIVE, key), key);
    }

    /** Loads one key, in as many transactions as it takes. */
    <R> @Nullable R getAgain(RowKey<R> key) {
        Needs needs = needs(LockMode.SHARED, key);
        Snapshot snapshot =
                new Reruns<BatchTransaction>(database.transactions())
                        .run(budget(TIME), tx -> load(tx, needs));
        return LoadedRows.get(snapshot, key);
    }

    /** Loads one key that must be there. */
    <R> R present(RowKey<R> key) {
        return Objects.requireNonNull(get(key), key::toString);
    }

    static Snapshot load(BatchTransaction tx, Needs needs) {
        Snapshot snapshot = new Snapshot();
        tx.load(WORKSPACE, needs, snapshot);
        return snapshot;
    }

    static Needs needs(LockMode mode, RowKey<?>... keys) {
        Needs needs = new Needs();
        for (RowKey<?> key : keys) {
            needs.add(key, mode);
        }
        return needs;
    }

    /** The first column of the first row. */
    String queryText(String sql) {
        return queryText(sql, Connection.TRANSACTION_READ_COMMITTED);
    }

    /** Likewise, as a transaction of that isolation sees it. */
    String queryText(String sql, int isolation) {
        try (Connection connection = test.connect();
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(isolation);
            try (ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        database.close();
        test.close();
    }
}
