package dev.tranche.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Batches done over JDBC: each client has a connection, and commits one after another. */
final class HandWritten implements Contender {
    private static final int DEADLOCK = 1213;

    private final String name;
    private final BatchLoad load;
    private final List<Transaction> transactions = new ArrayList<>();

    private HandWritten(String name, BatchLoad load) {
        this.name = name;
        this.load = load;
    }

    /** A way to do a batch, with a connection of its own. */
    interface Transaction extends AutoCloseable {

        /** Does it all and commits. */
        void commit(List<Change> changes) throws SQLException;

        /** Undoes what is not committed. */
        void rollback() throws SQLException;

        @Override
        void close() throws SQLException;
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Opening {
        Transaction open(BenchDatabase database) throws SQLException;
    }

    static HandWritten of(Stage stage, String name, Opening opening, BatchLoad load)
            throws SQLException {
        HandWritten batches = new HandWritten(name, load);
        for (int client = 0; client < load.plans().size(); client++) {
            batches.transactions.add(opening.open(stage.database()));
        }
        return batches;
    }

    @Override
    public String name() {
        return transactions.size() == 1 ? name : transactions.size() + " x " + name;
    }

    @Override
    public void prepare() throws SQLException {
        load.prepare();
    }

    @Override
    public Work run() throws Exception {
        List<Callable<Work>> parts = new ArrayList<>();
        for (int client = 0; client < transactions.size(); client++) {
            Transaction transaction = transactions.get(client);
            List<List<Change>> batches = load.plans().get(client).batches();
            parts.add(() -> run(transaction, batches));
        }
        return Crew.atOnce(parts);
    }

    private static Work run(Transaction transaction, List<List<Change>> batches)
            throws SQLException {
        List<Double> latencyMillis = new ArrayList<>();
        long items = 0;
        for (List<Change> changes : batches) {
            long begin = System.nanoTime();
            while (!committed(transaction, changes)) {
                transaction.rollback();
            }
            latencyMillis.add((System.nanoTime() - begin) / 1e6);
            items += changes.size();
        }
        return new Work(items, latencyMillis);
    }

    /** Whether it is done; a deadlock means that it has to be done again. */
    private static boolean committed(Transaction transaction, List<Change> changes)
            throws SQLException {
        try {
            transaction.commit(changes);
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == DEADLOCK) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        for (Transaction transaction : transactions) {
            transaction.close();
        }
    }
}
