package dev.tranche.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A batch as it is usually written: one transaction, and for each operation its own prepared
 * statement; a second one where the row of the unique key comes or goes. It keeps neither an account
 * nor tombstones.
 */
final class PlainTransaction implements HandWritten.Transaction {
    /** Of a record by its id; what the row was made with before does not count. */
    static final String UPSERT =
            """
            INSERT INTO record (collection_id, id, data, version, life, key_hashes,
                                constraints_ignored, created_at, created_by, updated_at, updated_by)
            VALUES (:collection, ?, ?, 1, 4711, ?, FALSE, UTC_TIMESTAMP(6), 'anonymous', UTC_TIMESTAMP(6),
                    'anonymous')
            ON DUPLICATE KEY UPDATE data = VALUES(data), version = version + 1,
                key_hashes = VALUES(key_hashes), updated_at = VALUES(updated_at),
                updated_by = VALUES(updated_by), deleted_at = NULL\
            """;

    private static final String UPSERT_KEY =
            """
            INSERT INTO record_key (collection_id, constraint_no, key_hash, record_id)
            VALUES (:collection, 1, ?, ?) ON DUPLICATE KEY UPDATE record_id = record_id\
            """;
    private static final String UPDATE =
            """
            UPDATE record SET data = JSON_MERGE_PATCH(data, ?), version = version + 1,
                updated_at = UTC_TIMESTAMP(6), updated_by = 'anonymous'
            WHERE collection_id = :collection AND id = ? AND deleted_at IS NULL\
            """;
    private static final String DELETE =
            """
            UPDATE record SET deleted_at = UTC_TIMESTAMP(6), version = version + 1, key_hashes = '',
                updated_at = UTC_TIMESTAMP(6), updated_by = 'anonymous'
            WHERE collection_id = :collection AND id = ? AND deleted_at IS NULL\
            """;
    private static final String DELETE_KEY =
            "DELETE FROM record_key WHERE collection_id = :collection AND constraint_no = 1 AND key_hash = ?";

    private final Connection connection;
    private final PreparedStatement upsert;
    private final PreparedStatement upsertKey;
    private final PreparedStatement update;
    private final PreparedStatement delete;
    private final PreparedStatement deleteKey;
    private final KeyHash hashes = new KeyHash();

    private PlainTransaction(Connection connection, long collectionId) throws SQLException {
        this.connection = connection;
        upsert = prepare(connection, UPSERT, collectionId);
        upsertKey = prepare(connection, UPSERT_KEY, collectionId);
        update = prepare(connection, UPDATE, collectionId);
        delete = prepare(connection, DELETE, collectionId);
        deleteKey = prepare(connection, DELETE_KEY, collectionId);
    }

    /** {@code :collection} stands for the id of the collection. */
    static PreparedStatement prepare(Connection connection, String sql, long collectionId)
            throws SQLException {
        return connection.prepareStatement(sql.replace(":collection", "" + collectionId));
    }

    static PlainTransaction on(BenchDatabase database) throws SQLException {
        return new PlainTransaction(
                database.connect("useServerPrepStmts=true"), database.collectionId(Stage.PLAIN));
    }

    @Override
    public void commit(List<Change> changes) throws SQLException {
        for (Change change : changes) {
            switch (change.kind()) {
                case CREATE, UPSERT -> write(change);
                case UPDATE -> {
                    update.setString(1, change.json());
                    update.setString(2, change.id());
                    update.executeUpdate();
                }
                case DELETE -> {
                    delete.setString(1, change.id());
                    delete.executeUpdate();
                    deleteKey.setBytes(1, hashes.of(change.key()));
                    deleteKey.executeUpdate();
                }
            }
        }
        connection.commit();
    }

    private void write(Change change) throws SQLException {
        byte[] hash = hashes.of(change.key());
        upsert.setString(1, change.id());
        upsert.setString(2, change.json());
        upsert.setBytes(3, KeyHash.packed(hash));
        upsert.executeUpdate();
        upsertKey.setBytes(1, hash);
        upsertKey.setString(2, change.id());
        upsertKey.executeUpdate();
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
