package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.db.ScratchDatabase;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Conflict;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.apache.ibatis.exceptions.PersistenceException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each error of the database means before COMMIT, and at it. */
class SqlErrorsTest {
    private static final Budget BUDGET = new Budget(Duration.ofSeconds(3), () -> false);

    @ParameterizedTest
    @ValueSource(ints = {1213, 1205, 1020, 1412, 1062})
    void concurrentWorkIsAConflict(int code) {
        SQLException error = new SQLException("?", "HY000", code);
        assertThat(beforeCommit(error)).isInstanceOf(Conflict.class).hasRootCause(error);
        assertThat(SqlErrors.atCommit(error)).isInstanceOf(Conflict.class);
    }

    @ParameterizedTest
    @CsvSource({"'(conn=16) ', 0", "?, 1615", "?, 1243"})
    void aPreparedStatementThatIsOutdatedIsAConflict(String message, int code) {
        SQLException error = new SQLException(message, "HY000", code);
        assertThat(beforeCommit(error)).isInstanceOf(Conflict.class).hasRootCause(error);
        assertThat(SqlErrors.isOutdated(beforeCommit(error))).isTrue();
    }

    @Test
    void anErrorThatSaysSomethingIsNotThatOfAnOutdatedStatement() {
        SQLException error = new SQLException("(conn=16) something else", "HY000", 0);
        assertThat(beforeCommit(error)).isInstanceOf(IllegalStateException.class);
        assertThat(SqlErrors.isOutdated(error)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1969, 1317, 3024})
    void theStatementLimitIsATimeout(int code) {
        RuntimeException meaning = beforeCommit(new SQLException("?", "70100", code));
        assertThat(failure(meaning)).isEqualTo(new Failure.TimedOut(Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @CsvSource({
        "08S01, 0",
        "08000, -1",
        "08004, 1040",
        "25S03, 0",
        "HY000, 1047",
        "HY000, 1180",
        "HY000, 1461",
        "70100, 1927",
        "08S01, 1053",
        "HY000, 1290"
    })
    void aBrokenConnectionIsUnavailableAndAtCommitUnknown(String state, int code) {
        SQLException error = new SQLException("?", state, code);
        assertThat(failure(beforeCommit(error)).reason()).isEqualTo(Reason.DATABASE_UNAVAILABLE);
        assertThat(SqlErrors.atCommit(error)).isInstanceOf(CommitUnknown.class);
        assertThat(SqlErrors.atBegin(new PersistenceException(error), BUDGET))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void soIsOneThatThePoolHasTakenAway() throws SQLException {
        try (ScratchDatabase database = ScratchDatabase.createEmpty();
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.jdbcUrl());
            pool.setUsername(database.user());
            pool.setPassword(database.password());
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.unwrap(org.mariadb.jdbc.Connection.class).abort(Runnable::run);
                assertThatThrownBy(() -> statement.execute("SELECT 1"))
                        .isInstanceOf(SQLException.class);
                SQLException error =
                        catchThrowableOfType(
                                SQLException.class, () -> connection.prepareStatement("SELECT 1"));
                assertThat(error.getSQLState()).isNull();
                assertThat(failure(beforeCommit(error)).reason())
                        .isEqualTo(Reason.DATABASE_UNAVAILABLE);
            }
        }
    }

    @Test
    void tooLargeARowIsOverALimit() {
        assertThat(failure(beforeCommit(new SQLException("?", "08S01", 1153))).reason())
                .isEqualTo(Reason.LIMIT_EXCEEDED);
    }

    @ParameterizedTest
    @CsvSource({"42000, 1064", "42S02, 1146", "23000, 4025", "22001, 1406", ", 0"})
    void anythingElseIsABug(@Nullable String state, int code) {
        SQLException error = new SQLException("?", state, code);
        assertThat(beforeCommit(error))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCause(error);
        assertThat(SqlErrors.atCommit(error)).isInstanceOf(CommitUnknown.class);
    }

    @Test
    void looksForTheErrorInsideABatch() {
        SQLException error = new SQLException("Socket error", "08000", -1);
        SQLException batch = new BatchUpdateException("?", null, 0, new int[0], error);
        assertThat(failure(beforeCommit(batch)).reason()).isEqualTo(Reason.DATABASE_UNAVAILABLE);
    }

    @Test
    void leavesAloneWhatIsNoErrorOfTheDatabase() {
        RuntimeException own = new IllegalArgumentException("own");
        assertThat(SqlErrors.beforeCommit(own, BUDGET)).isSameAs(own);
        assertThat(SqlErrors.atBegin(own, BUDGET)).isSameAs(own);
    }

    @Test
    void aConnectionThatBreaksBecauseItsThreadIsInterruptedIsACancelledCall() {
        SQLException error = new SQLException("Closed by interrupt", "08000", -1);
        Thread.currentThread().interrupt();
        try {
            assertThat(failure(beforeCommit(error))).isInstanceOf(Failure.Cancelled.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static RuntimeException beforeCommit(SQLException error) {
        return SqlErrors.beforeCommit(new PersistenceException("wrapped", error), BUDGET);
    }

    private static Failure failure(RuntimeException e) {
        assertThat(e).isInstanceOf(CallFailure.class);
        return ((CallFailure) e).failure();
    }
}
