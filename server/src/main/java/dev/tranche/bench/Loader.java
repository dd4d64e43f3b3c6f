package dev.tranche.bench;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The fastest way to fill {@code record} and {@code record_key} that we know how to write by hand:
 * plain inserts in bulk, a command each for the keys and the records of a chunk, then a commit. What
 * all rows share stands in the statement, so that only what differs is sent; the rows are those that
 * the server would write. Ids and key hashes are its work, the data comes ready. For one thread.
 */
final class Loader implements AutoCloseable {
    private static final int CHUNK_RECORDS = 1_000;

    private final Connection connection;
    private final PreparedStatement keys;
    private final PreparedStatement records;
    private final TimeOrderedEpochFactory ids =
            TimeOrderedEpochFactory.builder().withFastRandom().build();
    private final SplittableRandom lives = new SplittableRandom();
    private final KeyHash hashes = new KeyHash();

    /**
     * A record to load.
     *
     * @param key value of its unique constraint
     * @param json its data
     */
    record Item(String key, String json) {}

    private Loader(Connection connection, PreparedStatement keys, PreparedStatement records) {
        this.connection = connection;
        this.keys = keys;
        this.records = records;
    }

    /** One with a connection of its own. */
    static Loader into(BenchDatabase database, String collection) throws SQLException {
        long id = database.collectionId(collection);
        Connection connection = database.connect();
        return new Loader(
                connection,
                connection.prepareStatement(
                        """
                        INSERT INTO record_key (collection_id, constraint_no, key_hash, record_id)
                        VALUES (%d, 1, ?, ?)\
                        """
                                .formatted(id)),
                connection.prepareStatement(
                        """
                        INSERT INTO record (collection_id, id, data, version, life, key_hashes,
                                            constraints_ignored, created_at, created_by, updated_at,
                                            updated_by)
                        VALUES (%d, ?, ?, 1, ?, ?, FALSE, UTC_TIMESTAMP(6), 'anonymous',
                                UTC_TIMESTAMP(6), 'anonymous')\
                        """
                                .formatted(id)));
    }

    /** Loads all of them. */
    void load(List<Item> items) throws SQLException {
        for (int from = 0; from < items.size(); from += CHUNK_RECORDS) {
            int to = Math.min(from + CHUNK_RECORDS, items.size());
            for (Item item : items.subList(from, to)) {
                add(ids.create().toString(), item);
            }
            flush();
        }
    }

    /** Adds one with an id of the caller's choice, which {@link #flush} then writes. */
    void add(String id, Item item) throws SQLException {
        byte[] hash = hashes.of(item.key());
        keys.setBytes(1, hash);
        keys.setString(2, id);
        keys.addBatch();
        records.setString(1, id);
        records.setString(2, item.json());
        records.setLong(3, lives.nextLong(Long.MAX_VALUE));
        records.setBytes(4, KeyHash.packed(hash));
        records.addBatch();
    }

    void flush() throws SQLException {
        keys.executeBatch();
        records.executeBatch();
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
