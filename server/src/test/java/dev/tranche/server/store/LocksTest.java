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
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.engine.Conflict;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.LoadedRows;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.RowKey;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ScanKey;
import dev.tranche.server.operation.Rows.Links;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transaction locks, how strongly, and what those who come too late are told. */
class LocksTest {
    private static final Executor THREADS = Thread::startVirtualThread;
    private static final RecordKey A = new RecordKey(7, "a");
    private static final RecordKey B = new RecordKey(7, "b");
    private static final RecordKey C = new RecordKey(7, "c");

    private final Store store = Store.open();

    @BeforeEach
    void fill() {
        store.flush(
                newRecords(List.of(record(7, "a", key(7, 1, 5)), record(7, "b"), record(7, "c"))));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void locksRecordsAsStronglyAsAsked() {
        store.once(tx -> {
            Store.load(tx, Store.needs(SHARED, A));
            assertThat(recordIsFree("a", "LOCK IN SHARE MODE")).isTrue();
            assertThat(recordIsFree("a", "FOR UPDATE")).isFalse();
            Store.load(tx, Store.needs(EXCLUSIVE, B));
            assertThat(recordIsFree("b", "LOCK IN SHARE MODE")).isFalse();
            assertThat(recordIsFree("c", "FOR UPDATE")).isTrue();
            return tx;
        });
    }

    @Test
    void locksTheRecordsOfOneStatementAsStronglyAsTheStrongest() {
        store.once(tx -> {
            Needs needs = Store.needs(SHARED, A, C);
            needs.add(B, EXCLUSIVE);
            assertThat(LoadedRows.knows(Store.load(tx, needs), A, EXCLUSIVE)).isTrue();
            assertThat(recordIsFree("a", "LOCK IN SHARE MODE")).isFalse();
            assertThat(recordIsFree("b", "LOCK IN SHARE MODE")).isFalse();
            return tx;
        });
    }

    @Test
    void locksEachCollectionAsStronglyAsAskedInTheOrderOfNames() {
        store.flush(
                collections(
                        inserted(
                                List.of(
                                        collection(1, "a"),
                                        collection(2, "b"),
                                        collection(3, "c")))));
        store.watched().forget();
        store.once(tx -> {
            Needs needs = Store.needs(SHARED, new CollectionKey("a"));
            needs.add(new CollectionKey("b"), EXCLUSIVE);
            needs.add(new CollectionKey("c"), SHARED);
            Store.load(tx, needs);
            assertThat(collectionIsFree("a", "LOCK IN SHARE MODE")).isTrue();
            assertThat(collectionIsFree("a", "FOR UPDATE")).isFalse();
            assertThat(collectionIsFree("b", "LOCK IN SHARE MODE")).isFalse();
            assertThat(collectionIsFree("c", "LOCK IN SHARE MODE")).isTrue();
            assertThat(collectionIsFree("c", "FOR UPDATE")).isFalse();
            return tx;
        });
    }

    @Test
    void locksKeysAndRelationshipsExclusively() {
        RelationshipRow link = link(A, "t", B);
        store.flush(relationships(inserted(List.of(link))));
        store.once(tx -> {
            Store.load(tx, Store.needs(SHARED, key(7, 1, 5), new LinksKey(B)));
            assertThat(isFree("SELECT 1 FROM record_key LOCK IN SHARE MODE")).isFalse();
            assertThat(isFree("SELECT data FROM relationship LOCK IN SHARE MODE")).isFalse();
            return tx;
        });
    }

    @Test
    void locksNothingThatWasNotAskedFor() {
        store.once(tx -> {
            RecordKey absent = new RecordKey(7, "aa");
            Store.load(
                    tx,
                    Store.needs(
                            EXCLUSIVE, absent, new ScanKey(7), new LinksKey(absent), key(7, 1, 4)));
            assertThat(isFree("SELECT 1 FROM record FOR UPDATE")).isTrue();
            store.flush(newRecords(List.of(record(7, "aa", key(7, 1, 4)))));
            return tx;
        });
        assertThat(store.get(new RecordKey(7, "aa"))).isNotNull();
    }

    @Test
    void readersOfTheCatalogAndOfRecordsWaitForNobody() {
        store.flush(collections(inserted(List.of(collection(1, "a")))));
        store.once(tx -> {
            Store.load(tx, Store.needs(EXCLUSIVE, new CollectionKey("a"), A));
            assertThat(store.catalog().collection(Store.WORKSPACE, "a")).isPresent();
            assertThat(store.records().find(7, List.of("a"))).hasSize(1);
            assertThat(store.records().list(7, "", false, 9, 9_999)).hasSize(3);
            return tx;
        });
    }

    @Test
    void oneOfTwoThatWaitForEachOtherIsToldToRunAgain() throws Exception {
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        CompletableFuture<Void> one = lockOneThenOther(A, B, bothHoldOne);
        CompletableFuture<Void> other = lockOneThenOther(B, A, bothHoldOne);
        List<Throwable> failures =
                List.of(outcome(one), outcome(other)).stream()
                        .filter(Conflict.class::isInstance)
                        .toList();
        assertThat(failures).hasSize(1);
    }

    @Test
    void whoWaitsTooLongForALockIsToldToRunAgain() {
        store.once(tx -> {
            Store.load(tx, Store.needs(EXCLUSIVE, A));
            assertThatThrownBy(() ->
                            store.once(
                                    Duration.ofSeconds(2),
                                    late -> Store.load(late, Store.needs(SHARED, A))))
                    .isInstanceOf(Conflict.class);
            return tx;
        });
    }

    @Test
    void whoWaitsPastTheEndOfHisTimeIsToldSo() {
        store.once(tx -> {
            Store.load(tx, Store.needs(EXCLUSIVE, A));
            assertThatThrownBy(() ->
                            store.once(
                                    Duration.ofMillis(300),
                                    late -> Store.load(late, Store.needs(SHARED, A))))
                    .isInstanceOfSatisfying(
                            CallFailure.class,
                            e -> assertThat(e.failure().reason()).isEqualTo(Reason.BATCH_TIMEOUT));
            return tx;
        });
        assertThat(store.get(A)).isNotNull();
    }

    @Test
    void theLoserOfARaceForAnIdOrKeyIsToldToRunAgain() throws Exception {
        CyclicBarrier bothLoaded = new CyclicBarrier(2);
        CompletableFuture<Void> one = insertAfter(bothLoaded, "x", 9);
        CompletableFuture<Void> other = insertAfter(bothLoaded, "y", 9);
        List<Throwable> failures =
                List.of(outcome(one), outcome(other)).stream()
                        .filter(Conflict.class::isInstance)
                        .toList();
        assertThat(failures).hasSize(1);
        assertThat(store.<String>get(key(7, 1, 9))).isIn("x", "y");
    }

    @Test
    void noRelationshipSurvivesARecordThatIsDeletedMeanwhile() throws Exception {
        RelationshipRow link = link(A, "t", B);
        for (int round = 0; round < 20; round++) {
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Void> linking = together(start, tx -> linkIfBothLive(tx, link));
            CompletableFuture<Void> deleting = together(start, tx -> deleteWithLinks(tx, B));
            linking.get(30, TimeUnit.SECONDS);
            deleting.get(30, TimeUnit.SECONDS);
            assertThat(store.get(link.key())).isNull();
            assertThat(store.present(B).lives()).isFalse();
            RecordRow dead = store.present(B);
            store.flush(Samples.records(Samples.updated(dead, Samples.changed(dead, "{}"))));
        }
    }

    private CompletableFuture<Void> together(
            CyclicBarrier start, Function<BatchTransaction, BatchTransaction> work) {
        return CompletableFuture.runAsync(
                () -> {
                    await(start);
                    new Reruns<BatchTransaction>(store.database().transactions())
                            .run(Store.budget(Duration.ofSeconds(20)), work);
                },
                THREADS);
    }

    private static BatchTransaction linkIfBothLive(BatchTransaction tx, RelationshipRow link) {
        RecordKey target = link.key().target();
        Snapshot ends = Store.load(tx, Store.needs(SHARED, link.key().source(), target));
        RecordRow row = LoadedRows.get(ends, target);
        if (row != null && row.lives()) {
            Store.load(tx, Store.needs(EXCLUSIVE, link.key()));
            tx.flush(Store.WORKSPACE, relationships(inserted(List.of(link))));
        }
        return tx;
    }

    private static BatchTransaction deleteWithLinks(BatchTransaction tx, RecordKey key) {
        Snapshot loaded = Store.load(tx, Store.needs(EXCLUSIVE, key));
        RecordRow row = Objects.requireNonNull(LoadedRows.get(loaded, key));
        LinksKey links = new LinksKey(key);
        Links found = LoadedRows.get(Store.load(tx, Store.needs(EXCLUSIVE, links)), links);
        tx.flush(
                Store.WORKSPACE,
                new Changes(
                        Samples.nothing(),
                        Samples.nothing(),
                        Samples.updated(row, Samples.deleted(row)),
                        Samples.nothing(),
                        Samples.deleted(Objects.requireNonNull(found).rows())));
        return tx;
    }

    private CompletableFuture<Void> lockOneThenOther(
            RecordKey one, RecordKey other, CyclicBarrier barrier) {
        return CompletableFuture.runAsync(
                () ->
                        store.once(tx -> {
                            Store.load(tx, Store.needs(EXCLUSIVE, one));
                            await(barrier);
                            return Store.load(tx, Store.needs(EXCLUSIVE, other));
                        }),
                THREADS);
    }

    private CompletableFuture<Void> insertAfter(CyclicBarrier barrier, String id, long value) {
        RowKey<?> key = key(7, 1, value);
        return CompletableFuture.runAsync(
                () ->
                        store.once(tx -> {
                            Store.load(tx, Store.needs(EXCLUSIVE, key));
                            await(barrier);
                            return insert(tx, id, value);
                        }),
                THREADS);
    }

    private static BatchTransaction insert(BatchTransaction tx, String id, long value) {
        tx.flush(Store.WORKSPACE, newRecords(List.of(record(7, id, key(7, 1, value)))));
        return tx;
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a thread ended with; an error of no meaning if it came through. */
    private static Throwable outcome(CompletableFuture<Void> thread) throws Exception {
        try {
            thread.get(30, TimeUnit.SECONDS);
            return new AssertionError("came through");
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private boolean recordIsFree(String id, String mode) {
        return isFree("SELECT 1 FROM record WHERE collection_id = 7 AND id = '" + id + "' " + mode);
    }

    private boolean collectionIsFree(String name, String mode) {
        return isFree(
                "SELECT 1 FROM collection WHERE workspace_id = 1 AND live_name = '"
                        + name
                        + "' "
                        + mode);
    }

    private boolean isFree(String lockingRead) {
        return store.test().isFree(lockingRead + " NOWAIT");
    }
}
