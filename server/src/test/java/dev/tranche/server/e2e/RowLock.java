package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A row that another client of the database has locked, until this is closed. */
record RowLock(Connection connection) implements AutoCloseable {
    private static final String RECORD =
            "SELECT r.id FROM record r WHERE r.id = ? AND r.collection_id = (SELECT c.id FROM"
                    + " collection c JOIN workspace w ON w.id = c.workspace_id"
                    + " WHERE w.name = ? AND c.live_name = ?) FOR UPDATE";

    /** Locks the definition of a collection: whatever touches the collection waits. */
    static RowLock ofCollection(Inserter inserter) throws Exception {
        return of(
                inserter,
                "SELECT c.id FROM collection c JOIN workspace w ON w.id = c.workspace_id"
                        + " WHERE w.name = ? AND c.live_name = ? FOR UPDATE",
                inserter.caller().workspace(),
                inserter.collection());
    }

    /** Locks a workspace: whatever changes something in it waits. */
    static RowLock ofWorkspace(Caller caller) throws Exception {
        return of(
                new Inserter(caller, "c"),
                "SELECT id FROM workspace WHERE live_name = ? FOR UPDATE",
                caller.workspace());
    }

    static RowLock ofRecord(Inserter inserter, String id) throws Exception {
        return of(inserter, RECORD, id, inserter.caller().workspace(), inserter.collection());
    }

    private static RowLock of(Inserter inserter, String sql, String... parameters)
            throws Exception {
        Connection connection = inserter.caller().server().connection();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        select(connection, sql, parameters);
        return new RowLock(connection);
    }

    private static void select(Connection connection, String sql, String... parameters)
            throws Exception {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                assertThat(found.next()).as("a row to lock").isTrue();
            }
        }
    }

    /** Waits until somebody wants a lock that he does not get: how many waits there were so far. */
    long awaitWaiter() throws Exception {
        Waiting.until("somebody waits for the lock", () -> status("CURRENT_WAITS") > 0);
        return status("WAITS");
    }

    /** Waits until somebody waits again. */
    void awaitWaiterAfter(long waits) throws Exception {
        Waiting.until(
                "somebody waits for the lock again",
                () -> status("WAITS") > waits && status("CURRENT_WAITS") > 0);
    }

    /** Waits until nobody wants a lock that he does not get. */
    void awaitNobody() throws Exception {
        Waiting.until("nobody waits for the lock", () -> status("CURRENT_WAITS") == 0);
    }

    /** Of the whole database server: innodb_trx would say more, but shows the past if asked often. */
    private long status(String name) throws Exception {
        String sql =
                "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                        + " WHERE VARIABLE_NAME = 'INNODB_ROW_LOCK_"
                        + name
                        + "'";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet found = statement.executeQuery()) {
            found.next();
            return found.getLong(1);
        }
    }

    /** Changes so much that in a deadlock the other one is the loser. */
    void growHeavy() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO workspace (id, name, created_at, created_by)"
                            + " SELECT 1000000 + seq, CONCAT('heavy-', seq), UTC_TIMESTAMP(), 'x'"
                            + " FROM seq_1_to_500");
        }
    }

    /** Locks a further record. */
    void add(Inserter inserter, String id) throws Exception {
        select(connection, RECORD, id, inserter.caller().workspace(), inserter.collection());
    }

    /** Lets go of it; the end of the block it was taken for does so too. */
    void release() throws SQLException {
        if (!connection.isClosed()) {
            connection.rollback();
            connection.close();
        }
    }

    @Override
    public void close() throws SQLException {
        release();
    }
}
