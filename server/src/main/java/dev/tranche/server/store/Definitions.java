package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.UniqueConstraint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The definitions read last, so that a large schema is not read and parsed by every transaction that
 * touches its collection. Nothing here can be stale: an entry belongs to one version of a row, and
 * which version that is, each transaction reads for itself.
 */
final class Definitions {
    /** Characters of definitions kept together. */
    private static final long CHARS_MAX = 4 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long chars;

    /**
     * One state of a collection's row.
     *
     * @param hash of the definition, 64 hex digits
     */
    record Key(long collectionId, long version, String hash) {}

    /**
     * A definition, parsed.
     *
     * @param constraints the definition's, in its order, each with its number
     * @param references the definition's, in its order, each with its number
     * @param chars length of its text
     */
    record Entry(
            CollectionDefinition definition,
            List<UniqueConstraint> constraints,
            List<CollectionReference> references,
            int chars) {}

    /**
     * Completes lines with what they demand of their records.
     *
     * @return one row for each line, in the same order; empty if a collection changed since its line
     *     was read
     */
    Optional<List<CollectionRow>> rows(StoreSession session, List<CollectionLine> lines) {
        Map<Long, Entry> entries = entries(session, lines);
        List<CollectionRow> rows = new ArrayList<>();
        for (CollectionLine line : lines) {
            Entry entry = entries.get(line.id());
            if (entry == null) {
                return Optional.empty();
            }
            rows.add(line.row(entry));
        }
        return Optional.of(rows);
    }

    private Map<Long, Entry> entries(StoreSession session, List<CollectionLine> lines) {
        Map<Long, Entry> found = new HashMap<>();
        Map<Long, Key> wanted = new LinkedHashMap<>();
        for (CollectionLine line : lines) {
            Key key = line.definitionKey();
            Entry kept = get(key);
            if (kept == null) {
                wanted.put(line.id(), key);
            } else {
                found.put(line.id(), kept);
            }
        }
        for (DefinitionLine read : read(session, List.copyOf(wanted.keySet()))) {
            Key key = wanted.get(read.collectionId());
            if (key != null && key.version() == read.version()) {
                Entry entry = read.entry();
                put(key, entry);
                found.put(key.collectionId(), entry);
            }
        }
        return found;
    }

    private static List<DefinitionLine> read(StoreSession session, List<Long> ids) {
        List<DefinitionLine> lines = new ArrayList<>();
        for (List<Long> some : Portions.of(ids)) {
            lines.addAll(
                    session.read(() -> session.mapper(CollectionMapper.class).definitions(some)));
        }
        return lines;
    }

    private @Nullable Entry get(Key key) {
        lock.lock();
        try {
            return entries.get(key);
        } finally {
            lock.unlock();
        }
    }

    private void put(Key key, Entry entry) {
        lock.lock();
        try {
            if (entries.putIfAbsent(key, entry) == null) {
                chars += entry.chars();
            }
            Iterator<Entry> oldest = entries.values().iterator();
            while (chars > CHARS_MAX && oldest.hasNext()) {
                chars -= oldest.next().chars();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
