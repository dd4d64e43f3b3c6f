package dev.tranche.server.store;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in transactions: one connection and one MyBatis session each, from begin to end.
 *
 * <p>They run on platform threads, as many as there are connections. To wait for an answer a virtual
 * thread gives up its carrier and gets another one by way of a poller, which takes longer than the
 * short answers that a transaction has twenty of.
 */
final class Sessions implements Transactions<StoreSession> {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().name("transaction-", 0).daemon().factory());
    private final DataSource source;
    private final Supplier<@Nullable SQLException> away;
    private final SqlSessionFactory factory;
    private final TimeLimits limits;
    private final Runnable renewal;

    /**
     * @param source connections that do not commit by themselves, READ COMMITTED
     * @param away why no new connections can be made; null while they can
     * @param factory leaves connections as they are when its sessions close
     * @param limits every connection's
     * @param renewal closes the connections there are, those in use once they are given back
     */
    Sessions(
            DataSource source,
            Supplier<@Nullable SQLException> away,
            SqlSessionFactory factory,
            TimeLimits limits,
            Runnable renewal) {
        this.source = source;
        this.away = away;
        this.factory = factory;
        this.limits = limits;
        this.renewal = renewal;
    }

    @Override
    public <R> R once(Budget budget, Function<? super StoreSession, R> work) {
        budget.check();
        Connection connection = connect();
        try {
            return CompletableFuture.supplyAsync(() -> once(connection, budget, work), threads)
                    .join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case RuntimeException failure -> failure;
                case Error error -> throw error;
                case null, default -> e;
            };
        } finally {
            close(connection);
        }
    }

    private <R> R once(
            Connection connection, Budget budget, Function<? super StoreSession, R> work) {
        try (SqlSession session =
                factory.openSession(ExecutorType.BATCH, CountedChanges.over(connection))) {
            StoreSession statements = new StoreSession(session, budget, limits);
            try {
                return run(connection, statements, work);
            } finally {
                if (!statements.limits().equals(limits)) {
                    restoreLimits(connection);
                }
            }
        }
    }

    private <R> R run(
            Connection connection,
            StoreSession statements,
            Function<? super StoreSession, R> work) {
        try {
            R result = work.apply(statements);
            statements.requireWhole();
            commit(connection);
            return result;
        } catch (CommitUnknown e) {
            abort(connection);
            throw e;
        } catch (RuntimeException | Error e) {
            rollback(connection, e);
            if (SqlErrors.isOutdated(e)) {
                renewal.run();
            }
            throw e;
        }
    }

    private Connection connect() {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            throw SqlErrors.noConnection(e, away.get());
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw SqlErrors.atCommit(e);
        }
    }

    /** A connection that cannot even roll back is not used again. */
    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            abort(connection);
        }
    }

    /** The next transaction takes them for granted. */
    private void restoreLimits(Connection connection) {
        try {
            limits.announce(connection);
        } catch (SQLException e) {
            LOG.debug("a connection that keeps other limits is not used again", e);
            abort(connection);
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("a broken connection could not be aborted", e);
        }
    }

    /** By now the transaction has ended, or there was no thread to begin it: it stays at that. */
    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection could not be given back", e);
        }
    }
}
