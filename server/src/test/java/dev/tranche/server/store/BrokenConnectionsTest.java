package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.newRecords;
import static dev.tranche.server.store.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Conflict;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.RowKey.RecordKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a transaction comes to when its connection, its time or its work breaks. */
class BrokenConnectionsTest {
    private static final RecordKey A = new RecordKey(7, "a");

    /** What every connection is limited to. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Store store = Store.open();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aConnectionThatBreaksBeforeCommitLeavesNothing() {
        assertFailsWith(
                Reason.DATABASE_UNAVAILABLE,
                () ->
                        store.once(tx -> {
                            tx.flush(Store.WORKSPACE, newRecords(List.of(record(7, "a"))));
                            killAllConnections();
                            return Store.load(tx, Store.needs(LockMode.SHARED, A));
                        }));
        assertThat(store.getAgain(A)).isNull();
    }

    @Test
    void aConnectionThatBreaksWithinABulkInsertLeavesNothing() {
        assertFailsWith(
                Reason.DATABASE_UNAVAILABLE,
                () ->
                        store.once(tx -> {
                            Store.load(tx, Store.needs(LockMode.SHARED, A));
                            killAllConnections();
                            tx.flush(Store.WORKSPACE, newRecords(List.of(record(7, "a"))));
                            return tx;
                        }));
        assertThat(store.getAgain(A)).isNull();
    }

    @Test
    void nobodyKnowsWhatBecameOfATransactionWhoseConnectionBrokeAtCommit() {
        store.watched().beforeCommit(this::kill);
        assertThatThrownBy(() -> store.flush(newRecords(List.of(record(7, "a")))))
                .isInstanceOf(CommitUnknown.class);
        store.watched().leaveCommitAlone();
        assertThat(store.getAgain(A)).isNull();

        store.watched()
                .afterCommit(connection -> {
                    throw new SQLException("the answer was lost", "08S01");
                });
        assertThatThrownBy(() -> store.flush(newRecords(List.of(record(7, "a")))))
                .isInstanceOf(CommitUnknown.class);
        store.watched().leaveCommitAlone();
        assertThat(store.get(A)).isNotNull();
    }

    @Test
    void aCommitThatIsRefusedIsAConflict() {
        store.watched()
                .beforeCommit(connection -> {
                    throw new SQLException("certification failed", "40001", 1213);
                });
        assertThatThrownBy(() -> store.flush(newRecords(List.of(record(7, "a")))))
                .isInstanceOf(Conflict.class);
        store.watched().leaveCommitAlone();
        assertThat(store.getAgain(A)).isNull();
    }

    @Test
    void whatTheWorkThrowsComesOutAsItIsAndRollsBack() {
        IllegalArgumentException own = new IllegalArgumentException("own");
        assertThatThrownBy(() ->
                        store.once(tx -> {
                            tx.flush(Store.WORKSPACE, newRecords(List.of(record(7, "a"))));
                            throw own;
                        }))
                .isSameAs(own);
        assertThat(store.getAgain(A)).isNull();
    }

    @Test
    void aRollbackThatFailsHidesNothing() {
        IllegalArgumentException own = new IllegalArgumentException("own");
        assertThatThrownBy(() ->
                        store.once(tx -> {
                            Store.load(tx, Store.needs(LockMode.SHARED, A));
                            killAllConnections();
                            throw own;
                        }))
                .isSameAs(own);
        assertThat(store.getAgain(A)).isNull();
    }

    @Test
    void workThatGoesOnAfterAFailedStatementCannotCommit() {
        store.flush(newRecords(List.of(record(7, "a"))));
        assertThatThrownBy(() ->
                        store.once(tx -> {
                            tx.flush(Store.WORKSPACE, newRecords(List.of(record(7, "b"))));
                            assertThatThrownBy(() ->
                                            tx.flush(
                                                    Store.WORKSPACE,
                                                    newRecords(List.of(record(7, "a")))))
                                    .isInstanceOf(Conflict.class);
                            return tx;
                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.get(new RecordKey(7, "b"))).isNull();
    }

    @Test
    void noStatementRunsForACallerWhoHasGone() {
        boolean[] gone = new boolean[1];
        Budget budget = new Budget(Duration.ofSeconds(5), () -> gone[0]);
        assertThatThrownBy(() ->
                        store.database()
                                .transactions()
                                .once(
                                        budget,
                                        tx -> {
                                            gone[0] = true;
                                            return tx.workspace("default");
                                        }))
                .isInstanceOfSatisfying(
                        CallFailure.class,
                        e -> assertThat(e.failure()).isInstanceOf(Failure.Cancelled.class));
        assertThat(store.watched().executed()).isEmpty();
    }

    @Test
    void aTransactionWithAllItsTimeHasNothingToSayAboutIt() {
        store.once(
                LIMIT,
                tx -> {
                    tx.workspace("default");
                    return tx;
                });
        assertThat(store.watched().executed()).hasSize(1);
    }

    @Test
    void theDatabaseIsToldTheTimeThatIsLeft() {
        store.once(
                Duration.ofMillis(950),
                tx -> {
                    tx.workspace("default");
                    return tx;
                });
        assertThat(store.watched().executed().getFirst())
                .contains("max_statement_time = 0.", "innodb_lock_wait_timeout = 1");
        assertThat(store.watched().executed()).hasSize(3);
        assertThat(limitsOfTheNext()).isEqualTo(LIMIT);
    }

    @Test
    void aConnectionHasItsOldLimitsAfterATransactionThatFails() {
        IllegalArgumentException own = new IllegalArgumentException("own");
        assertThatThrownBy(() ->
                        store.once(
                                Duration.ofMillis(950),
                                tx -> {
                                    tx.workspace("default");
                                    throw own;
                                }))
                .isSameAs(own);
        assertThat(limitsOfTheNext()).isEqualTo(LIMIT);
    }

    /** The pool gives the same connection out again when nobody else uses it. */
    private Duration limitsOfTheNext() {
        try (Connection connection = store.watched().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@max_statement_time")) {
            row.next();
            return Duration.ofMillis(row.getBigDecimal(1).movePointRight(3).longValueExact());
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theDatabaseIsToldAgainWhenHalfOfTheTimeIsOver() {
        store.once(
                Duration.ofMillis(400),
                tx -> {
                    while (announcements() < 2) {
                        tx.workspace("default");
                    }
                    return tx;
                });
        assertThat(announcements()).as("the last one restores the limits").isEqualTo(3);
    }

    private long announcements() {
        return store.watched().executed().stream()
                .filter(sql -> sql.contains("max_statement_time"))
                .count();
    }

    @Test
    void aDatabaseThatIsNotThereIsSaidToBeUnavailable() {
        DatabaseSettings nowhere =
                new DatabaseSettings(
                        "jdbc:mariadb://127.0.0.1:1/tranche",
                        "nobody",
                        "",
                        2,
                        Duration.ofMillis(300));
        try (Database database = Database.open(nowhere, TestDatabase.LIMITS)) {
            assertFailsWith(
                    Reason.DATABASE_UNAVAILABLE,
                    () ->
                            database.transactions()
                                    .once(
                                            Store.budget(Duration.ofSeconds(5)),
                                            tx -> tx.workspace("default")));
            assertFailsWith(
                    Reason.DATABASE_UNAVAILABLE, () -> database.catalog().workspace("default"));
            assertThat(database.isReachable()).isFalse();
        }
    }

    @Test
    void everythingGoesOnAfterConnectionsBroke() {
        assertThat(store.database().isReachable()).isTrue();
        killAllConnections();
        assertThat(store.database().isReachable()).isTrue();
        assertThat(store.catalog().workspace("default")).isPresent();
    }

    @Test
    void aPoolThatIsAllAtWorkSaysNothingAboutTheDatabase() {
        DatabaseSettings given = store.test().settings();
        DatabaseSettings narrow =
                new DatabaseSettings(
                        given.url(), given.user(), given.password(), 1, Duration.ofMillis(300));
        try (Database database = Database.open(narrow, TestDatabase.LIMITS)) {
            database.transactions()
                    .once(
                            Store.budget(Duration.ofSeconds(10)),
                            tx -> {
                                assertThat(database.isReachable()).isTrue();
                                assertFailsWith(
                                        Reason.OVERLOADED,
                                        () -> database.catalog().workspace("default"));
                                return tx;
                            });
        }
    }

    private void killAllConnections() {
        try (Connection other = store.test().connect();
                Statement statement = other.createStatement();
                ResultSet rows =
                        other.createStatement()
                                .executeQuery(
                                        "SELECT id FROM information_schema.processlist"
                                                + " WHERE db = DATABASE()"
                                                + " AND id <> CONNECTION_ID()")) {
            while (rows.next()) {
                statement.execute("KILL CONNECTION " + rows.getLong(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void kill(Connection connection) throws SQLException {
        try (Connection other = store.test().connect();
                Statement asked = connection.createStatement();
                ResultSet id = asked.executeQuery("SELECT CONNECTION_ID()");
                Statement statement = other.createStatement()) {
            id.next();
            statement.execute("KILL CONNECTION " + id.getLong(1));
        }
    }

    private static void assertFailsWith(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CallFailure.class, e -> assertThat(e.failure().reason()).isEqualTo(reason));
    }
}
