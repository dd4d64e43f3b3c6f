package dev.tranche.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database whether it is there, over a connection of its own: a pool whose connections are all
 * at work says nothing about the database.
 */
final class Probe implements AutoCloseable {
    private static final int ANSWER_SECONDS_MAX = 2;

    private final Source source;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;

    /** Opens connections. */
    interface Source {
        Connection open() throws SQLException;
    }

    Probe(Source source) {
        this.source = source;
    }

    /** One connection that broke says nothing either: a new one may be made. */
    boolean answers() {
        lock.lock();
        try {
            return isValid() || (open() && isValid());
        } finally {
            lock.unlock();
        }
    }

    private boolean isValid() {
        try {
            return connection != null && connection.isValid(ANSWER_SECONDS_MAX);
        } catch (SQLException broken) {
            return false;
        }
    }

    private boolean open() {
        drop();
        try {
            connection = source.open();
            return true;
        } catch (SQLException away) {
            return false;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            drop();
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException broken) {
                // It is closed in any case.
                return;
            }
        }
    }
}
