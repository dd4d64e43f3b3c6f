package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.batch.Accounts.Kept;
import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Cause;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.Counts;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.batch.KeptPayload;
import dev.tranche.server.engine.Conflict;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.schema.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accounts of batches: what they say, and who may change them. */
class AccountsTest {
    private static final String ID = "01970000-0000-7000-8000-000000000001";
    private static final String OTHER_ID = "01970000-0000-7000-8000-000000000002";
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Instant AT = Instant.parse("2026-03-08T07:30:00.123456Z");

    private final Store store = Store.open();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsAnAccountThroughItsLife() {
        Batch begun = execute(ID, "key");
        in(tx -> tx.insert(begun, LEASE));
        assertThat(found()).contains(begun);
        assertThat(store.batches().findByRequestId(Store.WORKSPACE, "key")).contains(begun);
        assertThat(store.batches().findByRequestId(Store.WORKSPACE, "KEY")).isEmpty();
        assertThat(store.batches().find(2, ID)).isEmpty();
        Batch done = begun.finish(new Counts(3, 1, 1, 1), AT.plusSeconds(1));
        in(tx -> tx.update(done, 1, LEASE));
        assertThat(found()).contains(done);
        Submission other =
                new Submission(
                        BatchKind.EXECUTE,
                        "default",
                        "key",
                        "cd".repeat(32),
                        null,
                        OnError.ROLLBACK,
                        null,
                        AT.plusSeconds(2),
                        new Actor("bert", "Bert"),
                        Map.of("a \"quoted\" ✈", "", "b", "2"));
        Batch again =
                done.rerun(other, 7)
                        .fail(
                                new Cause(Reason.BATCH_TIMEOUT, "too \"slow\" ✈"),
                                Counts.none(7),
                                AT.plusSeconds(3));
        in(tx -> tx.update(again, 1, LEASE));
        assertThat(found()).contains(again);
    }

    @Test
    void keepsAnInsertWithoutARequestId() {
        Batch first = insert(ID);
        in(tx -> tx.insert(first, LEASE));
        in(tx -> tx.insert(insert(OTHER_ID), LEASE));
        assertThat(found()).contains(first);
        assertThat(lock(Store.WORKSPACE, ID)).contains(first);
        assertThat(lock(2, ID)).isEmpty();
        assertThat(lock(Store.WORKSPACE, "né pas")).isEmpty();
    }

    @Test
    void findsAWorkspaceByItsName() {
        assertThat(workspaceId("default")).contains(1L);
        assertThat(workspaceId("Default")).isEmpty();
    }

    @Test
    void aLeaseRunsOutByTheDatabasesClock() {
        in(tx -> tx.insert(insert(ID), LEASE));
        assertThat(found().orElseThrow().isBusy()).isTrue();
        in(tx -> tx.update(insert(ID), 1, Duration.ZERO));
        assertThat(found().orElseThrow().leaseExpired()).isTrue();
        in(tx -> tx.update(insert(ID).interrupt(AT), 1, LEASE));
        assertThat(found().orElseThrow().leaseExpired()).isFalse();
    }

    @Test
    void whoLostTheBatchCannotWriteIt() {
        Batch mine = insert(ID);
        in(tx -> tx.insert(mine, LEASE));
        in(tx -> tx.update(mine.raiseEpoch(), 1, LEASE));
        assertFailsWith(Reason.BATCH_BUSY, () -> in(tx -> tx.update(mine, 1, LEASE)));
        assertFailsWith(Reason.BATCH_BUSY, () -> in(tx -> tx.update(insert(OTHER_ID), 1, LEASE)));
    }

    @Test
    void whoWasSilentForLongerThanTheLeaseComesNoFurther() {
        Batch mine = insert(ID);
        Batch further = mine.reached(2).progress(Counts.none(3), AT.plusSeconds(1));
        in(tx -> tx.insert(mine, LEASE));
        in(tx -> tx.progress(further, LEASE));
        assertThat(found().orElseThrow().nextIndex()).isEqualTo(2);
        assertThat(found().orElseThrow().updatedAt()).isEqualTo(AT.plusSeconds(1));
        assertFailsWith(
                Reason.BATCH_BUSY, () -> in(tx -> tx.progress(further.raiseEpoch(), LEASE)));
        in(tx -> tx.update(further, 1, Duration.ZERO));
        assertFailsWith(Reason.BATCH_BUSY, () -> in(tx -> tx.progress(further, LEASE)));
        in(tx -> tx.update(further.interrupt(AT), 1, LEASE));
        assertFailsWith(Reason.BATCH_BUSY, () -> in(tx -> tx.progress(further, LEASE)));
    }

