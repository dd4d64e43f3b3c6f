package dev.tranche.server.store;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;
import static dev.tranche.server.operation.LockMode.SHARED;
import static dev.tranche.server.store.Samples.LATER;
import static dev.tranche.server.store.Samples.STAMP;
import static dev.tranche.server.store.Samples.changed;
import static dev.tranche.server.store.Samples.collection;
import static dev.tranche.server.store.Samples.collections;
import static dev.tranche.server.store.Samples.constraint;
import static dev.tranche.server.store.Samples.deleted;
import static dev.tranche.server.store.Samples.inserted;
import static dev.tranche.server.store.Samples.json;
import static dev.tranche.server.store.Samples.key;
import static dev.tranche.server.store.Samples.keys;
import static dev.tranche.server.store.Samples.link;
import static dev.tranche.server.store.Samples.newRecords;
import static dev.tranche.server.store.Samples.record;
import static dev.tranche.server.store.Samples.records;
import static dev.tranche.server.store.Samples.references;
import static dev.tranche.server.store.Samples.relationships;
import static dev.tranche.server.store.Samples.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.engine.Conflict;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.Changes.Table;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.Failure.LimitExceeded;
import dev.tranche.server.operation.LoadedRows;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferrersKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Links;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Referrers;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Scan;
import dev.tranche.server.operation.Snapshot;
import dev.tranche.server.schema.Json;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is flushed is what is loaded. */
class RowsTest {
    private static final long WORKSPACE = 1;

    private final Store store = Store.open();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsACollectionWithItsConstraints() {
        CollectionRow airports = collection(7, "Testing App ✈", "code", "name");
        store.flush(collections(inserted(List.of(airports))));
        assertThat(store.get(new CollectionKey("Testing App ✈"))).isEqualTo(airports);
        assertThat(store.get(new CollectionKey("testing app ✈"))).isNull();
        assertThat(store.catalog().collection(WORKSPACE, "Testing App ✈")).contains(airports);
        assertThat(store.catalog().collection(2, "Testing App ✈")).isEmpty();
    }

    @Test
    void keepsWhatAChangedCollectionDemands() {
        CollectionRow before = collection(7, "c", "a", "b");
        CollectionRow after =
                collection(7, "c", List.of(constraint(3, "z"), constraint(2, "b")), 3, 2);
        store.flush(collections(inserted(List.of(before))));
        assertThat(store.get(new CollectionKey("c"))).isEqualTo(before);
        store.flush(collections(updated(before, after)));
        assertThat(store.get(new CollectionKey("c"))).isEqualTo(after);
    }

    @Test
    void givesTheNameOfADeletedCollectionToAnother() {
        CollectionRow first = collection(7, "c", "a");
        CollectionRow second = collection(8, "c");
        store.flush(collections(inserted(List.of(first))));
        store.flush(collections(new Table<>(List.of(second), List.of(), List.of(first))));
        assertThat(store.get(new CollectionKey("c"))).isEqualTo(second);
        store.flush(collections(Samples.deleted(List.of(second))));
        assertThat(store.get(new CollectionKey("c"))).isNull();
    }

    @Test
    void keepsRecordsWhateverTheirIds() {
        List<RecordRow> rows =
                List.of(
                        record(7, "a", key(7, 1, 5), key(7, 2, -6)),
                        record(7, "A"),
                        record(7, "a "),
                        record(7, "😀'\"\\%_\n"),
                        record(7, "é".repeat(64)),
                        record(8, "a"));
        store.flush(newRecords(rows));
        rows.forEach(row -> assertThat(store.get(row.key())).isEqualTo(row));
        assertThat(store.present(rows.getFirst().key()).data().text())
                .isEqualTo("{\"id\": \"x\", \"n\":1.50}");
        assertThat(store.get(new RecordKey(7, "b"))).isNull();
        assertThat(store.<String>get(key(7, 1, 5))).isEqualTo("a");
        assertThat(store.<String>get(key(7, 1, 6))).isNull();
    }

