package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.insert.InsertRun;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.OnDelete;
import dev.tranche.server.schema.ReferenceDefinition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chunks whose transactions begin while that of the chunk before still runs. */
class FollowingChunksTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);
    private static final int CHUNKS = 5;

    private final Store store = Store.open();
    private final Inserting inserting = Inserting.into(store);

    @BeforeEach
    void define() {
        inserting.execute(
                new UpsertCollection(
                        "items",
                        new CollectionDefinition(
                                null,
                                List.of(new ConstraintDefinition("by_n", List.of("n"))),
                                List.of(
                                        new ReferenceDefinition(
                                                "parent", "items", OnDelete.RESTRICT)),
                                false)));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aChunkIsWrittenWhileTheOneBeforeIsNotCommitted() throws Exception {
        try (InsertRun run = start(4, LONG, FollowingChunksTest::distinct);
                Rival rival = rivalAtTheThird(run)) {
            CompletableFuture<List<ItemResult>> third = third(run);
            awaitWritten(4);
            assertThat(third).isNotDone();
            rival.letGo();
            assertThat(third.join()).hasSize(1_000);
            finish(run);
            assertThat(run.batch().counts().succeeded()).isEqualTo(5_000);
        }
        assertThat(written()).isEqualTo(5_000);
    }

    @Test
    void noChunkBeginsAheadWithoutRoomForIt() throws Exception {
        try (InsertRun run = start(0, LONG, FollowingChunksTest::distinct)) {
            run.nextResults();
            assertThat(written()).isEqualTo(1_000);
            run.nextResults();
            assertThat(written()).isEqualTo(2_000);
            finish(run);
        }
    }

    @Test
    void whatFollowsAChunkThatFailsIsRolledBack() throws Exception {
        try (InsertRun run = start(4, LONG, FollowingChunksTest::distinct);
                Rival rival = rivalAtTheThird(run)) {
            CompletableFuture<List<ItemResult>> third = third(run);
            awaitWritten(4);
            rival.takeOver();
            assertThatThrownBy(third::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(CallFailure.class);
        }
        assertThat(written()).isEqualTo(2_000);
        assertThat(store.queryText("SELECT COUNT(*) FROM record_key")).isEqualTo("2000");
    }

    /** The lock wait ends after a third of the transaction's time; then all of it is done again. */
    @Test
    void whatFollowsAChunkThatIsRunAgainIsRunAgainToo() throws Exception {
        try (InsertRun run = start(4, Duration.ofSeconds(6), FollowingChunksTest::distinct);
                Rival rival = rivalAtTheThird(run)) {
            CompletableFuture<List<ItemResult>> third = third(run);
            awaitWritten(4);
            awaitWritten(2);
            rival.letGo();
            assertThat(third.join()).hasSize(1_000);
            finish(run);
            assertThat(run.batch().counts().succeeded()).isEqualTo(5_000);
        }
        assertThat(written()).isEqualTo(5_000);
    }

    @Test
    void whatHasBegunWhenTheRunIsClosedBelongsToTheAccount() throws Exception {
        InsertRun run = start(4, LONG, FollowingChunksTest::distinct);
        try (Rival rival = rivalAtTheThird(run)) {
            awaitWritten(3);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(run::close);
            rival.letGo();
            closed.join();
        }
        assertThat(run.batch().nextIndex()).isEqualTo(3_000);
        assertThat(written()).isEqualTo(3_000);
        assertThat(store.queryText("SELECT state FROM batch WHERE kind = 'INSERT'"))
                .isEqualTo("INTERRUPTED");
        assertThat(store.queryText("SELECT next_index FROM batch WHERE kind = 'INSERT'"))
                .isEqualTo("3000");
        assertThat(store.queryText("SELECT succeeded FROM batch WHERE kind = 'INSERT'"))
                .isEqualTo("3000");
    }

    @Test
    void aTwinInTheChunkBeforeIsFoundAndNamed() {
        try (InsertRun run = start(4, LONG, i -> "{\"n\":" + i % 1_000 + "}")) {
            assertThat(run.nextResults()).allMatch(FollowingChunksTest::stands);
            while (run.hasNext()) {
                for (ItemResult result : run.nextResults()) {
                    assertThat(result.outcome())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    failed ->
                                            assertThat(failed.error().earlierIndex())
                                                    .isEqualTo(result.index() % 1_000));
                }
            }
        }
        assertThat(written()).isEqualTo(1_000);
    }

    @Test
    void recordsPointAtThoseOfTheChunkBefore() {
        try (InsertRun run =
                inserting.start(
                        "items",
                        InsertOptions.DEFAULTS,
                        4,
                        LONG,
                        Inserting.records(
                                0,
                                CHUNKS * Inserting.CHUNK_RECORDS,
                                i -> "id" + i,
                                i ->
                                        "{\"n\":%d,\"parent\":\"id%d\"}"
                                                .formatted(i, Math.max(0, i - 1_000))))) {
            while (run.hasNext()) {
                assertThat(run.nextResults()).allMatch(FollowingChunksTest::stands);
            }
        }
        assertThat(written()).isEqualTo(5_000);
    }

    private InsertRun start(int ahead, Duration time, IntFunction<String> data) {
        return inserting.start(
                "items",
                InsertOptions.DEFAULTS,
                ahead,
                time,
                Inserting.records(0, CHUNKS * Inserting.CHUNK_RECORDS, data));
    }

    private static String distinct(int number) {
        return "{\"n\":" + number + "}";
    }

    private static boolean stands(ItemResult result) {
        return result.outcome() instanceof Outcome.Applied;
    }

    /** Lets two chunks through; the third has to wait for the row of the batch. */
    private Rival rivalAtTheThird(InsertRun run) throws Exception {
        run.nextResults();
        await("two chunks", () -> committed() == 2_000);
        Rival rival = new Rival(store.test().connect(), run.batch().id());
        run.nextResults();
        return rival;
    }

    private static CompletableFuture<List<ItemResult>> third(InsertRun run) {
        return CompletableFuture.supplyAsync(run::nextResults);
    }

    private static void finish(InsertRun run) {
        while (run.hasNext()) {
            run.nextResults();
        }
    }

    private void awaitWritten(int chunks) {
        await(chunks + " chunks", () -> written() == chunks * 1_000L);
    }

    /** Also what is not committed. */
    private long written() {
        return Long.parseLong(
                store.queryText(
                        "SELECT COUNT(*) FROM record", Connection.TRANSACTION_READ_UNCOMMITTED));
    }

    private long committed() {
        return Long.parseLong(store.queryText("SELECT COUNT(*) FROM record"));
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) {
        long end = System.nanoTime() + WAIT_MAX.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited for " + what).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** Another transaction, which has the account's row. */
    private record Rival(Connection connection, String batch) implements AutoCloseable {
        private Rival {
            try {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement();
                        ResultSet row =
                                statement.executeQuery(
                                        "SELECT id FROM batch WHERE id = '"
                                                + batch
                                                + "' FOR UPDATE")) {
                    assertThat(row.next()).isTrue();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        void letGo() throws SQLException {
            connection.rollback();
        }

        /** As another server would. */
        void takeOver() throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "UPDATE batch SET lease_epoch = lease_epoch + 1 WHERE id = '"
                                + batch
                                + "'");
            }
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }
}
