package dev.tranche.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.UUID;

/** The bulk writes of an {@link OptimalTransaction}: gathered row by row, sent table by table. */
final class Writes {
    /** Of the packed result of an operation. */
    private static final int RESULT_BYTES = 40;

    private final PreparedStatement deleteKey;
    private final PreparedStatement insertKey;
    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement delete;
    private final PreparedStatement tombstone;
    private final PreparedStatement account;
    private final PreparedStatement results;
    private final SplittableRandom lives = new SplittableRandom();

    private Writes(Connection connection, long collectionId) throws SQLException {
        deleteKey =
                prepare(
                        connection,
                        """
                        DELETE FROM record_key
                        WHERE collection_id = %d AND constraint_no = 1 AND key_hash = ?\
                        """,
                        collectionId);
        insertKey =
                prepare(
                        connection,
                        """
                        INSERT INTO record_key (collection_id, constraint_no, key_hash, record_id)
                        VALUES (%d, 1, ?, ?)\
                        """,
                        collectionId);
        insert =
                prepare(
                        connection,
                        """
                        INSERT INTO record (collection_id, id, data, version, life, key_hashes,
                                            constraints_ignored, created_at, created_by, updated_at,
                                            updated_by)
                        VALUES (%d, ?, ?, 1, ?, ?, FALSE, UTC_TIMESTAMP(6), 'anonymous',
                                UTC_TIMESTAMP(6), 'anonymous')\
                        """,
                        collectionId);
        update =
                prepare(
                        connection,
                        """
                        UPDATE record SET data = ?, version = ?, updated_at = UTC_TIMESTAMP(6),
                            updated_by = 'anonymous'
                        WHERE collection_id = %d AND id = ? AND version = ?\
                        """,
                        collectionId);
        delete =
                prepare(
                        connection,
                        """
                        UPDATE record SET deleted_at = ?, version = ?,
                            key_hashes = '', updated_at = UTC_TIMESTAMP(6),
                            updated_by = 'anonymous'
                        WHERE collection_id = %d AND id = ? AND version = ?\
                        """,
                        collectionId);
        tombstone =
                prepare(
                        connection,
                        """
                        INSERT INTO record_tombstone (deleted_at, collection_id, record_id)
                        VALUES (?, %d, ?)\
                        """,
                        collectionId);
        account =
                connection.prepareStatement(
                        """
                        INSERT INTO batch (id, workspace_id, kind, run, state, attempt, lease_epoch,
                                           total, succeeded, failed, skipped, on_error, created_at,
                                           started_at, updated_at, completed_at, created_by,
                                           created_by_name, updated_by, updated_by_name)
                        VALUES (?, 1, 'EXECUTE', 1, 'SUCCEEDED', 1, 1, ?, ?, 0, 0, 'ROLLBACK',
                                UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),
                                UTC_TIMESTAMP(6), 'anonymous', 'Anonymous', 'anonymous',
                                'Anonymous')\
                        """);
        results =
                connection.prepareStatement(
                        """
                        INSERT INTO batch_result (batch_id, attempt, first_index, last_index,
                                                  results)
                        VALUES (?, 1, 0, ?, ?)\
                        """);
    }

    static Writes on(Connection connection, long collectionId) throws SQLException {
        return new Writes(connection, collectionId);
    }

    private static PreparedStatement prepare(Connection connection, String sql, long collectionId)
            throws SQLException {
        return connection.prepareStatement(sql.formatted(collectionId));
    }

    void insert(String id, String json, byte[] key) throws SQLException {
        insertKey.setBytes(1, key);
        insertKey.setString(2, id);
        insertKey.addBatch();
        insert.setString(1, id);
        insert.setString(2, json);
        insert.setLong(3, lives.nextLong(Long.MAX_VALUE));
        insert.setBytes(4, KeyHash.packed(key));
        insert.addBatch();
    }

    void update(String id, String json, long versionBefore) throws SQLException {
        update.setString(1, json);
        update.setLong(2, versionBefore + 1);
        update.setString(3, id);
        update.setLong(4, versionBefore);
        update.addBatch();
    }

    void delete(String id, long versionBefore, byte[] key) throws SQLException {
        LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        deleteKey.setBytes(1, key);
        deleteKey.addBatch();
        delete.setObject(1, now);
        delete.setLong(2, versionBefore + 1);
        delete.setString(3, id);
        delete.setLong(4, versionBefore);
        delete.addBatch();
        tombstone.setObject(1, now);
        tombstone.setString(2, id);
        tombstone.addBatch();
    }

    /** Sends everything, and an account with its results. */
    void flush(int operations) throws SQLException {
        deleteKey.executeBatch();
        insertKey.executeBatch();
        insert.executeBatch();
        update.executeBatch();
        delete.executeBatch();
        tombstone.executeBatch();
        String batchId = UUID.randomUUID().toString();
        account.setString(1, batchId);
        account.setInt(2, operations);
        account.setInt(3, operations);
        account.executeUpdate();
        results.setString(1, batchId);
        results.setInt(2, operations - 1);
        results.setBytes(3, new byte[operations * RESULT_BYTES]);
        results.executeUpdate();
    }

    /** Drops what a failure left unsent. */
    void forget() throws SQLException {
        for (PreparedStatement statement :
                new PreparedStatement[] {deleteKey, insertKey, insert, update, delete, tombstone}) {
            statement.clearBatch();
        }
    }
}