    @Test
    void keepsRecordsThatAreNotPlain() {
        RecordRow plain = record(7, "a");
        RecordRow ignored =
                new RecordRow(
                        new RecordKey(7, "b"),
                        json("{}"),
                        1,
                        -5,
                        List.of(),
                        true,
                        STAMP,
                        STAMP,
                        null);
        RecordRow stillborn = deleted(record(7, "c"));
        RecordRow twice = changed(record(7, "d"), "{\"n\":2}");
        List<RecordRow> rows = List.of(plain, ignored, stillborn, twice);
        store.flush(newRecords(rows));
        rows.forEach(row -> assertThat(store.get(row.key())).isEqualTo(row));
    }

    @Test
    void changesDeletesAndRevivesRecords() {
        RecordRow first = record(7, "a", key(7, 1, 5));
        store.flush(newRecords(List.of(first)));
        RecordRow second = changed(first, "{\"n\":2}", key(7, 1, 6));
        store.flush(records(updated(first, second)));
        assertThat(store.get(first.key())).isEqualTo(second);
        RecordRow third = deleted(second);
        store.flush(records(updated(second, third)));
        assertThat(store.get(first.key())).isEqualTo(third);
        RecordRow fourth =
                new RecordRow(first.key(), json("[]"), 4, 42, List.of(), true, LATER, LATER, null);
        store.flush(records(updated(third, fourth)));
        assertThat(store.get(first.key())).isEqualTo(fourth);
    }

    @Test
    void changesDeletesAndRevivesManyAtOnce() {
        List<RecordRow> first =
                IntStream.range(0, 48)
                        .mapToObj(i -> i % 3 == 0 ? deleted(record(7, "" + i)) : record(7, "" + i))
                        .toList();
        store.flush(newRecords(first));
        List<RecordRow> second =
                first.stream()
                        .map(row ->
                                Integer.parseInt(row.key().id()) % 3 == 1
                                        ? deleted(row)
                                        : changed(row, "[2]", key(7, 1, 5)))
                        .toList();
        store.flush(
                records(
                        new Table<>(
                                List.of(),
                                IntStream.range(0, first.size())
                                        .mapToObj(i -> new Update<>(first.get(i), second.get(i)))
                                        .toList(),
                                List.of())));
        second.forEach(row -> assertThat(store.get(row.key())).isEqualTo(row));
    }

    @Test
    void letsAKeyChangeHandsInOneFlush() {
        store.flush(newRecords(List.of(record(7, "a", key(7, 1, 5)))));
        store.flush(
                keys(
                        new Table<>(
                                List.of(new HeldKey(key(7, 1, 5), "b")),
                                List.of(),
                                List.of(new HeldKey(key(7, 1, 5), "a")))));
        assertThat(store.<String>get(key(7, 1, 5))).isEqualTo("b");
    }

    @Test
    void keepsRelationships() {
        RelationshipRow first = link(new RecordKey(7, "a"), "t", new RecordKey(8, "b"));
        RelationshipRow bare =
                new RelationshipRow(
                        link(new RecordKey(7, "a"), "u", new RecordKey(8, "b")).key(),
                        null,
                        1,
                        STAMP,
                        STAMP);
        store.flush(relationships(inserted(List.of(first, bare))));
        assertThat(store.get(first.key())).isEqualTo(first);
        assertThat(store.get(bare.key())).isEqualTo(bare);
        RelationshipRow second = new RelationshipRow(first.key(), null, 2, STAMP, LATER);
        store.flush(relationships(updated(first, second)));
        assertThat(store.get(first.key())).isEqualTo(second);
        store.flush(relationships(Samples.deleted(List.of(second))));
        assertThat(store.get(first.key())).isNull();
    }

