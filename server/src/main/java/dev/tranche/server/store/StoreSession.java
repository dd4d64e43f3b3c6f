package dev.tranche.server.store;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Conflict;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.ibatis.exceptions.PersistenceException;
import org.apache.ibatis.session.SqlSession;

/**
 * The statements of one transaction. Each is run only while there is time left, and the database
 * knows about how much. After the first that fails the transaction can only be rolled back.
 */
final class StoreSession {
    /** Rows and bytes that go to the database together; a single row may be larger. */
    private static final int FLUSH_ROWS_MAX = 1_000;

    private static final long FLUSH_BYTES_MAX = 4 << 20;

    private final SqlSession session;
    private final Budget budget;

    /** What the database was told last. */
    private TimeLimits limits;

    private boolean begun;
    private boolean broken;

    /**
     * @param limits the connection's
     */
    StoreSession(SqlSession session, Budget budget, TimeLimits limits) {
        this.session = session;
        this.budget = budget;
        this.limits = limits;
    }

    /** What the connection is limited to by now. */
    TimeLimits limits() {
        return limits;
    }

    /** The statements of one table; they are run by the methods below only. */
    <M> M mapper(Class<M> type) {
        return session.getMapper(type);
    }

    /**
     * Makes this a transaction that reads the database as it now is, whatever others commit, and
     * that can change nothing. To be called first.
     */
    void beginSnapshot() {
        write(() -> mapper(SessionMapper.class).isolate());
        write(() -> mapper(SessionMapper.class).beginSnapshot());
    }

    /** Runs one statement that answers rows. */
    <T> T read(Supplier<T> statement) {
        return guarded(() -> {
            announceLimits();
            return statement.get();
        });
    }

    /**
     * Runs one statement that changes rows.
     *
     * @return how many rows it found
     */
    int write(Runnable statement) {
        return guarded(() -> {
            announceLimits();
            statement.run();
            return flush().sum();
        });
    }

    /**
     * Inserts rows in bulk.
     *
     * @param bytes about how many of its own a row has
     * @param insert the statement, the same for every row
     */
    <R> void insert(List<R> rows, ToLongFunction<R> bytes, Consumer<R> insert) {
        inPortions(
                rows,
                bytes,
                some -> some.forEach(insert),
                (some, counts) -> requireInserted(counts));
    }

    /**
     * The same for rows that come by the thousand.
     *
     * @param line what a row is to the statement
     */
    <R, L> void insert(
            List<R> rows, ToLongFunction<R> bytes, Function<R, L> line, Consumer<Bulk<L>> insert) {
        inPortions(
                rows,
                bytes,
                some -> insert.accept(Bulk.of(some, line)),
                (some, counts) -> requireInserted(counts));
    }

    /**
     * Inserts rows in bulk by a statement that leaves out those whose key is taken.
     *
     * @param bytes about how many of its own a row has
     * @param line what a row is to the statement
     */
    <R, L> void offer(
            List<R> rows, ToLongFunction<R> bytes, Function<R, L> line, Consumer<Bulk<L>> insert) {
        inPortions(rows, bytes, some -> insert.accept(Bulk.of(some, line)), (some, counts) -> {});
    }

    /**
     * The same, if it matters which are left out.
     *
     * @param answer the statement that asks how the insert before it went
     * @return the rows that were left out, and perhaps others
     */
    <R, L> List<R> claim(
            List<R> rows,
            ToLongFunction<R> bytes,
            Function<R, L> line,
            Consumer<Bulk<L>> insert,
            Supplier<OfferAnswer> answer) {
        List<R> leftOut = new ArrayList<>();
        inPortions(
                rows,
                bytes,
                some -> insert.accept(Bulk.of(some, line)),
                (some, counts) -> {
                    if (IntStream.of(counts).anyMatch(count -> count != 1)) {
                        leftOut.addAll(answer.get().leftOut(some));
                    }
                });
        return leftOut;
    }

    /**
     * Changes or deletes rows, each of which must be found.
     *
     * @param bytes about how many of its own a row has
     * @param change the statement, the same for every row
     * @throws Conflict if one is not there as it was
     */
    <R> void change(List<R> rows, ToLongFunction<R> bytes, Consumer<R> change) {
        inPortions(
                rows, bytes, some -> some.forEach(change), (some, counts) -> requireFound(counts));
    }

    /**
     * The same for rows that come by the thousand.
     *
     * @param line what a row is to the statement
     * @throws Conflict if one is not there as it was
     */
    <R, L> void change(
            List<R> rows, ToLongFunction<R> bytes, Function<R, L> line, Consumer<Bulk<L>> change) {
        inPortions(
                rows,
                bytes,
                some -> change.accept(Bulk.of(some, line)),
                (some, counts) -> requireFound(counts));
    }

    /**
     * Called before COMMIT.
     *
     * @throws IllegalStateException if a statement failed and the work went on all the same
     */
    void requireWhole() {
        if (broken) {
            throw new IllegalStateException("a statement failed, and the work went on");
        }
    }

    private <R> void inPortions(
            List<R> rows,
            ToLongFunction<R> bytes,
            Consumer<List<R>> statement,
            BiConsumer<List<R>, int[]> check) {
        int next = 0;
        while (next < rows.size()) {
            List<R> some = portion(rows.subList(next, rows.size()), bytes);
            guarded(() -> {
                announceLimits();
                statement.accept(some);
                check.accept(some, flush().toArray());
                return some;
            });
            next += some.size();
        }
    }

    private static <R> List<R> portion(List<R> rows, ToLongFunction<R> bytes) {
        int count = 0;
        long size = 0;
        while (count < rows.size() && count < FLUSH_ROWS_MAX && size < FLUSH_BYTES_MAX) {
            size += bytes.applyAsLong(rows.get(count++));
        }
        return rows.subList(0, count);
    }

    private IntStream flush() {
        return session.flushStatements().stream()
                .flatMapToInt(result -> IntStream.of(result.getUpdateCounts()));
    }

    /** A bulk insert either fails or inserts every row, and may not say how many. */
    private static void requireInserted(int[] counts) {
        for (int count : counts) {
            if (count != 1 && count != Statement.SUCCESS_NO_INFO) {
                throw new IllegalStateException("an insert answered " + count + " rows");
            }
        }
    }

    private static void requireFound(int[] counts) {
        for (int count : counts) {
            if (count != 1) {
                throw new Conflict("a row is no longer as it was loaded", null);
            }
        }
    }

    private void announceLimits() {
        budget.check();
        Duration left = budget.remaining();
        if (!limits.suit(left)) {
            limits = new TimeLimits(left);
            try {
                limits.announce(session.getConnection());
            } catch (SQLException e) {
                throw new PersistenceException(e);
            }
        }
    }

    private <T> T guarded(Supplier<T> statement) {
        boolean done = false;
        try {
            T result = statement.get();
            begun = true;
            done = true;
            return result;
        } catch (RuntimeException e) {
            throw begun ? SqlErrors.beforeCommit(e, budget) : SqlErrors.atBegin(e, budget);
        } finally {
            broken |= !done;
        }
    }
}
