package dev.tranche.server.operation;

import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.Changes.HeldReference;
import dev.tranche.server.operation.Changes.Table;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.Needs.Need;
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
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sorts the rows of a working set into what is inserted, updated and deleted. */
final class ChangesBuilder {
    private final Snapshot before;
    private final Needs claims;
    private final Set<Long> vanished;
    private final Draft<CollectionRow> collections =
            new Draft<>(row -> new CollectionKey(row.name()));
    private final Draft<HeldKey> keys = new Draft<>(HeldKey::key);
    private final Draft<RecordRow> records = new Draft<>(RecordRow::key);
    private final Draft<HeldReference> references = new Draft<>(HeldReference::key);
    private final Draft<RelationshipRow> relationships = new Draft<>(RelationshipRow::key);

    /**
     * @param claims keys that are claimed beside those that were
     * @param vanished collections that this batch both created and deleted: nothing of them is written
     */
    ChangesBuilder(Snapshot before, Needs claims, Set<Long> vanished) {
        this.before = before;
        this.claims = claims;
        this.vanished = vanished;
    }

    void add(RowKey<?> key, @Nullable Object after) {
        switch (key) {
            case CollectionKey name -> addCollection(before.get(name), (CollectionRow) after);
            case RecordKey record -> {
                if (!vanished.contains(record.collection())) {
                    records.add(before.get(record), (RecordRow) after);
                }
            }
            case UniqueKey unique -> {
                if (!vanished.contains(unique.collection())) {
                    addKey(unique, holder(unique), (String) after);
                }
            }
            case RelationshipKey link -> {
                if (!vanished.contains(link.source().collection())
                        && !vanished.contains(link.target().collection())) {
                    relationships.add(before.get(link), (RelationshipRow) after);
                }
            }
            case ReferenceKey reference -> {
                if (!vanished.contains(reference.source().collection())) {
                    addReference(reference, before.get(reference), (RecordKey) after);
                }
            }
            case InboundKey lookup -> throw noRow(lookup);
            case ScanKey lookup -> throw noRow(lookup);
            case ReferrersKey lookup -> throw noRow(lookup);
            case LinksKey lookup -> throw noRow(lookup);
        }
    }

    /** Gives back what was claimed for a record that did not take it. */
    void giveBack(Set<RowKey<?>> taken) {
        before.claimed().forEach((key, recordId) -> giveBack(key, recordId, taken));
        for (Need claim : claims.inOrder()) {
            if (claim.key() instanceof UniqueKey key && claim.claimant() != null) {
                giveBack(key, claim.claimant(), taken);
            }
        }
    }

    private void giveBack(UniqueKey key, String recordId, Set<RowKey<?>> taken) {
        if (!taken.contains(key)) {
            addKey(key, recordId, null);
        }
    }

    Changes build() {
        return new Changes(
                collections.build(),
                keys.build(),
                records.build(),
                references.build(),
                relationships.build());
    }

    private static IllegalArgumentException noRow(RowKey<?> lookup) {
        return new IllegalArgumentException("a lookup is no row: " + lookup);
    }

    /** A name that was given to another collection: the first is deleted, the second inserted. */
    private void addCollection(@Nullable CollectionRow was, @Nullable CollectionRow is) {
        if (was != null && is != null && was.id() != is.id()) {
            collections.add(was, null);
            collections.add(null, is);
        } else {
            collections.add(was, is);
        }
    }

    /** The id of the record that the database holds a key for. */
    private @Nullable String holder(UniqueKey key) {
        String claimant = before.claimed().get(key);
        if (claimant == null) {
            claimant = claims.claimant(key);
        }
        return claimant == null ? before.get(key) : claimant;
    }

    private void addKey(UniqueKey key, @Nullable String was, @Nullable String is) {
        if (!Objects.equals(was, is)) {
            keys.add(was == null ? null : new HeldKey(key, was), null);
            keys.add(null, is == null ? null : new HeldKey(key, is));
        }
    }

    private void addReference(ReferenceKey key, @Nullable RecordKey was, @Nullable RecordKey is) {
        if (!Objects.equals(was, is)) {
            references.add(was == null ? null : new HeldReference(key, was), null);
            references.add(null, is == null ? null : new HeldReference(key, is));
        }
    }

    /** The lists of one table while they grow. */
    private static final class Draft<R> {
        private final List<R> inserted = new ArrayList<>();
        private final List<Update<R>> updated = new ArrayList<>();
        private final List<R> deleted = new ArrayList<>();
        private final Comparator<R> order;

        private Draft(Function<R, RowKey<?>> key) {
            this.order = (one, other) -> key.apply(one).compareTo(key.apply(other));
        }

        private void add(@Nullable R was, @Nullable R is) {
            if (was == null && is != null) {
                inserted.add(is);
            } else if (was != null && is == null) {
                deleted.add(was);
            } else if (was != null && is != null && !was.equals(is)) {
                updated.add(new Update<>(was, is));
            }
        }

        private Table<R> build() {
            inserted.sort(order);
            updated.sort((one, other) -> order.compare(one.before(), other.before()));
            deleted.sort(order);
            return new Table<>(inserted, updated, deleted);
        }
    }
}
