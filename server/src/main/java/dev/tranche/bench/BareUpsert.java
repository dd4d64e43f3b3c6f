package dev.tranche.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The least an upsert can be: one prepared statement on {@code record} alone, and a commit. */
final class BareUpsert implements HandWritten.Transaction {
    private final Connection connection;
    private final PreparedStatement upsert;

    private BareUpsert(Connection connection, PreparedStatement upsert) {
        this.connection = connection;
        this.upsert = upsert;
    }

    static BareUpsert on(BenchDatabase database) throws SQLException {
        Connection connection = database.connect("useServerPrepStmts=true");
        return new BareUpsert(
                connection,
                PlainTransaction.prepare(
                        connection, PlainTransaction.UPSERT, database.collectionId(Stage.PLAIN)));
    }

    @Override
    public void commit(List<Change> changes) throws SQLException {
        for (Change change : changes) {
            upsert.setString(1, change.id());
            upsert.setString(2, change.json());
            upsert.setBytes(3, new byte[0]);
            upsert.executeUpdate();
        }
        connection.commit();
    }

    @Override
    public void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