    @Test
    void findsTheRelationshipsAtBothEndsOfARecord() {
        RecordKey a = new RecordKey(7, "a");
        RecordKey b = new RecordKey(7, "b");
        RecordKey far = new RecordKey(8, "a");
        RelationshipRow out = link(a, "t", far);
        RelationshipRow in = link(far, "t", a);
        RelationshipRow self = link(a, "t", a);
        RelationshipRow between = link(b, "t", a);
        RelationshipRow other = link(b, "t", far);
        store.flush(relationships(inserted(List.of(self, out, between, other, in))));
        Snapshot loaded = store.load(EXCLUSIVE, new LinksKey(a), new LinksKey(b), out.key());
        assertThat(links(loaded, a).rows()).containsExactlyInAnyOrder(self, out, between, in);
        assertThat(links(loaded, b).rows()).containsExactlyInAnyOrder(between, other);
        assertThat(LoadedRows.get(loaded, in.key())).isEqualTo(in);
        RecordKey nobody = new RecordKey(9, "a");
        assertThat(links(store.load(EXCLUSIVE, new LinksKey(nobody)), nobody))
                .isEqualTo(new Links(List.of(), true));
    }

    private static Links links(Snapshot loaded, RecordKey end) {
        return Objects.requireNonNull(LoadedRows.get(loaded, new LinksKey(end)));
    }

    @Test
    void readsNoneOfMoreRelationshipsThanAllowed() {
        RecordKey hub = new RecordKey(7, "hub");
        RecordKey neighbour = new RecordKey(7, "a");
        List<RelationshipRow> links =
                IntStream.range(0, 151)
                        .mapToObj(i -> link(hub, "t", new RecordKey(8, "r" + i)))
                        .toList();
        store.flush(relationships(inserted(links.subList(1, 151))));
        Snapshot full = store.load(EXCLUSIVE, new LinksKey(hub));
        assertThat(links(full, hub).rows()).hasSize(150);
        assertThat(links(full, hub).all()).isTrue();
        RelationshipRow its = link(neighbour, "t", new RecordKey(8, "r"));
        store.flush(relationships(inserted(List.of(links.getFirst(), its))));
        Snapshot crowded = store.load(EXCLUSIVE, new LinksKey(hub), new LinksKey(neighbour));
        assertThat(links(crowded, hub)).isEqualTo(new Links(List.of(), false));
        assertThat(links(crowded, neighbour)).isEqualTo(new Links(List.of(its), true));
    }

    @Test
    void followsNoMoreReferencesBackThanAllowed() {
        RecordKey hub = new RecordKey(8, "hub");
        RecordKey neighbour = new RecordKey(8, "z");
        store.flush(references(hub, IntStream.range(0, 151).mapToObj(i -> "r" + i).toList()));
        store.flush(references(neighbour, List.of("x")));
        ReferrersKey toHub = new ReferrersKey(hub, 7, 1);
        ReferrersKey toNeighbour = new ReferrersKey(neighbour, 7, 1);
        Snapshot loaded = store.load(EXCLUSIVE, toHub, toNeighbour);
        Referrers found = Objects.requireNonNull(LoadedRows.get(loaded, toHub));
        assertThat(found.all()).isFalse();
        assertThat(found.ids()).hasSize(151);
        assertThat(LoadedRows.get(loaded, toNeighbour))
                .isEqualTo(new Referrers(List.of("x"), true));
    }

    @Test
    void readsNoMoreBytesOfRelationshipsThanAllowed() {
        Json large = json("{\"t\":\"" + "x".repeat(500_000) + "\"}");
        RecordKey hub = new RecordKey(7, "hub");
        List<RelationshipRow> links =
                IntStream.range(0, 3)
                        .mapToObj(i -> link(hub, "t" + i, hub))
                        .map(row -> new RelationshipRow(row.key(), large, 1, STAMP, STAMP))
                        .toList();
        store.flush(relationships(inserted(links)));
        assertThatThrownBy(() -> store.get(new LinksKey(hub)))
                .isInstanceOfSatisfying(
                        CallFailure.class,
                        e -> {
                            LimitExceeded failure = (LimitExceeded) e.failure();
                            assertThat(failure.given()).isGreaterThan(1 << 20);
                            assertThat(failure.allowed()).isEqualTo(1 << 20);
                        });
    }