    @Test
    void aRequestIdOrBatchIdThatIsTakenIsAConflict() {
        in(tx -> tx.insert(execute(ID, "key"), LEASE));
        assertThatThrownBy(() -> in(tx -> tx.insert(execute(OTHER_ID, "key"), LEASE)))
                .isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> in(tx -> tx.insert(execute(ID, "other"), LEASE)))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void aRequestIdThatIsBeingWorkedOnIsSaidToBeAtOnce() {
        in(first -> {
            first.insert(execute(ID, "key"), LEASE);
            assertInProgress("key");
            assertThat(lockByRequestId("another")).isEmpty();
        });
        in(second -> {
            assertThat(second.lockByRequestId(Store.WORKSPACE, "key")).isPresent();
            assertInProgress("key");
            // The workspace is not locked along with the account.
            assertThat(store.test().isFree("SELECT * FROM workspace FOR UPDATE NOWAIT")).isTrue();
        });
    }

    @Test
    void answersTheNewestResultOfEachIndex() {
        List<ItemResult> first = IntStream.range(0, 10).mapToObj(i -> failed(i, 1)).toList();
        in(tx -> tx.appendResults(ID, first.subList(0, 5)));
        in(tx -> tx.appendResults(ID, first.subList(5, 10)));
        in(tx -> tx.appendResults(OTHER_ID, first));
        in(tx -> tx.appendResults(ID, List.of(applied(1, 2), applied(7, 2))));
        in(tx -> tx.appendResults(ID, List.of(applied(7, 3))));
        assertThat(store.batches().results(ID, 0, 9))
                .containsExactly(
                        first.get(0),
                        applied(1, 2),
                        first.get(2),
                        first.get(3),
                        first.get(4),
                        first.get(5),
                        first.get(6),
                        applied(7, 3),
                        first.get(8),
                        first.get(9));
        assertThat(store.batches().results(ID, 6, 7)).containsExactly(first.get(6), applied(7, 3));
        assertThat(store.batches().results(ID, 9, 20)).containsExactly(first.get(9));
        in(tx -> tx.clearResults(ID));
        assertThat(store.batches().results(ID, 0, 9)).isEmpty();
        assertThat(store.batches().results(OTHER_ID, 0, 9)).isEqualTo(first);
    }

    @Test
    void theSameChunkGoesInOnce() {
        in(tx -> tx.appendResults(ID, List.of(failed(3, 1))));
        assertThatThrownBy(() -> in(tx -> tx.appendResults(ID, List.of(applied(3, 1)))))
                .isInstanceOf(Conflict.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 101, 1_000})
    void keepsAnyNumberOfResultsOfAChunk(int count) {
        List<ItemResult> results =
                IntStream.range(0, count).mapToObj(index -> applied(index, 1)).toList();
        in(tx -> tx.appendResults(ID, results));
        assertThat(store.batches().results(ID, 0, count)).isEqualTo(results);
        assertThat(store.batches().results(ID, count / 2, count / 2))
                .containsExactly(results.get(count / 2));
    }

    @Test
    void keepsResultsWhoseErrorsAreLong() {
        String message = "x".repeat(300_000);
        List<ItemResult> results =
                IntStream.range(0, 60)
                        .mapToObj(i ->
                                new ItemResult(
                                        i,
                                        new Outcome.Failed(
                                                ItemError.of(Reason.SCHEMA_VIOLATION, message)),
                                        1))
                        .toList();
        in(tx -> tx.appendResults(ID, results));
        assertThat(store.batches().results(ID, 0, 59)).isEqualTo(results);
    }

