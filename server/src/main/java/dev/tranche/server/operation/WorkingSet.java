package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.InboundKey;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.RowKey.ReferrersKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Links;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Referrers;
import dev.tranche.server.operation.Rows.Scan;
import dev.tranche.server.schema.CollectionReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows as the operations so far left them: what was loaded, and over it what they changed. */
final class WorkingSet {
    private final Snapshot loaded;
    private final Map<RowKey<?>, Written> written;
    private final Map<RecordKey, Set<RelationshipKey>> writtenLinks = new HashMap<>();
    private final Map<ReferrersKey, Set<ReferenceKey>> writtenReferences = new HashMap<>();
    private final Needs claims = new Needs();

    /** What stood there at the mark, of the keys written since; null without a mark. */
    private @Nullable Map<RowKey<?>, Optional<Written>> beforeMark;

    /** Highest number of a constraint or reference that the database knows, by changed collection. */
    private final Map<Long, Integer> storedNumbers = new HashMap<>();

    private final Set<Long> newCollections = new HashSet<>();
    private final Set<String> writtenCollections = new HashSet<>();

    /** A row, or its absence, and the index of the operation that changed it last, if one did. */
    private record Written(@Nullable Object row, @Nullable Integer index) {}

    /**
     * @param operations how many will be applied to it
     */
    WorkingSet(Snapshot loaded, int operations) {
        this.loaded = loaded;
        // Most write a record and a unique key.
        this.written = LinkedHashMap.newLinkedHashMap(2 * operations);
    }

    /**
     * Whether the key's state is known, under a lock at least this strong where it has one. What this
     * batch wrote is known: its row was locked for that, or its id was made by the server.
     */
    boolean knows(RowKey<?> key, LockMode mode) {
        return loaded.knows(key, mode) || written.containsKey(key) || isKnownAbsent(key);
    }

    /** Takes a key that is not known to be free, and to be claimed for a record. */
    void claim(UniqueKey key, String recordId) {
        claims.claim(key, recordId);
    }

    /** All that was claimed. */
    Needs claims() {
        return claims;
    }

    /** The row as it now is; null if there is none. The key must be known. */
    @SuppressWarnings("unchecked") // Edits pairs every key with a row of its type
    <R> @Nullable R get(RowKey<R> key) {
        Written entry = written.get(key);
        return entry == null ? loaded.get(key) : (R) entry.row();
    }

    /** Index of the operation that changed the row last; null if none of this batch did. */
    @Nullable Integer writer(RowKey<?> key) {
        Written entry = written.get(key);
        return entry == null ? null : entry.index();
    }

    /** The relationships at a record. Its {@link LinksKey} must be known. */
    List<RelationshipKey> links(RecordKey end) {
        Set<RelationshipKey> links = new LinkedHashSet<>();
        Links stored = loaded.get(new LinksKey(end));
        if (stored != null) {
            stored.rows().forEach(row -> links.add(row.key()));
        }
        links.addAll(writtenLinks.getOrDefault(end, Set.of()));
        links.removeIf(key -> get(key) == null);
        return List.copyOf(links);
    }

    /** Whether a record has no more relationships than were read. */
    boolean knowsAllLinks(RecordKey end) {
        Links stored = loaded.get(new LinksKey(end));
        return stored == null || stored.all();
    }

    /** A reference of a live collection to another, or to itself. */
    record Inbound(CollectionRow collection, CollectionReference reference) {}

    /** Names of the collections that may have references to one; its {@link InboundKey} is known. */
    Set<String> inboundNames(CollectionRow target) {
        Set<String> names = new TreeSet<>();
        Set<String> stored = loaded.get(new InboundKey(target.id()));
        if (stored != null) {
            names.addAll(stored);
        }
        names.addAll(writtenCollections);
        return names;
    }

    /** The references to a collection. All of {@link #inboundNames} must be known. */
    List<Inbound> inbound(CollectionRow target) {
        List<Inbound> inbound = new ArrayList<>();
        for (String name : inboundNames(target)) {
            CollectionRow row = get(new CollectionKey(name));
            if (row != null) {
                row.references().stream()
                        .filter(reference -> reference.collectionId() == target.id())
                        .forEach(reference -> inbound.add(new Inbound(row, reference)));
            }
        }
        return inbound;
    }

    /** The records that point at one. The key must be known. */
    List<RecordKey> referrers(ReferrersKey key) {
        Set<ReferenceKey> rows = new LinkedHashSet<>(writtenReferences.getOrDefault(key, Set.of()));
        Referrers stored = loaded.get(key);
        if (stored != null) {
            for (String id : stored.ids()) {
                rows.add(new ReferenceKey(new RecordKey(key.collection(), id), key.reference()));
            }
        }
        // What is not known better points where it was found pointing.
        rows.removeIf(row -> knows(row, LockMode.SHARED) && !key.target().equals(get(row)));
        return rows.stream().map(ReferenceKey::source).toList();
    }