    @Test
    void scansTheLiveRecordsOfACollection() {
        List<RecordRow> rows = IntStream.range(10, 60).mapToObj(i -> record(7, "r" + i)).toList();
        store.flush(newRecords(rows));
        store.flush(newRecords(List.of(deleted(record(7, "x")), record(8, "y"))));
        Snapshot loaded = store.load(EXCLUSIVE, new ScanKey(7));
        long bytes = 50L * rows.getFirst().data().sizeBytes();
        assertThat(LoadedRows.get(loaded, new ScanKey(7))).isEqualTo(new Scan(50, bytes, rows));
        assertThat(LoadedRows.get(loaded, rows.getFirst().key())).isEqualTo(rows.getFirst());
        store.flush(newRecords(List.of(record(7, "z"), record(7, "zz"))));
        Scan tooMany = store.present(new ScanKey(7));
        assertThat(tooMany.count()).isEqualTo(51);
        assertThat(tooMany.rows()).isEmpty();
        assertThat(store.<Scan>get(new ScanKey(9))).isEqualTo(new Scan(0, 0, List.of()));
    }

    @Test
    void loadsAndFlushesMoreThanOneStatementTakes() {
        List<RecordRow> rows =
                IntStream.range(0, 2_001)
                        .mapToObj(i -> record(7, "%05d".formatted(i), key(7, 1, i)))
                        .toList();
        store.flush(newRecords(rows));
        Needs needs = new Needs();
        rows.forEach(row -> needs.add(row.key(), SHARED));
        rows.forEach(row -> needs.add(row.keys().getFirst(), EXCLUSIVE));
        Snapshot loaded = store.load(needs);
        rows.forEach(row -> assertThat(LoadedRows.get(loaded, row.key())).isEqualTo(row));
        UniqueKey last = rows.getLast().keys().getFirst();
        assertThat(LoadedRows.get(loaded, last)).isEqualTo("02000");
    }

    @Test
    void refusesToLoadMoreBytesThanAllowed() {
        String large = "{\"t\":\"" + "x".repeat(300_000) + "\"}";
        List<RecordRow> rows =
                IntStream.range(0, 4).mapToObj(i -> changed(record(7, "r" + i), large)).toList();
        store.flush(newRecords(rows));
        assertThat(store.present(rows.getFirst().key()).data().text()).isEqualTo(large);
        Needs needs = new Needs();
        rows.forEach(row -> needs.add(row.key(), SHARED));
        assertThatThrownBy(() -> store.load(needs))
                .isInstanceOfSatisfying(
                        CallFailure.class,
                        e -> assertThat(e.failure()).isInstanceOf(LimitExceeded.class));
        assertThatThrownBy(() -> store.records().find(7, List.of("r0", "r1", "r2", "r3")))
                .isInstanceOf(CallFailure.class);
    }

    @Test
    void findsAndListsRecords() {
        List<RecordRow> rows =
                List.of(record(7, "a"), record(7, "b"), deleted(record(7, "c")), record(7, "d"));
        store.flush(newRecords(rows));
        store.flush(newRecords(List.of(record(8, "a"))));
        assertThat(store.records().find(7, List.of("c", "a", "none")))
                .containsExactlyInAnyOrder(rows.get(0), rows.get(2));
        assertThat(store.records().list(7, "", false, 10, 10_000))
                .containsExactly(rows.get(0), rows.get(1), rows.get(3));
        assertThat(store.records().list(7, "a", true, 2, 10_000))
                .containsExactly(rows.get(1), rows.get(2));
        int bytes = rows.getFirst().data().sizeBytes();
        assertThat(store.records().list(7, "", false, 10, 2L * bytes)).hasSize(2);
        assertThat(store.records().list(7, "", false, 10, 2L * bytes - 1)).hasSize(1);
        assertThat(store.records().list(7, "", false, 10, 1)).containsExactly(rows.getFirst());
        assertThat(store.records().list(7, "d", false, 10, 10_000)).isEmpty();
    }

