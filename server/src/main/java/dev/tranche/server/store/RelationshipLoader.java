package dev.tranche.server.store;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Loads relationships, single ones and all those at a record.
 *
 * <p>Reading those at a record under locks would take the locks of one table in three orders: by
 * source, by target, by key. So their keys are looked up without locks, and then all rows are locked
 * in the one order, that of the primary key. Nothing can be missed: whoever asks has locked the record
 * exclusively before, and whoever adds a relationship must share both of its ends until he commits.
 * What is removed between the two reads is gone.
 */
final class RelationshipLoader {
    private final StoreSession session;
    private final int linksMax;
    private final LockClause lock;
    private int found;

    RelationshipLoader(StoreSession session, int linksMax, boolean locking) {
        this.session = session;
        this.linksMax = linksMax;
        this.lock = LockClause.of(LockMode.EXCLUSIVE, locking);
    }

    /** Locks exclusively, whatever is asked. */
    void load(List<LinksKey> links, List<RelationshipKey> single, Snapshot snapshot) {
        TreeSet<RelationshipKey> keys = new TreeSet<>(linkedTo(links));
        keys.addAll(single);
        Map<RecordKey, List<RelationshipRow>> byEnd = new HashMap<>();
        links.forEach(key -> byEnd.put(key.end(), new ArrayList<>()));
        for (List<RelationshipKey> some : Portions.of(List.copyOf(keys))) {
            some.forEach(key -> snapshot.put(key, null, LockMode.EXCLUSIVE));
            for (RelationshipLine line : lock(some)) {
                RelationshipRow row = line.row();
                snapshot.put(row.key(), row, LockMode.EXCLUSIVE);
                addTo(byEnd.get(row.key().source()), row);
                if (!row.key().target().equals(row.key().source())) {
                    addTo(byEnd.get(row.key().target()), row);
                }
            }
        }
        byEnd.forEach((end, rows) -> snapshot.putLinks(new LinksKey(end), rows));
    }

    private static void addTo(@Nullable List<RelationshipRow> rows, RelationshipRow row) {
        if (rows != null) {
            rows.add(row);
        }
    }

    private List<RelationshipLine> lock(List<RelationshipKey> keys) {
        return session.read(() -> session.mapper(RelationshipMapper.class).lock(keys, lock));
    }

    private Set<RelationshipKey> linkedTo(List<LinksKey> links) {
        Map<Long, List<String>> ids = new LinkedHashMap<>();
        for (LinksKey key : links) {
            RecordKey end = key.end();
            ids.computeIfAbsent(end.collection(), any -> new ArrayList<>()).add(end.id());
        }
        Set<RelationshipKey> keys = new HashSet<>();
        ids.forEach((collection, all) -> {
            for (List<String> some : Portions.of(all)) {
                keys.addAll(linkedTo(collection, some));
            }
        });
        return keys;
    }

    private List<RelationshipKey> linkedTo(long collection, List<String> ids) {
        int limit = linksMax - found + 1;
        List<RelationshipKey> keys =
                session
                        .read(() ->
                                session.mapper(RelationshipMapper.class)
                                        .linkedTo(collection, ids, limit))
                        .stream()
                        .map(RelationshipLine.Key::key)
                        .distinct()
                        .toList();
        found += keys.size();
        if (found > linksMax) {
            throw new CallFailure(
                    new Failure.LimitExceeded(
                            "--cascade-rows-max",
                            "relationships deleted with their records",
                            found,
                            linksMax));
        }
        return keys;
    }
}
