package dev.tranche.server.store;

import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Scan;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads records by their ids, and all live ones of a collection. One for each transaction. */
final class RecordLoader {
    private final StoreSession session;
    private final LoadLimits limits;
    private final boolean locking;
    private final LoadedBytes bytes;

    RecordLoader(StoreSession session, LoadLimits limits, LoadedBytes bytes, boolean locking) {
        this.session = session;
        this.limits = limits;
        this.bytes = bytes;
        this.locking = locking;
    }

    /**
     * Locks records in the order of their keys, one statement for each collection and 250 ids. A
     * statement has one mode: the strongest that any of its records needs. Two statements, one for
     * each mode, would take locks out of order, and one for each run of equal modes would let the
     * number of statements grow with the number of records.
     *
     * @param wanted in the order of locks
     */
    void load(Map<RecordKey, LockMode> wanted, Snapshot snapshot) {
        Map<Long, List<RecordKey>> byCollection = new LinkedHashMap<>();
        for (RecordKey key : wanted.keySet()) {
            byCollection.computeIfAbsent(key.collection(), any -> new ArrayList<>()).add(key);
        }
        byCollection.forEach((collection, keys) -> {
            for (List<RecordKey> some : Portions.of(keys)) {
                LockMode mode =
                        some.stream().map(wanted::get).reduce(LockMode.SHARED, LockMode::or);
                some.forEach(key -> snapshot.put(key, null, mode));
                for (RecordRow row : lock(collection, some, mode)) {
                    snapshot.put(row.key(), row, mode);
                }
            }
        });
    }

    /**
     * Reads all live records of a collection, if they are not more than the limits allow. Takes no
     * locks: whoever changes the definition holds the collection, which whoever writes its records
     * must share.
     */
    void scan(ScanKey key, Snapshot snapshot) {
        long collection = key.collection();
        Weight weight =
                session.read(() ->
                        session.mapper(RecordMapper.class)
                                .weigh(collection, limits.scanRecordsMax() + 1L));
        boolean fits =
                weight.count() <= limits.scanRecordsMax()
                        && weight.bytes() <= limits.scanBytesMax();
        List<RecordRow> rows = new ArrayList<>();
        if (fits) {
            session.read(() -> {
                session.mapper(RecordMapper.class)
                        .live(collection, context -> rows.add(context.getResultObject().row()));
                return rows;
            });
        }
        snapshot.putScan(key, new Scan(weight.count(), weight.bytes(), rows));
    }

    private List<RecordRow> lock(long collection, List<RecordKey> keys, LockMode mode) {
        Literals ids = Literals.ofIds(keys.stream().map(RecordKey::id).toList());
        LockClause clause = LockClause.of(mode, locking);
        BoundedRows<RecordLine, RecordRow> rows =
                new BoundedRows<>(RecordLine::row, row -> row.data().sizeBytes(), bytes.left());
        session.read(() -> {
            session.mapper(RecordMapper.class).lock(collection, ids, clause, rows);
            return rows;
        });
        bytes.add(rows.bytes());
        return rows.rows();
    }

    /**
     * How much there is.
     *
     * @param bytes UTF-8 bytes of JSON text
     */
    record Weight(long count, long bytes) {}
}
