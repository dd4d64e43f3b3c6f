package dev.tranche.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.db.ConnectionUrl;
import dev.tranche.server.batch.AccountRemoval;
import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.batch.Remains;
import dev.tranche.server.engine.Catalog;
import dev.tranche.server.engine.RecordReader;
import dev.tranche.server.engine.RelationshipReader;
import dev.tranche.server.engine.Transactions;
import dev.tranche.server.execute.BatchPreview;
import dev.tranche.server.execute.BatchTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** The database as the other rooms see it: their ports, over one pool of connections. */
public final class Database implements AutoCloseable {
    /** How far the time the driver waits for an answer lies above the time a transaction has. */
    private static final Duration SOCKET_TIME_ABOVE = Duration.ofSeconds(5);

    /** How long a connection from the pool may take to say that it is alive. */
    private static final Duration VALIDATION_MAX = Duration.ofSeconds(2);

    /**
     * Batches go in bulk; {@link CountedChanges} says how many rows those found that change some.
     * Statements stay prepared with the connection; those that are a text of their own each time are
     * not prepared ({@code statementType="STATEMENT"}).
     */
    static final String DRIVER_OPTIONS =
            "&tcpKeepAlive=true&useBulkStmtsForInserts=true&useBulkStmts=true"
                    + "&useServerPrepStmts=true&prepStmtCacheSize=100";

    private final HikariDataSource pool;
    private final Probe probe;
    private final LoadLimits limits;
    private final Sessions sessions;
    private final ShortTransactions shortTransactions;
    private final Definitions definitions = new Definitions();

    private Database(
            HikariDataSource pool,
            Probe probe,
            Sessions sessions,
            ShortTransactions shortTransactions,
            LoadLimits limits) {
        this.pool = pool;
        this.probe = probe;
        this.limits = limits;
        this.sessions = sessions;
        this.shortTransactions = shortTransactions;
    }

    /** Reads the statements, which else the first to open a pool waits for. */
    public static void prepare() {
        Mappings.factory();
    }

    /** Opens a pool. Succeeds also while the database is away: connections are made when needed. */
    public static Database open(DatabaseSettings settings, LoadLimits limits) {
        return open(settings, limits, UnaryOperator.identity());
    }

    /**
     * Opens a pool with something between it and the statements.
     *
     * @param around puts it there; a test that counts, for one
     */
    static Database open(
            DatabaseSettings settings, LoadLimits limits, UnaryOperator<DataSource> around) {
        TimeLimits timeLimits = new TimeLimits(settings.transactionTime());
        PatientDataSource connections = connections(settings, timeLimits);
        HikariDataSource pool = new HikariDataSource(pool(settings, connections));
        DataSource source = around.apply(pool);
        Sessions sessions =
                new Sessions(
                        source,
                        connections::failure,
                        Mappings.factory(),
                        timeLimits,
                        () -> pool.getHikariPoolMXBean().softEvictConnections());
        Probe probe = new Probe(connections::attempt);
        ShortTransactions shortTransactions =
                new ShortTransactions(sessions, settings.transactionTime());
        return new Database(pool, probe, sessions, shortTransactions, limits);
    }

    /** Transactions for batches. */
    public Transactions<BatchTransaction> transactions() {
        return new StoreTransactions(sessions, definitions, limits);
    }

    /** Transactions for dry runs of batches. */
    public Transactions<BatchPreview> previews() {
        return new StorePreviews(sessions, definitions, limits);
    }

    /** Workspaces and collections outside of batches. */
    public Catalog catalog() {
        return new StoredCatalog(shortTransactions, definitions);
    }

    /** Records outside of batches. */
    public RecordReader records() {
        return new StoredRecords(shortTransactions, limits.bytesMax());
    }

    /** Relationships outside of batches. */
    public RelationshipReader relationships() {
        return new StoredRelationships(shortTransactions);
    }

    /** Accounts outside of transactions. */
    public BatchReader batches() {
        return new StoredBatches(shortTransactions);
    }

    /** Takes accounts out of sight. */
    public AccountRemoval accountRemoval() {
        return new StoredBatches(shortTransactions);
    }

    /** Removes what is past its time. */
    public Remains remains() {
        return new StoredRemains(shortTransactions);
    }

    /** Whether the database answers; waits a few seconds at most, and not for the pool. */
    public boolean isReachable() {
        return probe.answers();
    }

    /** Closes all connections. Transactions that still run are broken off and rolled back. */
    @Override
    public void close() {
        probe.close();
        pool.close();
    }

    private static HikariConfig pool(DatabaseSettings settings, DataSource connections) {
        Duration wait = settings.transactionTime();
        Duration shortest = DatabaseSettings.CONNECTION_WAIT_MIN;
        long waitMillis = (wait.compareTo(shortest) < 0 ? shortest : wait).toMillis();
        HikariConfig config = new HikariConfig();
        config.setPoolName("tranche");
        config.setDataSource(connections);
        config.setMaximumPoolSize(settings.connectionsMax());
        config.setConnectionTimeout(waitMillis);
        config.setValidationTimeout(Math.min(waitMillis, VALIDATION_MAX.toMillis()));
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        return config;
    }

    private static PatientDataSource connections(DatabaseSettings settings, TimeLimits timeLimits) {
        Duration socketTime = settings.transactionTime().plus(SOCKET_TIME_ABOVE);
        String url = ConnectionUrl.complete(settings.url(), socketTime) + DRIVER_OPTIONS;
        try {
            return new PatientDataSource(url, settings.user(), settings.password(), timeLimits);
        } catch (SQLException e) {
            throw new IllegalArgumentException("not a URL of MariaDB's driver: " + url, e);
        }
    }
}
