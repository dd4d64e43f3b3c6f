package dev.tranche.server.store;

import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.InboundKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Loads collections by their names. */
final class CollectionLoader {
    private final StoreSession session;
    private final Definitions definitions;
    private final boolean locking;

    CollectionLoader(StoreSession session, Definitions definitions, boolean locking) {
        this.session = session;
        this.definitions = definitions;
        this.locking = locking;
    }

    /**
     * Locks each collection exactly as strongly as asked, for a collection that is locked exclusively
     * stands still for everybody: neighbours with the same mode share a statement, so that the order
     * of locks is that of the names whatever the modes.
     *
     * @param wanted in the order of locks
     */
    void load(long workspace, Map<CollectionKey, LockMode> wanted, Snapshot snapshot) {
        List<CollectionKey> neighbours = new ArrayList<>();
        LockMode mode = LockMode.SHARED;
        for (Map.Entry<CollectionKey, LockMode> one : wanted.entrySet()) {
            if (one.getValue() != mode) {
                load(workspace, neighbours, mode, snapshot);
                neighbours = new ArrayList<>();
                mode = one.getValue();
            }
            neighbours.add(one.getKey());
        }
        load(workspace, neighbours, mode, snapshot);
    }

    /** Reads which collections point at these. Takes no locks: those of these protect it. */
    void loadInbound(List<InboundKey> wanted, Snapshot snapshot) {
        for (List<InboundKey> some : Portions.of(wanted)) {
            Map<Long, Set<String>> names = new HashMap<>();
            List<Long> ids = some.stream().map(InboundKey::collection).toList();
            for (InboundLine line :
                    session.read(() -> session.mapper(CollectionMapper.class).inbound(ids))) {
                names.computeIfAbsent(line.collectionId(), any -> new HashSet<>()).add(line.name());
            }
            for (InboundKey key : some) {
                Set<String> found = names.getOrDefault(key.collection(), Set.of());
                snapshot.put(key, Set.copyOf(found), LockMode.EXCLUSIVE);
            }
        }
    }

    private void load(
            long workspace, List<CollectionKey> wanted, LockMode mode, Snapshot snapshot) {
        LockClause lock = LockClause.of(mode, locking);
        for (List<CollectionKey> some : Portions.of(wanted)) {
            some.forEach(key -> snapshot.put(key, null, mode));
            List<String> names = some.stream().map(CollectionKey::name).toList();
            List<CollectionLine> lines =
                    session.read(() ->
                            session.mapper(CollectionMapper.class).lock(workspace, names, lock));
            List<CollectionRow> rows =
                    definitions
                            .rows(session, lines)
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "a collection changed under its lock"));
            rows.forEach(row -> snapshot.put(new CollectionKey(row.name()), row, mode));
        }
    }
}
