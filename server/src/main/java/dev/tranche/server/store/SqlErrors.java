package dev.tranche.server.store;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Conflict;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what an error of the database means. The only place that knows its codes. */
final class SqlErrors {
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private static final int LOCK_WAIT = 1205;

    /** The driver says on which connection, the server nothing. */
    private static final Pattern SILENT = Pattern.compile("\\(conn=\\d+\\)\\s*");

    /**
     * All that the pool says, without a code or state, of a connection that it has taken away because
     * an earlier statement found it broken.
     */
    private static final String TAKEN_AWAY = "Connection is closed";

    /** What an error means for the transaction it ends. */
    private enum Meaning {
        CONFLICT,
        TIMEOUT,
        UNREACHABLE,
        TOO_LARGE,
        OUTDATED,
        BUG
    }

    private SqlErrors() {}

    /**
     * The exception for an error before COMMIT. Nothing of the transaction will stand.
     *
     * @param e what MyBatis or the driver threw; what has no SQL error in it comes back as it is
     */
    static RuntimeException beforeCommit(RuntimeException e, Budget budget) {
        SQLException error = root(e);
        if (error == null) {
            return e;
        }
        return switch (meaning(error)) {
            case CONFLICT -> new Conflict("concurrent work got in the way", e);
            case TIMEOUT -> timedOut(budget, e);
            case UNREACHABLE -> unreachable(e);
            case TOO_LARGE ->
                    new CallFailure(
                            new Failure.Refused(
                                    Reason.LIMIT_EXCEEDED,
                                    "more data in one row than the database takes in one packet"
                                            + " (its max_allowed_packet)"),
                            e);
            case OUTDATED -> new Conflict("a prepared statement of the connection is outdated", e);
            case BUG -> new IllegalStateException("a statement failed in a way nobody expects", e);
        };
    }

    /**
     * The exception for an error of a transaction's first statement. A connection that broke while it
     * lay in the pool is no failure yet: the next one may be whole.
     */
    static RuntimeException atBegin(RuntimeException e, Budget budget) {
        SQLException error = root(e);
        boolean stale =
                error != null
                        && meaning(error) == Meaning.UNREACHABLE
                        && !Thread.currentThread().isInterrupted();
        return stale
                ? new Conflict("a connection of the pool was broken; nothing was run on it", e)
                : beforeCommit(e, budget);
    }

    /** The exception for an error at COMMIT: but for a refusal, nobody knows what became of it. */
    static RuntimeException atCommit(SQLException e) {
        SQLException error = root(e);
        return error != null && meaning(error) == Meaning.CONFLICT
                ? new Conflict("concurrent work got in the way at COMMIT", e)
                : new CommitUnknown(e);
    }

    /**
     * The failure of a call that got no connection.
     *
     * @param e what the pool threw
     * @param away why no new connection can be made; null if it can
     */
    static CallFailure noConnection(SQLException e, @Nullable SQLException away) {
        if (away != null) {
            e.addSuppressed(away);
        }
        if (away != null || Thread.currentThread().isInterrupted()) {
            return unreachable(e);
        }
        return new CallFailure(
                new Failure.TryAgain(
                        Reason.OVERLOADED,
                        "all connections to the database were at work (--db-connections-max);"
                                + " nothing of this transaction was written",
                        RETRY_DELAY),
                e);
    }

    /** The failure of a call for which the database is away. */
    static CallFailure unreachable(Exception e) {
        if (Thread.currentThread().isInterrupted()) {
            return new CallFailure(new Failure.Cancelled(), e);
        }
        return new CallFailure(
                new Failure.TryAgain(
                        Reason.DATABASE_UNAVAILABLE,
                        "the database cannot be reached; nothing of this transaction was written",
                        RETRY_DELAY),
                e);
    }

    /** Whether somebody else held a lock for longer than this transaction waits for one. */
    static boolean isLockWait(Conflict conflict) {
        SQLException error = root(conflict);
        return error != null && error.getErrorCode() == LOCK_WAIT;
    }

    /** Whether a connection keeps a prepared statement that will never work again. */
    static boolean isOutdated(Throwable e) {
        SQLException error = root(e);
        return error != null && meaning(error) == Meaning.OUTDATED;
    }

    /** Numbers are MariaDB's, states are SQL's. */
    private static Meaning meaning(SQLException error) {
        return switch (error.getErrorCode()) {
            // Deadlock or failed certification, lock wait, snapshot too old, table just altered,
            // and a key or id that somebody else took since it was loaded.
            case 1213, LOCK_WAIT, 1020, 1412, 1062 -> Meaning.CONFLICT;
            // The statement limit, KILL QUERY, and MySQL's statement limit.
            case 1969, 1317, 3024 -> Meaning.TIMEOUT;
            case 1153 -> Meaning.TOO_LARGE;
            // A prepared statement that could not be prepared again, or that the server does not
            // know.
            case 1615, 1243 -> Meaning.OUTDATED;
            // Not in the cluster's majority, COMMIT refused by the cluster, connection killed,
            // shutting down, too many connections or statements, and a server that became
            // read-only.
            case 1047, 1180, 1927, 1053, 1040, 1461, 1290 -> Meaning.UNREACHABLE;
            case 0 -> meaningOfMessage(error);
            default -> meaningOfState(error.getSQLState());
        };
    }

    /**
     * For errors without a code: what the pool says, or nothing at all, as a bulk in MariaDB 11.4 whose
     * table was altered after it was prepared.
     */
    private static Meaning meaningOfMessage(SQLException error) {
        String message = String.valueOf(error.getMessage());
        if (SILENT.matcher(message).matches()) {
            return Meaning.OUTDATED;
        }
        return message.equals(TAKEN_AWAY)
                ? Meaning.UNREACHABLE
                : meaningOfState(error.getSQLState());
    }

    private static Meaning meaningOfState(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.equals("25S03"))
                ? Meaning.UNREACHABLE
                : Meaning.BUG;
    }

    /** The innermost SQL error: a batch wraps what the server said without its code. */
    private static @Nullable SQLException root(Throwable e) {
        SQLException found = null;
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException error) {
                found = error;
            }
        }
        return found;
    }

    private static CallFailure timedOut(Budget budget, RuntimeException e) {
        CallFailure failure = budget.timedOut();
        return new CallFailure(failure.failure(), e);
    }
}