    /** Whether more records point there than were looked up. */
    boolean knowsAllReferrers(ReferrersKey key) {
        Referrers stored = loaded.get(key);
        return stored == null || stored.all();
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
        for (Edits.Edit edit : edits.inOrder()) {
            RowKey<?> key = edit.key();
            Object row = edit.row();
            noteCollection(key, row);
            noteLink(key);
            noteReference(key, row);
            if (beforeMark != null) {
                beforeMark.putIfAbsent(key, Optional.ofNullable(written.get(key)));
            }
            Integer writer = isSame(key, row) ? writer(key) : Integer.valueOf(index);
            written.put(key, new Written(row, writer));
        }
    }

    /** A record that a new definition gives other keys is still the same. */
    private boolean isSame(RowKey<?> key, @Nullable Object row) {
        if (key instanceof RecordKey record && row instanceof RecordRow now) {
            RecordRow was = get(record);
            return was != null && was.version() == now.version();
        }
        return false;
    }

    /** Begins what may be rolled back. */
    void mark() {
        beforeMark = new LinkedHashMap<>();
    }

    /** Keeps what was written since the mark. */
    void dropMark() {
        beforeMark = null;
    }

    /** Everything is as it was at the mark. */
    void rollBackToMark() {
        Objects.requireNonNull(beforeMark, "no mark")
                .forEach((key, before) ->
                        before.ifPresentOrElse(
                                entry -> written.put(key, entry), () -> written.remove(key)));
        beforeMark = null;
    }

    /** The difference between what was loaded, or will be once the claims are granted, and what now is. */
    Changes changes() {
        Set<Long> vanished = new HashSet<>(newCollections);
        for (Written entry : written.values()) {
            if (entry.row() instanceof CollectionRow row) {
                vanished.remove(row.id());
            }
        }
        ChangesBuilder changes = new ChangesBuilder(loaded, claims, vanished);
        written.forEach((key, entry) -> changes.add(key, entry.row()));
        changes.giveBack(written.keySet());
        return changes.build();
    }

    private void noteCollection(RowKey<?> key, @Nullable Object row) {
        if (key instanceof CollectionKey name && row instanceof CollectionRow now) {
            writtenCollections.add(now.name());
            CollectionRow stored = loaded.get(name);
            if (stored != null && stored.id() == now.id()) {
                storedNumbers.put(stored.id(), stored.numberLast());
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

    private void noteReference(RowKey<?> key, @Nullable Object row) {
        if (key instanceof ReferenceKey reference && row instanceof RecordKey target) {
            ReferrersKey referrers =
                    new ReferrersKey(
                            target, reference.source().collection(), reference.reference());
            writtenReferences
                    .computeIfAbsent(referrers, any -> new LinkedHashSet<>())
                    .add(reference);
        }
    }

    /** What cannot be in the database need not be asked for. */
    private boolean isKnownAbsent(RowKey<?> key) {
        return switch (key) {
            case CollectionKey name -> false;
            case InboundKey inbound -> isNew(inbound.collection());
            case ScanKey scan -> isNew(scan.collection());
            case RecordKey record -> isNew(record.collection()) || loaded.knowsAbsent(record);
            case UniqueKey unique -> isNew(unique.collection(), unique.constraint());
            case ReferenceKey reference ->
                    isNew(reference.source().collection(), reference.reference())
                            || storesNothing(reference.source());
            case ReferrersKey referrers ->
                    isNew(referrers.collection(), referrers.reference())
                            || storesNothing(referrers.target());
            case LinksKey links -> storesNothing(links.end());
            case RelationshipKey link ->
                    storesNothing(link.source()) || storesNothing(link.target());
        };
    }

    /** Whether no live record is stored there: nothing links to it, nothing points from or at it. */
    private boolean storesNothing(RecordKey record) {
        RecordRow stored = loaded.get(record);
        return stored == null
                ? isNew(record.collection())
                        || loaded.knowsAbsent(record)
                        || written.containsKey(record)
                : !stored.lives();
    }

    /** Whether the database knows no constraint or reference of this number. */
    private boolean isNew(long collection, int number) {
        return isNew(collection)
                || number > storedNumbers.getOrDefault(collection, Integer.MAX_VALUE);
    }

    /** Whether a collection was created by this batch. */
    private boolean isNew(long collection) {
        return newCollections.contains(collection);
    }
}
