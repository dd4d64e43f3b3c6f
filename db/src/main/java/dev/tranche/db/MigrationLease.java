package dev.tranche.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change the tables, held by one server at a time: a row that counts until a moment of
 * the database's clock, and is renewed until it is closed. It holds on a cluster too, where
 * Flyway's own lock, GET_LOCK, does not.
 */
final class MigrationLease implements AutoCloseable {
    static final String TABLE = "tranche_migration_lease";

    /** How long others wait for a server that died while it migrated. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(MigrationLease.class);

    /** Deadlock, lock wait, snapshot conflict, node not ready: somebody else was faster. */
    private static final Set<Integer> LOST_RACE = Set.of(1213, 1205, 1020, 1047);

    private static final String CREATE =
            """
            CREATE TABLE IF NOT EXISTS tranche_migration_lease (
              id         TINYINT      NOT NULL COMMENT 'Always 1',
              holder     VARCHAR(255) NOT NULL COMMENT 'Who had it last: account, host, token',
              expires_at DATETIME(6)  NOT NULL COMMENT 'UTC by the clock of the database',
              PRIMARY KEY (id)
            ) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
              COMMENT = 'Who may change the tables. Written by servers at their start'
            """;
    private static final String FIRST_ROW =
            "INSERT IGNORE INTO tranche_migration_lease (id, holder, expires_at)"
                    + " VALUES (1, '', UTC_TIMESTAMP(6))";
    private static final String TAKE =
            "UPDATE tranche_migration_lease"
                    + " SET holder = ?, expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND"
                    + " WHERE id = 1 AND (expires_at <= UTC_TIMESTAMP(6) OR holder = ?)";
    private static final String GIVE_BACK =
            "UPDATE tranche_migration_lease SET expires_at = UTC_TIMESTAMP(6)"
                    + " WHERE id = 1 AND holder = ?";

    private final DataSource source;
    private final String holder;
    private final ScheduledExecutorService renewals;

    private MigrationLease(DataSource source, String holder) {
        this.source = source;
        this.holder = holder;
        this.renewals =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("migration-lease").factory());
    }

    /**
     * Waits until nobody else holds it.
     *
     * @throws DatabaseUnusableException if somebody holds it for longer than {@code waitMax}
     */
    static MigrationLease acquire(DataSource source, Duration waitMax)
            throws SQLException, InterruptedException {
        MigrationLease lease = new MigrationLease(source, newHolder(source));
        long deadline = System.nanoTime() + waitMax.toNanos();
        while (!lease.take()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new DatabaseUnusableException(
                        ("%s holds the right to change the tables since longer than the %d ms"
                                        + " this server waits. Another server is migrating: start"
                                        + " this one again when it is done")
                                .formatted(holderNow(source), waitMax.toMillis()));
            }
            Thread.sleep(POLL);
        }
        lease.keepRenewing();
        return lease;
    }

    /** Gives it back. */
    @Override
    public void close() throws SQLException {
        renewals.shutdownNow();
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(GIVE_BACK)) {
            statement.setString(1, holder);
            statement.executeUpdate();
        }
    }

    private boolean take() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement table = connection.createStatement();
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            table.execute(CREATE);
            table.execute(FIRST_ROW);
            take.setString(1, holder);
            take.setLong(2, LEASE.toSeconds());
            take.setString(3, holder);
            return take.executeUpdate() == 1;
        } catch (SQLException e) {
            if (LOST_RACE.contains(e.getErrorCode())) {
                return false;
            }
            throw e;
        }
    }

    private void keepRenewing() {
        long every = LEASE.toMillis() / 3;
        var _ = renewals.scheduleAtFixedRate(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    private void renew() {
        try {
            if (!take()) {
                log.warn("the right to change the tables went to {}", holderNow(source));
            }
        } catch (SQLException e) {
            log.warn("the right to change the tables could not be renewed", e);
        }
    }

    private static String newHolder(DataSource source) throws SQLException {
        return one(source, "SELECT USER()") + " " + UUID.randomUUID();
    }

    private static String holderNow(DataSource source) throws SQLException {
        return one(source, "SELECT holder FROM tranche_migration_lease WHERE id = 1");
    }

    private static String one(DataSource source, String query) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "nobody";
        }
    }
}
