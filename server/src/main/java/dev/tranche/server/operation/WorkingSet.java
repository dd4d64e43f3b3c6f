package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Scan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows as the operations so far left them: what was loaded, and over it what they changed. */
final class WorkingSet {
    private final Snapshot loaded;
    private final Map<RowKey<?>, Written> written = new LinkedHashMap<>();
    private final Map<RecordKey, Set<RelationshipKey>> writtenLinks = new HashMap<>();

    /** Highest constraint number the database knows, by collection whose definition changed. */
    private final Map<Long, Integer> storedConstraints = new HashMap<>();

    private final Set<Long> newCollections = new HashSet<>();

    /** A row, or its absence, and the index of the operation that wrote it last. */
    private record Written(@Nullable Object row, int index) {}

    WorkingSet(Snapshot loaded) {
        this.loaded = loaded;
    }

    /**
     * Whether the key's state is known, under a lock at least this strong where it has one. What this
     * batch wrote is known: its row was locked for that, or its id was made by the server.
     */
    boolean knows(RowKey<?> key, LockMode mode) {
        return loaded.knows(key, mode) || written.containsKey(key) || isKnownAbsent(key);
    }

    /** The row as it now is; null if there is none. The key must be known. */
    @SuppressWarnings("unchecked") // Edits pairs every key with a row of its type
    <R> @Nullable R get(RowKey<R> key) {
        Written entry = written.get(key);
        return entry == null ? loaded.get(key) : (R) entry.row();
    }

    /** Index of the operation that wrote the key last; null if none of this batch did. */
    @Nullable Integer writer(RowKey<?> key) {
        Written entry = written.get(key);
        return entry == null ? null : entry.index();
    }

    /** The relationships at a record. Its {@link LinksKey} must be known. */
    List<RelationshipKey> links(RecordKey end) {
        Set<RelationshipKey> links = new LinkedHashSet<>();
        List<RelationshipRow> stored = loaded.get(new LinksKey(end));
        if (stored != null) {
            stored.forEach(row -> links.add(row.key()));
        }
        links.addAll(writtenLinks.getOrDefault(end, Set.of()));
        links.removeIf(key -> written.containsKey(key) && get(key) == null);
        return List.copyOf(links);
    }

    /** The live records of a collection. Its {@link ScanKey} must be known. */
    List<RecordRow> records(CollectionRow collection) {
        Map<RecordKey, RecordRow> rows = new LinkedHashMap<>();
        Scan stored = loaded.get(new ScanKey(collection.id()));
        if (stored != null) {
            stored.rows().forEach(row -> rows.put(row.key(), row));
        }
        for (Written entry : written.values()) {
            if (entry.row() instanceof RecordRow row && row.key().collection() == collection.id()) {
                rows.put(row.key(), row);
            }
        }
        rows.values().removeIf(row -> !row.lives());
        return List.copyOf(rows.values());
    }

    /** Takes over what an operation that succeeded changes. */
    void apply(Edits edits, int index) {
        edits.rows()
                .forEach((key, entry) -> {
                    noteCollection(key, entry.row());
                    noteLink(key);
                    written.put(key, new Written(entry.row(), index));
                });
    }

    /** The difference between what was loaded and what now is. */
    Changes changes() {
        Set<Long> vanished = new HashSet<>(newCollections);
        for (Written entry : written.values()) {
            if (entry.row() instanceof CollectionRow row) {
                vanished.remove(row.id());
            }
        }
        ChangesBuilder changes = new ChangesBuilder(loaded, vanished);
        written.forEach((key, entry) -> changes.add(key, entry.row()));
        return changes.build();
    }

    private void noteCollection(RowKey<?> key, @Nullable Object row) {
        if (key instanceof CollectionKey name && row instanceof CollectionRow now) {
            CollectionRow stored = loaded.get(name);
            if (stored != null && stored.id() == now.id()) {
                storedConstraints.put(stored.id(), stored.constraintLast());
            } else {
                newCollections.add(now.id());
            }
        }
    }

    private void noteLink(RowKey<?> key) {
        if (key instanceof RelationshipKey link) {
            writtenLinks.computeIfAbsent(link.source(), end -> new LinkedHashSet<>()).add(link);
            writtenLinks.computeIfAbsent(link.target(), end -> new LinkedHashSet<>()).add(link);
        }
    }

    /** What cannot be in the database need not be asked for. */
    private boolean isKnownAbsent(RowKey<?> key) {
        return switch (key) {
            case CollectionKey name -> false;
            case ScanKey scan -> isNew(scan.collection());
            case RecordKey record -> isNew(record.collection()) || loaded.knowsAbsent(record);
            case UniqueKey unique ->
                    isNew(unique.collection())
                            || unique.constraint()
                                    > storedConstraints.getOrDefault(
                                            unique.collection(), Integer.MAX_VALUE);
            case LinksKey links -> hasNoLinks(links.end());
            case RelationshipKey link -> hasNoLinks(link.source()) || hasNoLinks(link.target());
        };
    }

    private boolean hasNoLinks(RecordKey end) {
        RecordRow stored = loaded.get(end);
        return stored == null
                ? isNew(end.collection()) || loaded.knowsAbsent(end) || written.containsKey(end)
                : !stored.lives();
    }

    /** Whether a collection was created by this batch. */
    private boolean isNew(long collection) {
        return newCollections.contains(collection);
    }
}
