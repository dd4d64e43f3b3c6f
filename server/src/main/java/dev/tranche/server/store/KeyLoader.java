package dev.tranche.server.store;

import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Loads unique keys: who holds them. */
final class KeyLoader {
    private final StoreSession session;
    private final boolean locking;

    KeyLoader(StoreSession session, boolean locking) {
        this.session = session;
        this.locking = locking;
    }

    /**
     * Inserts the keys that nobody has. Whoever has one keeps it: the insert that found it left a
     * shared lock there.
     *
     * @param keys in the order of locks, each with the record that is to have it
     */
    void claim(List<HeldKey> keys, Snapshot snapshot) {
        if (keys.isEmpty()) {
            return;
        }
        RecordKeyMapper mapper = session.mapper(RecordKeyMapper.class);
        List<HeldKey> leftOut =
                session.claim(
                        keys,
                        key -> KeyLine.BYTES,
                        KeyLine::of,
                        mapper::offer,
                        mapper::offerAnswer);
        keys.forEach(one -> snapshot.putClaimed(one.key(), one.recordId()));
        Map<UniqueKey, String> claimants = new LinkedHashMap<>();
        leftOut.forEach(one -> claimants.put(one.key(), one.recordId()));
        lock(
                List.copyOf(claimants.keySet()),
                LockMode.SHARED,
                held -> {
                    if (!held.recordId().equals(claimants.get(held.key()))) {
                        snapshot.putTaken(held.key(), held.recordId());
                    }
                });
    }

    /**
     * Locks exclusively, whatever is asked: nobody looks at a key but to take it or give it up.
     *
     * @param keys in the order of locks
     */
    void load(List<UniqueKey> keys, Snapshot snapshot) {
        keys.forEach(key -> snapshot.put(key, null, LockMode.EXCLUSIVE));
        lock(
                keys,
                LockMode.EXCLUSIVE,
                held -> snapshot.put(held.key(), held.recordId(), LockMode.EXCLUSIVE));
    }

    private void lock(List<UniqueKey> wanted, LockMode mode, Consumer<HeldKey> found) {
        Map<Constraint, List<UniqueKey>> byConstraint = new LinkedHashMap<>();
        for (UniqueKey key : wanted) {
            Constraint constraint = new Constraint(key.collection(), key.constraint());
            byConstraint.computeIfAbsent(constraint, any -> new ArrayList<>()).add(key);
        }
        byConstraint.forEach((constraint, keys) -> {
            for (List<UniqueKey> some : Portions.of(keys)) {
                lock(constraint, some, mode).forEach(line -> found.accept(line.held()));
            }
        });
    }

    private List<KeyLine> lock(Constraint constraint, List<UniqueKey> keys, LockMode mode) {
        return session.read(() ->
                session.mapper(RecordKeyMapper.class)
                        .lock(
                                constraint.collection(),
                                constraint.number(),
                                Literals.ofHashes(keys),
                                LockClause.of(mode, locking)));
    }

    private record Constraint(long collection, int number) {}
}
