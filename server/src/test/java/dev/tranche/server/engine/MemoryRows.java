package dev.tranche.server.engine;

import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Needs.Need;
import dev.tranche.server.operation.RowKey;
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
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Scan;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables in memory: the language of operations needs no database to be tested. */
public final class MemoryRows implements RowStore {
    private final Map<String, CollectionRow> collections = new TreeMap<>();
    private final Map<RowKey<?>, RecordRow> records = new TreeMap<>();
    private final Map<RowKey<?>, String> keys = new TreeMap<>();
    private final Map<RowKey<?>, RecordKey> references = new TreeMap<>();
    private final Map<RowKey<?>, RelationshipRow> relationships = new TreeMap<>();
    private final List<String> loads = new ArrayList<>();

    @Override
    public void load(long workspace, Needs needs, Snapshot snapshot) {
        for (Need need : needs.inOrder()) {
            if (need.claimant() != null
                    && need.key() instanceof UniqueKey key
                    && keys.putIfAbsent(key, need.claimant()) == null) {
                snapshot.putClaimed(key, need.claimant());
            } else {
                load(need.key(), need.mode(), snapshot);
            }
        }
    }

    private void load(RowKey<?> key, LockMode mode, Snapshot snapshot) {
        loads.add(key.getClass().getSimpleName() + " " + mode);
        switch (key) {
            case CollectionKey name -> snapshot.put(name, collections.get(name.name()), mode);
            case InboundKey inbound -> snapshot.put(inbound, inbound(inbound.collection()), mode);
            case ScanKey scan -> snapshot.putScan(scan, scan(scan.collection()));
            case RecordKey record -> snapshot.put(record, records.get(record), mode);
            case UniqueKey unique -> snapshot.put(unique, keys.get(unique), mode);
            case ReferenceKey reference -> snapshot.put(reference, references.get(reference), mode);
            case ReferrersKey target -> snapshot.put(target, referrers(target), mode);
            case LinksKey links -> snapshot.putLinks(links, new Links(links(links.end()), true));
            case RelationshipKey link -> snapshot.put(link, relationships.get(link), mode);
        }
    }

    private Set<String> inbound(long collection) {
        return collections.values().stream()
                .filter(row ->
                        row.references().stream().anyMatch(one -> one.collectionId() == collection))
                .map(CollectionRow::name)
                .collect(Collectors.toSet());
    }

    private Referrers referrers(ReferrersKey key) {
        List<String> ids =
                references.entrySet().stream()
                        .filter(one -> one.getValue().equals(key.target()))
                        .map(one -> (ReferenceKey) one.getKey())
                        .filter(one -> one.source().collection() == key.collection())
                        .filter(one -> one.reference() == key.reference())
                        .map(one -> one.source().id())
                        .toList();
        return new Referrers(ids, true);
    }

    private Scan scan(long collection) {
        List<RecordRow> live =
                records.values().stream()
                        .filter(row -> row.key().collection() == collection && row.lives())
                        .toList();
        long bytes = live.stream().mapToLong(row -> row.data().sizeBytes()).sum();
        return new Scan(live.size(), bytes, live);
    }

    private List<RelationshipRow> links(RecordKey end) {
        return relationships.values().stream()
                .filter(row -> row.key().source().equals(end) || row.key().target().equals(end))
                .toList();
    }

    @Override
    public void flush(long workspace, Changes changes) {
        changes.collections().deleted().forEach(row -> take(collections.remove(row.name()), row));
        changes.collections().inserted().forEach(row -> put(collections, row.name(), row));
        changes.collections()
                .updated()
                .forEach(row -> replace(collections, row.after().name(), row));
        changes.keys().deleted().forEach(key -> take(keys.remove(key.key()), key.recordId()));
        for (HeldKey key : changes.keys().inserted()) {
            put(keys, key.key(), key.recordId());
        }
        changes.records().inserted().forEach(row -> put(records, row.key(), row));
        changes.records().updated().forEach(row -> replace(records, row.after().key(), row));
        changes.references()
                .deleted()
                .forEach(one -> take(references.remove(one.key()), one.target()));
        changes.references().inserted().forEach(one -> put(references, one.key(), one.target()));
        changes.relationships()
                .deleted()
                .forEach(row -> take(relationships.remove(row.key()), row));
        changes.relationships().inserted().forEach(row -> put(relationships, row.key(), row));
        changes.relationships()
                .updated()
                .forEach(row -> replace(relationships, row.after().key(), row));
    }

    private static <K, R> void put(Map<? super K, R> table, K key, R row) {
        if (table.put(key, row) != null) {
            throw new IllegalStateException("inserted over " + key);
        }
    }

    private static <K, R> void replace(Map<? super K, R> table, K key, Update<R> update) {
        take(table.put(key, update.after()), update.before());
    }

    private static void take(@Nullable Object found, Object expected) {
        if (!expected.equals(found)) {
            throw new IllegalStateException("expected " + expected + ", found " + found);
        }
    }

    /** What was loaded, in order. */
    public List<String> loads() {
        return loads;
    }

    /** All live collections, by name. */
    public List<CollectionRow> collections() {
        return List.copyOf(collections.values());
    }

    /** All records, alive or deleted. */
    public List<RecordRow> records() {
        return List.copyOf(records.values());
    }

    /** Who holds each unique key. */
    public Map<RowKey<?>, String> keys() {
        return keys;
    }

    /** All relationships. */
    public List<RelationshipRow> relationships() {
        return List.copyOf(relationships.values());
    }
}
