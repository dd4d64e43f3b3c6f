package dev.tranche.server.store;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;
import static dev.tranche.server.operation.LockMode.SHARED;
import static dev.tranche.server.store.Samples.collection;
import static dev.tranche.server.store.Samples.collections;
import static dev.tranche.server.store.Samples.inserted;
import static dev.tranche.server.store.Samples.key;
import static dev.tranche.server.store.Samples.link;
import static dev.tranche.server.store.Samples.newRecords;
import static dev.tranche.server.store.Samples.record;
import static dev.tranche.server.store.Samples.relationships;
import static dev.tranche.server.store.Samples.updated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchPreview;
import dev.tranche.server.operation.LoadedRows;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.RowKey;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Links;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a dry run reads, and what it keeps away from. */
class PreviewsTest {
    private static final UniqueKey KEY = key(7, 1, 5);
    private static final RecordRow A = record(7, "a", KEY);
    private static final RecordRow B = record(7, "b");
    private static final RelationshipRow LINK = link(A.key(), "t", B.key());
    private static final CollectionRow COLLECTION = collection(7, "c", "code");

    private final Store store = Store.open();

    @BeforeEach
    void fill() {
        store.flush(collections(inserted(List.of(COLLECTION))));
        store.flush(newRecords(List.of(A, B)));
        store.flush(relationships(inserted(List.of(LINK))));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void readsWhatIsThere() {
        Snapshot snapshot = preview(tx -> load(tx, everything()));
        assertThat(get(snapshot, new CollectionKey("c"))).isEqualTo(COLLECTION);
        assertThat(get(snapshot, A.key())).isEqualTo(A);
        assertThat(get(snapshot, KEY)).isEqualTo("a");
        assertThat(get(snapshot, LINK.key())).isEqualTo(LINK);
        assertThat(get(snapshot, new LinksKey(B.key()))).isEqualTo(new Links(List.of(LINK), true));
        assertThat(get(snapshot, new ScanKey(7)))
                .satisfies(it -> assertThat(it.count()).isEqualTo(2));
    }

    @Test
    void waitsForNobody() throws SQLException {
        try (Connection other = store.test().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            for (String table : List.of("collection", "record", "record_key", "relationship")) {
                statement.executeQuery("SELECT * FROM " + table + " FOR UPDATE").close();
            }
            statement.executeUpdate("UPDATE record SET version = 99");
            assertThat(get(preview(tx -> load(tx, everything())), A.key())).isEqualTo(A);
            other.rollback();
        }
    }

    @Test
    void holdsNobodyUp() {
        preview(tx -> {
            load(tx, everything());
            RecordRow changed = Samples.changed(A, "{\"n\":2}", KEY);
            store.flush(Samples.records(updated(A, changed)));
            store.flush(relationships(Samples.deleted(List.of(LINK))));
            store.flush(collections(Samples.deleted(List.of(COLLECTION))));
            return tx;
        });
        assertThat(store.present(A.key()).version()).isEqualTo(2);
    }

    @Test
    void seesOneStateOfEverything() {
        preview(tx -> {
            store.flush(Samples.records(updated(A, Samples.changed(A, "{\"n\":2}", KEY))));
            store.flush(newRecords(List.of(record(7, "new"))));
            store.flush(collections(Samples.deleted(List.of(COLLECTION))));
            Snapshot snapshot = load(tx, everything());
            assertThat(get(snapshot, A.key())).isEqualTo(A);
            assertThat(get(snapshot, new CollectionKey("c"))).isEqualTo(COLLECTION);
            assertThat(get(snapshot, new ScanKey(7)))
                    .satisfies(it -> assertThat(it.rows()).containsExactly(A, B));
            return tx;
        });
    }

    @Test
    void isATransactionThatCanOnlyRead() {
        store.watched().forget();
        preview(tx -> load(tx, everything()));
        assertThat(store.watched().executed().subList(1, 3))
                .containsExactly(
                        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        assertThat(store.watched().executed())
                .noneMatch(sql -> sql.contains("FOR UPDATE") || sql.contains("LOCK IN"));
    }

    @Test
    void leavesItsConnectionAsItWas() {
        for (int i = 0; i < 3; i++) {
            preview(tx -> load(tx, everything()));
            RecordRow row = record(8, "r" + i);
            store.once(tx -> {
                Snapshot before = Store.load(tx, Store.needs(SHARED, row.key()));
                assertThat(get(before, row.key())).isNull();
                tx.flush(Store.WORKSPACE, newRecords(List.of(row)));
                return tx;
            });
            assertThat(store.present(row.key())).isEqualTo(row);
        }
    }

    private static Needs everything() {
        Needs needs = new Needs();
        for (RowKey<?> key :
                List.<RowKey<?>>of(
                        new CollectionKey("c"),
                        new ScanKey(7),
                        A.key(),
                        B.key(),
                        KEY,
                        new LinksKey(A.key()),
                        new LinksKey(B.key()),
                        LINK.key())) {
            needs.add(key, key instanceof CollectionKey ? SHARED : EXCLUSIVE);
        }
        return needs;
    }

    private <R> R preview(Function<BatchPreview, R> work) {
        return new Reruns<BatchPreview>(store.database().previews())
                .run(Store.budget(Duration.ofSeconds(10)), work);
    }

    private static Snapshot load(BatchPreview tx, Needs needs) {
        Snapshot snapshot = new Snapshot();
        tx.load(Store.WORKSPACE, needs, snapshot);
        return snapshot;
    }

    private static <R> @Nullable R get(Snapshot snapshot, RowKey<R> key) {
        return LoadedRows.get(snapshot, key);
    }
}
