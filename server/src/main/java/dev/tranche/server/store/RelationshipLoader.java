package dev.tranche.server.store;

import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.Rows.Links;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Snapshot;
import dev.tranche.server.schema.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Loads relationships, single ones and all those at a record.
 *
 * <p>Reading those at a record under locks would take the locks of one table in three orders: by
 * source, by target, by key. So their keys are looked up without locks, and then all rows are locked
 * in the one order, that of the primary key. Nothing can be missed: whoever asks has locked the record
 * exclusively before, and whoever adds a relationship must share both of its ends until he commits.
 * What is removed between the two reads is gone.
 *
 * <p>A record that has more than the transaction may still take is known to, and is not read; whoever
 * is loaded with it is.
 */
final class RelationshipLoader {
    private final StoreSession session;
    private final int linksMax;
    private final LoadedBytes bytes;
    private final LockClause lock;
    private final Allowance alone;
    private int found;

    /**
     * @param linksMax found at all records together
     */
    RelationshipLoader(StoreSession session, int linksMax, LoadedBytes bytes, boolean locking) {
        this.session = session;
        this.linksMax = linksMax;
        this.bytes = bytes;
        this.lock = LockClause.of(LockMode.EXCLUSIVE, locking);
        this.alone = new Allowance(linksMax);
    }

    /** Locks exclusively, whatever is asked. */
    void load(List<LinksKey> links, List<RelationshipKey> single, Snapshot snapshot) {
        Set<RecordKey> crowded = new HashSet<>();
        TreeSet<RelationshipKey> keys = new TreeSet<>(linkedTo(links, crowded));
        keys.addAll(single);
        Map<RecordKey, List<RelationshipRow>> byEnd = new HashMap<>();
        links.forEach(key -> byEnd.put(key.end(), new ArrayList<>()));
        for (List<RelationshipKey> some : Portions.of(List.copyOf(keys))) {
            some.forEach(key -> snapshot.put(key, null, LockMode.EXCLUSIVE));
            for (RelationshipRow row : lock(some)) {
                snapshot.put(row.key(), row, LockMode.EXCLUSIVE);
                addTo(byEnd.get(row.key().source()), row);
                if (!row.key().target().equals(row.key().source())) {
                    addTo(byEnd.get(row.key().target()), row);
                }
            }
        }
        byEnd.forEach((end, rows) -> {
            boolean all = !crowded.contains(end);
            snapshot.putLinks(new LinksKey(end), new Links(all ? rows : List.of(), all));
        });
    }

    private static void addTo(@Nullable List<RelationshipRow> rows, RelationshipRow row) {
        if (rows != null) {
            rows.add(row);
        }
    }

    private List<RelationshipRow> lock(List<RelationshipKey> keys) {
        BoundedRows<RelationshipLine, RelationshipRow> rows =
                new BoundedRows<>(
                        RelationshipLine::row, RelationshipLoader::sizeBytes, bytes.left());
        session.read(() -> {
            session.mapper(RelationshipMapper.class).lock(keys, lock, rows);
            return rows;
        });
        bytes.add(rows.bytes());
        return rows.rows();
    }

    private static long sizeBytes(RelationshipRow row) {
        Json data = row.data();
        return data == null ? 0 : data.sizeBytes();
    }

    /**
     * @param crowded takes the records that have too many
     */
    private Set<RelationshipKey> linkedTo(List<LinksKey> links, Set<RecordKey> crowded) {
        Map<Long, List<RecordKey>> ends = new LinkedHashMap<>();
        for (LinksKey key : links) {
            ends.computeIfAbsent(key.end().collection(), any -> new ArrayList<>()).add(key.end());
        }
        Set<RelationshipKey> keys = new HashSet<>();
        ends.forEach((collection, all) -> {
            for (List<RecordKey> some : Portions.of(all)) {
                if (!addLinked(collection, some, keys)) {
                    addOneByOne(collection, some, keys, crowded);
                }
            }
        });
        return keys;
    }

    private void addOneByOne(
            long collection,
            List<RecordKey> ends,
            Set<RelationshipKey> keys,
            Set<RecordKey> crowded) {
        for (RecordKey end : ends) {
            if (!alone.isLeft() || !addLinked(collection, List.of(end), keys)) {
                crowded.add(end);
            }
        }
    }

    /** Adds what is found at these; false, and nothing, if that is too much. */
    private boolean addLinked(long collection, List<RecordKey> ends, Set<RelationshipKey> keys) {
        Literals ids = Literals.ofIds(ends.stream().map(RecordKey::id).toList());
        int limit = linksMax - found + 1;
        List<RelationshipLine.Key> lines =
                session.read(() ->
                        session.mapper(RelationshipMapper.class).linkedTo(collection, ids, limit));
        if (ends.size() == 1) {
            alone.spend(lines.size());
        }
        Set<RelationshipKey> linked =
                lines.stream().map(RelationshipLine.Key::key).collect(Collectors.toSet());
        boolean fits = found + linked.size() <= linksMax;
        if (fits) {
            found += linked.size();
            keys.addAll(linked);
        }
        return fits;
    }
}
