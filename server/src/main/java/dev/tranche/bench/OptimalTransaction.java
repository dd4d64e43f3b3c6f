package dev.tranche.bench;

import dev.tranche.bench.Change.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A batch as fast as we know how to write it by hand: one locking SELECT a table, everything worked
 * out in memory, bulk writes, an account and its results, a commit. For one thread.
 */
final class OptimalTransaction implements HandWritten.Transaction {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final long collectionId;
    private final Writes writes;
    private final KeyHash hashes = new KeyHash();

    /** A row that is there, and locked. */
    @SuppressWarnings("ArrayRecordComponent") // never compared: it only crosses between statements
    private record Stored(String data, long version, byte[] keyHashes) {}

    private OptimalTransaction(Connection connection, long collectionId, Writes writes) {
        this.connection = connection;
        this.collectionId = collectionId;
        this.writes = writes;
    }

    static OptimalTransaction on(BenchDatabase database) throws SQLException {
        long collectionId = database.collectionId(Stage.PLAIN);
        Connection connection = database.connect("useBulkStmts=true");
        return new OptimalTransaction(
                connection, collectionId, Writes.on(connection, collectionId));
    }

    @Override
    public void commit(List<Change> changes) throws SQLException {
        Map<String, Stored> stored =
                lockRecords(changes.stream().map(Change::id).sorted().toList());
        Map<String, byte[]> keys = new LinkedHashMap<>();
        for (Change change : changes) {
            if (change.kind() == Kind.CREATE || change.kind() == Kind.UPSERT) {
                keys.put(change.id(), hashes.of(change.key()));
            }
        }
        Map<String, String> holders = lockKeys(keys.values());
        for (Change change : changes) {
            byte[] key = keys.get(change.id());
            String holder = key == null ? null : holders.get(hex(key));
            if (holder != null && !holder.equals(change.id())) {
                throw new SQLException("the key of " + change.id() + " is taken by " + holder);
            }
            apply(change, key, stored.get(change.id()));
        }
        writes.flush(changes.size());
        connection.commit();
    }

    /**
     * Works out what becomes of a row.
     *
     * @param key of a record to create or upsert, else null
     */
    private void apply(Change change, byte @Nullable [] key, @Nullable Stored before)
            throws SQLException {
        switch (change.kind()) {
            case CREATE, UPSERT -> {
                if (before == null) {
                    writes.insert(change.id(), change.json(), Objects.requireNonNull(key));
                } else {
                    writes.update(change.id(), change.json(), before.version());
                }
            }
            case UPDATE -> {
                Stored row = existing(change, before);
                writes.update(change.id(), merged(row.data(), change.json()), row.version());
            }
            case DELETE -> {
                Stored row = existing(change, before);
                writes.delete(change.id(), row.version(), KeyHash.unpacked(row.keyHashes()));
            }
        }
    }

    private static Stored existing(Change change, @Nullable Stored row) throws SQLException {
        if (row == null) {
            throw new SQLException("there is no record " + change.id());
        }
        return row;
    }

    /** A patch of our own holds neither nulls nor objects. */
    private static String merged(String data, String patch) {
        ObjectNode merged = (ObjectNode) JSON.readTree(data);
        merged.setAll((ObjectNode) JSON.readTree(patch));
        return JSON.writeValueAsString(merged);
    }

    private Map<String, Stored> lockRecords(List<String> ids) throws SQLException {
        Map<String, Stored> rows = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT id, data, version, key_hashes FROM record FORCE INDEX (PRIMARY)
                        WHERE collection_id = %d AND deleted_at IS NULL AND id IN (%s) FOR UPDATE\
                        """
                                .formatted(collectionId, marks(ids.size())))) {
            for (int index = 0; index < ids.size(); index++) {
                query.setString(index + 1, ids.get(index));
            }
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    rows.put(
                            result.getString(1),
                            new Stored(result.getString(2), result.getLong(3), result.getBytes(4)));
                }
            }
        }
        return rows;
    }

    /** Who holds which key. */
    private Map<String, String> lockKeys(Collection<byte[]> keys) throws SQLException {
        Map<String, String> holders = new HashMap<>();
        if (keys.isEmpty()) {
            return holders;
        }
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT key_hash, record_id FROM record_key FORCE INDEX (PRIMARY)
                        WHERE collection_id = %d AND constraint_no = 1 AND key_hash IN (%s)
                        FOR UPDATE\
                        """
                                .formatted(collectionId, marks(keys.size())))) {
            int mark = 1;
            for (byte[] key : keys) {
                query.setBytes(mark++, key);
            }
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    holders.put(hex(result.getBytes(1)), result.getString(2));
                }
            }
        }
        return holders;
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key);
    }

    private static String marks(int count) {
        return String.join(",", Collections.nCopies(count, "?"));
    }

    @Override
    public void rollback() throws SQLException {
        writes.forget();
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
