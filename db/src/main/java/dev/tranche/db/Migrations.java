package dev.tranche.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * Brings the tables of a database to the version this server was built for. Any number of servers
 * may do so at once: one works, the others wait.
 */
public final class Migrations {
    /** How long a server waits for another one that is migrating. */
    public static final Duration WAIT_MAX_DEFAULT = Duration.ofSeconds(60);

    private static final String HISTORY = DatabaseInventory.HISTORY;

    private final DataSource source;
    private final Flyway flyway;

    private Migrations(DataSource source) {
        this.source = source;
        this.flyway =
                Flyway.configure(Migrations.class.getClassLoader())
                        .dataSource(source)
                        .locations("classpath:tranche/db/migration")
                        .table(HISTORY)
                        // The table of the lease is there before the history is.
                        .baselineOnMigrate(true)
                        .baselineVersion("0")
                        .cleanDisabled(true)
                        .load();
    }

    /**
     * What was done.
     *
     * @param applied migrations that ran just now; 0 if the tables were up to date
     * @param version of the tables, as they are now
     */
    public record Report(int applied, String version) {}

    /**
     * Migrates. Reads only, if the tables are up to date.
     *
     * @param url of the database, with or without what {@link ConnectionUrl} adds; a statement may
     *     take as long as it takes
     * @param user whose account may create, alter and drop tables
     * @param waitMax how long to wait while another server migrates; see {@link #WAIT_MAX_DEFAULT}
     * @throws DatabaseUnusableException if it cannot be reached, is no MariaDB or too old a one,
     *     holds something else than Tranche's tables, was migrated by a newer Tranche, or a
     *     migration fails
     */
    public static Report migrate(String url, String user, String password, Duration waitMax) {
        return withDatabase(url, user, password, migrations -> migrations.migrate(waitMax));
    }

    /**
     * Makes sure that the tables are those this server was built for, and changes nothing.
     *
     * @throws DatabaseUnusableException as {@link #migrate}, and if the tables are older
     */
    public static void check(String url, String user, String password) {
        withDatabase(url, user, password, Migrations::check);
    }

    private interface Work {
        Report on(Migrations migrations) throws SQLException, InterruptedException;
    }

    private static Report withDatabase(String url, String user, String password, Work work) {
        try {
            MariaDbDataSource source =
                    new MariaDbDataSource(ConnectionUrl.complete(url, Duration.ZERO));
            source.setUser(user);
            source.setPassword(password);
            DatabaseInventory.of(source).requireOurs();
            return work.on(new Migrations(source));
        } catch (SQLException e) {
            throw new DatabaseUnusableException(
                    "cannot work with the database as %s: %s".formatted(user, e.getMessage()), e);
        } catch (FlywayException e) {
            throw new DatabaseUnusableException(
                    "the tables could not be migrated: %s. See 'When a migration fails' in"
                                    .formatted(reason(e))
                            + " db/RUNBOOK.md",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnusableException("interrupted while another server migrates", e);
        }
    }

    private Report migrate(Duration waitMax) throws SQLException, InterruptedException {
        MigrationInfoService found = requireKnown();
        if (!isUpToDate(found)) {
            try (MigrationLease _ = MigrationLease.acquire(source, waitMax)) {
                requireKnown();
                forgetFailures();
                int applied = flyway.migrate().migrationsExecuted;
                return new Report(applied, version(flyway.info()));
            }
        }
        return new Report(0, version(found));
    }

    private Report check() {
        MigrationInfoService found = requireKnown();
        if (!isUpToDate(found)) {
            throw new DatabaseUnusableException(
                    ("the tables are at version %s, this server needs %s. Run tranche migrate, or"
                                    + " start without --no-migrate")
                            .formatted(version(found), newest(found)));
        }
        return new Report(0, version(found));
    }

    private boolean isUpToDate(MigrationInfoService found) {
        return found.current() != null && flyway.validateWithResult().validationSuccessful;
    }

    /** What was done to the tables; all of it has to be known here. */
    private MigrationInfoService requireKnown() {
        MigrationInfoService found = flyway.info();
        for (MigrationInfo info : found.applied()) {
            boolean known = info.getState().isResolved() || isBaseline(info);
            if (!known) {
                throw new DatabaseUnusableException(
                        ("the tables are at version %s (%s), this server knows versions up to %s."
                                        + " A newer Tranche migrated them: start that one, or go"
                                        + " back to a backup of the time before")
                                .formatted(
                                        info.getVersion(), info.getDescription(), newest(found)));
            }
        }
        return found;
    }

    /** Every migration may run again, so one that failed is simply tried anew. */
    private void forgetFailures() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            if (DatabaseInventory.of(source).hasHistory()) {
                statement.executeUpdate("DELETE FROM " + HISTORY + " WHERE success = 0");
            }
        }
    }

    private static String version(MigrationInfoService found) {
        MigrationInfo current = found.current();
        return current == null ? "none" : String.valueOf(current.getVersion());
    }

    private static String newest(MigrationInfoService found) {
        return Stream.of(found.all())
                .filter(info -> info.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .max(Comparator.naturalOrder())
                .map(MigrationVersion::toString)
                .orElse("none");
    }

    private static boolean isBaseline(MigrationInfo info) {
        return "0".equals(String.valueOf(info.getVersion()));
    }

    /** Flyway's messages go over many lines; what the database said is what counts. */
    private static String reason(FlywayException e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).strip();
    }
}
