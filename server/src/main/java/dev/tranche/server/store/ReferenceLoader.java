package dev.tranche.server.store;

import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.RowKey.ReferrersKey;
import dev.tranche.server.operation.Rows.Referrers;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Loads where records point to, and who points at them. */
final class ReferenceLoader {
    private final StoreSession session;
    private final int referrersMax;
    private final LockClause lock;
    private final Allowance alone;

    /**
     * @param referrersMax records that one reference is followed back to from 250 others, or from one
     *     alone if those have more together
     */
    ReferenceLoader(StoreSession session, int referrersMax, boolean locking) {
        this.session = session;
        this.referrersMax = referrersMax;
        this.lock = LockClause.of(LockMode.EXCLUSIVE, locking);
        this.alone = new Allowance(referrersMax);
    }

    /**
     * Locks exclusively, whatever is asked: nobody looks at one but to change it.
     *
     * @param wanted in the order of locks
     */
    void load(List<ReferenceKey> wanted, Snapshot snapshot) {
        wanted.forEach(key -> snapshot.put(key, null, LockMode.EXCLUSIVE));
        Map<Long, Set<String>> sources = new LinkedHashMap<>();
        for (ReferenceKey key : wanted) {
            RecordKey source = key.source();
            sources.computeIfAbsent(source.collection(), any -> new LinkedHashSet<>())
                    .add(source.id());
        }
        sources.forEach((collection, ids) -> {
            for (List<String> some : Portions.of(List.copyOf(ids))) {
                for (ReferenceLine line : lock(collection, some)) {
                    snapshot.put(line.key(), line.target(), LockMode.EXCLUSIVE);
                }
            }
        });
    }

    private List<ReferenceLine> lock(long collection, List<String> ids) {
        Literals literals = Literals.ofIds(ids);
        return session.read(
                () -> session.mapper(RecordReferenceMapper.class).lock(collection, literals, lock));
    }

    /** A reference of a collection to another. */
    private record Way(long target, long collection, int number) {}

    /**
     * Takes no locks: whoever asks has locked the record pointed at exclusively, and whoever points at
     * it anew must share it. One that points elsewhere by now is found out when it is locked itself.
     */
    void loadReferrers(List<ReferrersKey> wanted, Snapshot snapshot) {
        Map<Way, List<ReferrersKey>> ways = new LinkedHashMap<>();
        for (ReferrersKey key : wanted) {
            Way way = new Way(key.target().collection(), key.collection(), key.reference());
            ways.computeIfAbsent(way, any -> new ArrayList<>()).add(key);
        }
        ways.forEach((way, keys) -> {
            for (List<ReferrersKey> some : Portions.of(keys)) {
                loadReferrers(way, some, snapshot);
            }
        });
    }

    /** Who has too many must not hold back his neighbours: then each is asked about alone. */
    private void loadReferrers(Way way, List<ReferrersKey> keys, Snapshot snapshot) {
        List<ReferenceLine> lines = referrers(way, keys);
        boolean all = lines.size() <= referrersMax;
        if (all || keys.size() == 1) {
            put(keys, lines, all, snapshot);
            return;
        }
        for (ReferrersKey key : keys) {
            boolean asked = alone.isLeft();
            List<ReferenceLine> its = asked ? referrers(way, List.of(key)) : List.of();
            alone.spend(its.size());
            put(List.of(key), its, asked && its.size() <= referrersMax, snapshot);
        }
    }

    private List<ReferenceLine> referrers(Way way, List<ReferrersKey> keys) {
        Literals ids = Literals.ofIds(keys.stream().map(key -> key.target().id()).toList());
        return session.read(() ->
                session.mapper(RecordReferenceMapper.class)
                        .referrers(
                                way.target(),
                                way.collection(),
                                way.number(),
                                ids,
                                referrersMax + 1));
    }

    private static void put(
            List<ReferrersKey> keys, List<ReferenceLine> lines, boolean all, Snapshot snapshot) {
        Map<String, List<String>> sources = new HashMap<>();
        for (ReferenceLine line : lines) {
            sources.computeIfAbsent(line.targetId(), any -> new ArrayList<>()).add(line.recordId());
        }
        for (ReferrersKey key : keys) {
            List<String> found = sources.getOrDefault(key.target().id(), List.of());
            snapshot.put(key, new Referrers(List.copyOf(found), all), LockMode.EXCLUSIVE);
        }
    }
}