    @Test
    void keepsWhatFailedUntilItIsForgotten() {
        List<KeptPayload> kept =
                List.of(
                        new KeptPayload(2, "a", "{\"n\": 1.0}"),
                        new KeptPayload(5, null, null),
                        new KeptPayload(300, "é", "{}"));
        in(tx -> tx.keepFailed(ID, kept));
        in(tx -> tx.keepFailed(OTHER_ID, kept));
        assertThat(failedOf(List.of(300, 2, 3, 5), 1_000)).isEqualTo(new Kept(kept, true));
        KeptPayload newer = new KeptPayload(2, null, "{\"n\": 2}");
        in(tx -> {
            tx.forgetFailed(ID, List.of(2));
            tx.keepFailed(ID, List.of(newer));
        });
        assertThat(failedOf(List.of(2), 1_000)).isEqualTo(new Kept(List.of(newer), true));
        in(tx -> tx.forgetFailed(ID, List.of(5, 7)));
        assertThat(failedIndexes(ID)).containsExactly(2, 300);
        assertThat(failedIndexes(OTHER_ID)).containsExactly(2, 5, 300);
    }

    @Test
    void answersNoMoreKeptPayloadsThanFit() {
        List<KeptPayload> kept =
                IntStream.range(0, 600).mapToObj(i -> new KeptPayload(i, null, "\"ü\"")).toList();
        List<Integer> all = IntStream.range(0, 600).boxed().toList();
        in(tx -> tx.keepFailed(ID, kept));
        assertThat(failedOf(all, 4 * 600)).isEqualTo(new Kept(kept, true));
        assertThat(failedOf(all, 4 * 599)).isEqualTo(new Kept(kept.subList(0, 599), false));
        assertThat(failedOf(all, 7)).isEqualTo(new Kept(kept.subList(0, 1), false));
        assertThat(failedOf(all, 1)).isEqualTo(new Kept(kept.subList(0, 1), false));
    }

    private Kept failedOf(List<Integer> indexes, long bytesMax) {
        return store.once(tx -> tx.failed(ID, indexes, Duration.ofDays(7), bytesMax));
    }

    private void in(Consumer<BatchTransaction> work) {
        store.once(tx -> {
            work.accept(tx);
            return tx;
        });
    }

    private Optional<Batch> lock(long workspace, String id) {
        return store.once(tx -> tx.lock(workspace, id));
    }

    private Optional<Batch> lockByRequestId(String requestId) {
        return store.once(tx -> tx.lockByRequestId(Store.WORKSPACE, requestId));
    }

    private Optional<Long> workspaceId(String name) {
        return store.once(tx -> tx.workspace(name).map(WorkspaceRow::id));
    }

    private List<Integer> failedIndexes(String id) {
        return store.once(tx -> tx.failedIndexes(id));
    }

    private Optional<Batch> found() {
        return store.batches().find(Store.WORKSPACE, ID);
    }

    private void assertInProgress(String requestId) {
        assertFailsWith(Reason.REQUEST_IN_PROGRESS, () -> lockByRequestId(requestId));
    }

    private static Batch execute(String id, @Nullable String requestId) {
        Submission submission =
                new Submission(
                        BatchKind.EXECUTE,
                        "default",
                        requestId,
                        "ab".repeat(32),
                        null,
                        OnError.CONTINUE,
                        null,
                        AT,
                        new Actor("anna", "Anna ✈"),
                        Map.of("team", "search"));
        return Batch.begin(id, Store.WORKSPACE, submission, 3);
    }

    private static Batch insert(String id) {
        Submission submission =
                new Submission(
                        BatchKind.INSERT,
                        "default",
                        null,
                        null,
                        "Testing App",
                        null,
                        InsertOptions.DEFAULTS,
                        AT,
                        new Actor("anna", "Anna"),
                        Map.of());
        return Batch.begin(id, Store.WORKSPACE, submission, 3);
    }

    private static ItemResult failed(int index, int attempt) {
        return new ItemResult(
                index,
                new Outcome.Failed(ItemError.of(Reason.RECORD_ALREADY_EXISTS, "taken")),
                attempt);
    }

    private static ItemResult applied(int index, int attempt) {
        return new ItemResult(
                index,
                new Outcome.Applied(Effect.INSERTED, "r" + index, 1, "0123456789abcdef", null),
                attempt);
    }

    private static void assertFailsWith(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CallFailure.class, e -> assertThat(e.failure().reason()).isEqualTo(reason));
    }
}
