package dev.tranche.server.store;

import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Snapshot;
import dev.tranche.server.schema.KeyHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads unique keys: who holds them. */
final class KeyLoader {
    private final StoreSession session;
    private final LockClause lock;

    KeyLoader(StoreSession session, boolean locking) {
        this.session = session;
        this.lock = LockClause.of(LockMode.EXCLUSIVE, locking);
    }

    /**
     * Locks exclusively, whatever is asked: nobody looks at a key but to take it or give it up.
     *
     * @param wanted in the order of locks
     */
    void load(List<UniqueKey> wanted, Snapshot snapshot) {
        Map<Constraint, List<UniqueKey>> byConstraint = new LinkedHashMap<>();
        for (UniqueKey key : wanted) {
            Constraint constraint = new Constraint(key.collection(), key.constraint());
            byConstraint.computeIfAbsent(constraint, any -> new ArrayList<>()).add(key);
        }
        byConstraint.forEach((constraint, keys) -> {
            for (List<UniqueKey> some : Portions.of(keys)) {
                some.forEach(key -> snapshot.put(key, null, LockMode.EXCLUSIVE));
                for (KeyLine line : lock(constraint, some)) {
                    HeldKey held = line.held();
                    snapshot.put(held.key(), held.recordId(), LockMode.EXCLUSIVE);
                }
            }
        });
    }

    private List<KeyLine> lock(Constraint constraint, List<UniqueKey> keys) {
        List<byte[]> hashes = keys.stream().map(UniqueKey::hash).map(KeyHash::toBytes).toList();
        return session.read(() ->
                session.mapper(RecordKeyMapper.class)
                        .lock(constraint.collection(), constraint.number(), hashes, lock));
    }

    private record Constraint(long collection, int number) {}
}