    @Test
    void keepsTimesWhereClocksChange() {
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
            RecordRow row = record(7, "a");
            store.flush(newRecords(List.of(row)));
            assertThat(store.get(row.key())).isEqualTo(row);
            assertThat(store.queryText("SELECT CAST(created_at AS CHAR) FROM record"))
                    .isEqualTo("2026-03-08 07:30:00.123456");
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void aChangeFindsTheVersionItWasComputedFromOrNothing() {
        RecordRow record = record(7, "a", key(7, 1, 5));
        CollectionRow collection = collection(7, "c", "a");
        RelationshipRow link = link(new RecordKey(7, "a"), "t", new RecordKey(7, "a"));
        store.flush(
                new Changes(
                        inserted(List.of(collection)),
                        inserted(List.of(new HeldKey(key(7, 1, 5), "a"))),
                        inserted(List.of(record)),
                        Samples.nothing(),
                        inserted(List.of(link))));
        RecordRow newer = changed(changed(record, "{}"), "{}");
        CollectionRow newerCollection = collection(7, "c", List.of(), 1, 3);
        RelationshipRow newerLink = new RelationshipRow(link.key(), null, 3, STAMP, STAMP);
        assertConflict(records(updated(changed(record, "{}"), newer)));
        assertConflict(collections(updated(collection(7, "c", List.of(), 1, 2), newerCollection)));
        assertConflict(collections(Samples.deleted(List.of(newerCollection))));
        assertConflict(
                relationships(
                        updated(
                                new RelationshipRow(link.key(), null, 2, STAMP, STAMP),
                                newerLink)));
        assertConflict(relationships(Samples.deleted(List.of(newerLink))));
        assertConflict(keys(Samples.deleted(List.of(new HeldKey(key(7, 1, 5), "b")))));
        assertThat(store.get(record.key())).isEqualTo(record);
        assertThat(store.get(link.key())).isEqualTo(link);
        assertThat(store.get(new CollectionKey("c"))).isEqualTo(collection);
    }

    @Test
    void oneOfManyChangesThatFindsNothingIsAConflict() {
        RecordRow first = record(7, "a", key(7, 1, 5));
        RecordRow second = record(7, "b", key(7, 1, 6));
        store.flush(newRecords(List.of(first, second)));
        Update<RecordRow> found = new Update<>(first, changed(first, "{}"));
        RecordRow newer = changed(second, "{}");
        Update<RecordRow> lost = new Update<>(newer, changed(newer, "{}"));
        assertConflict(records(new Table<>(List.of(), List.of(found, lost), List.of())));
        HeldKey held = new HeldKey(key(7, 1, 5), "a");
        HeldKey anothers = new HeldKey(key(7, 1, 6), "c");
        assertConflict(keys(Samples.deleted(List.of(held, anothers))));
        assertThat(store.get(first.key())).isEqualTo(first);
        assertThat(store.get(held.key())).isEqualTo("a");
    }

    @Test
    void whatIsTakenIsAConflict() {
        RecordRow record = record(7, "a", key(7, 1, 5));
        CollectionRow collection = collection(7, "c");
        RelationshipRow link = link(new RecordKey(7, "a"), "t", new RecordKey(7, "a"));
        store.flush(newRecords(List.of(record)));
        store.flush(collections(inserted(List.of(collection))));
        store.flush(relationships(inserted(List.of(link))));
        assertConflict(newRecords(List.of(record(7, "0"), record(7, "a"), record(7, "b"))));
        assertConflict(newRecords(List.of(record(7, "b", key(7, 1, 5)))));
        assertConflict(collections(inserted(List.of(collection(8, "c")))));
        assertConflict(relationships(inserted(List.of(link))));
        assertThat(store.get(new RecordKey(7, "0"))).isNull();
        assertThat(store.get(new RecordKey(7, "b"))).isNull();
    }

    private void assertConflict(Changes changes) {
        assertThatThrownBy(() -> store.flush(changes)).isInstanceOf(Conflict.class);
    }
}
