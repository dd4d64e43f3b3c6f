package dev.tranche.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.db.Migrations.Report;
import java.io.File;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsTest {
    private static final List<Integer> VERSIONS = versions();
    private static final int SCRIPTS = VERSIONS.size();
    private static final String LATEST = Integer.toString(Collections.max(VERSIONS));

    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private ScratchDatabase database;

    @BeforeEach
    void create() {
        database = ScratchDatabase.createEmpty();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void makesTheTablesOnce() {
        assertThat(migrate()).isEqualTo(new Report(SCRIPTS, LATEST));
        assertThat(migrate()).isEqualTo(new Report(0, LATEST));
    }

    @Test
    void letsSeveralServersStartAtOnceOnAnEmptyDatabase() throws Exception {
        Callable<Report> server = this::migrate;
        try (ExecutorService servers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Report>> reports = servers.invokeAll(List.of(server, server, server));
            int applied = 0;
            for (Future<Report> report : reports) {
                assertThat(report.get().version()).isEqualTo(LATEST);
                applied += report.get().applied();
            }
            assertThat(applied).isEqualTo(SCRIPTS);
        }
        assertThat(Sql.column(database, "SELECT name FROM workspace")).containsExactly("default");
    }

    @Test
    void refusesADatabaseOfSomebodyElse() throws Exception {
        Sql.run(database, "CREATE TABLE customers (id INT)", "CREATE TABLE orders (id INT)");
        assertRefused(
                "is not Tranche's: it has 2 tables (customers, orders)"
                        + " and no tranche_schema_history");
        assertThat(Sql.column(database, "SHOW TABLES")).containsExactly("customers", "orders");
    }

    @Test
    void refusesADatabaseThatANewerServerMigrated() throws Exception {
        migrate();
        Sql.run(
                database,
                "INSERT INTO tranche_schema_history (installed_rank, version, description, type,"
                        + " script, checksum, installed_by, execution_time, success)"
                        + " VALUES (99, '1000', 'from the future', 'SQL', 'V.sql', 1, 'me', 1, 1)");
        assertRefused(
                "the tables are at version 1000 (from the future), this server knows versions up to "
                        + LATEST
                        + ".");
        assertThatThrownBy(this::check).hasMessageContaining("A newer Tranche migrated them");
    }

    @Test
    void refusesTablesMadeByAnotherScript() throws Exception {
        migrate();
        Sql.run(database, "UPDATE tranche_schema_history SET checksum = 1 WHERE version = '1'");
        assertRefused("could not be migrated");
    }

    @Test
    void triesAgainWhatFailedOrWasKilledHalfWay() throws Exception {
        migrate();
        breakOffInTheFirst();
        Sql.run(database, "DROP TABLE batch_failure");
        assertThat(migrate()).isEqualTo(new Report(SCRIPTS, LATEST));
        assertThat(Sql.column(database, "SHOW TABLES LIKE 'batch_failure'")).hasSize(1);
        assertThat(Sql.column(database, "SELECT name FROM workspace")).containsExactly("default");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void runsEveryMigrationAgain(int version) throws Exception {
        migrate();
        Sql.run(
                database,
                "INSERT INTO workspace (id, name, stage, created_at, created_by)"
                        + " VALUES (2, 'live', 'PRODUCTION', UTC_TIMESTAMP(6), 'me')",
                "UPDATE workspace SET deleted_at = UTC_TIMESTAMP(6) WHERE id = 1");
        Sql.run(
                database,
                "UPDATE tranche_schema_history SET success = 0 WHERE version = '%d'"
                        .formatted(version),
                "DELETE FROM tranche_schema_history WHERE version > %d".formatted(version));
        assertThat(migrate()).isEqualTo(new Report(SCRIPTS - version + 1, LATEST));
        // What was deleted does not come back.
        assertThat(Sql.column(database, "SELECT CONCAT(live_name, ' ', stage) FROM workspace"))
                .containsExactlyInAnyOrder("null", "live PRODUCTION");
    }

    @Test
    void notesWhichRecordsWereDeletedBefore() throws Exception {
        migrate();
        Sql.run(
                database,
                "INSERT INTO record VALUES (7, 'gone', '{}', 2, 7, '', 0, UTC_TIMESTAMP(6), 'a',"
                        + " UTC_TIMESTAMP(6), 'a', UTC_TIMESTAMP(6))",
                "INSERT INTO record VALUES (7, 'there', '{}', 1, 7, '', 0, UTC_TIMESTAMP(6), 'a',"
                        + " UTC_TIMESTAMP(6), 'a', NULL)",
                "DROP TABLE record_tombstone",
                "ALTER TABLE record ADD KEY record_deleted (deleted_at)",
                "DELETE FROM tranche_schema_history WHERE version = '7'");
        migrate();
        assertThat(
                        Sql.column(
                                database,
                                "SELECT record_id FROM record_tombstone t JOIN record r"
                                        + " ON r.collection_id = t.collection_id"
                                        + " AND r.id = t.record_id AND r.deleted_at = t.deleted_at"))
                .containsExactly("gone");
        assertThat(Sql.column(database, "SHOW KEYS FROM record WHERE key_name <> 'PRIMARY'"))
                .isEmpty();
    }

    @Test
    void saysWhatFailed() throws Exception {
        migrate();
        breakOffInTheFirst();
        Sql.run(database, "ALTER TABLE workspace RENAME COLUMN name TO other");
        assertRefused("Unknown column 'name'");
        assertRefused("db/RUNBOOK.md");
        Sql.run(database, "ALTER TABLE workspace RENAME COLUMN other TO name");
        assertThat(migrate().applied()).isEqualTo(SCRIPTS);
    }

    @Test
    void refusesAHistoryOfSomebodyElse() throws Exception {
        Sql.run(database, "CREATE TABLE tranche_schema_history (a INT)");
        assertRefused("could not be migrated");
    }

    @Test
    void waitsOnlySoLongForAnotherServer() throws Exception {
        hold("UTC_TIMESTAMP(6) + INTERVAL 1 HOUR");
        assertThatThrownBy(() -> migrate(Duration.ofMillis(250)))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageStartingWith(
                        "somebody@elsewhere holds the right to change the tables since longer than"
                                + " the 250 ms");
    }

    @Test
    void takesOverFromAServerThatDied() throws Exception {
        hold("UTC_TIMESTAMP(6) - INTERVAL 1 MICROSECOND");
        assertThat(migrate(Duration.ZERO).applied()).isEqualTo(SCRIPTS);
    }

    @Test
    void givesTheLeaseBack() throws Exception {
        migrate();
        assertThat(
                        Sql.column(
                                database,
                                "SELECT expires_at <= UTC_TIMESTAMP(6)"
                                        + " FROM tranche_migration_lease"))
                .containsExactly("1");
    }

    @Test
    void checksWithoutChangingAnything() throws Exception {
        assertThatThrownBy(this::check)
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageStartingWith(
                        "the tables are at version none, this server needs " + LATEST + ".");
        assertThat(Sql.column(database, "SHOW TABLES")).isEmpty();
        migrate();
        check();
    }

    @Test
    void refusesAUrlWithoutDatabase() {
        String url = database.jdbcUrl().replaceFirst("/scratch_[0-9a-f]+", "/");
        assertThatThrownBy(() ->
                        Migrations.migrate(url, database.user(), database.password(), WAIT_MAX))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageStartingWith("the database URL names no database");
    }

    @Test
    void refusesAWrongPassword() {
        assertThatThrownBy(() ->
                        Migrations.migrate(database.jdbcUrl(), database.user(), "wrong", WAIT_MAX))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining("Access denied");
    }

    @Test
    void saysThatThereIsNoDatabaseServer() {
        // Port 1 is nobody's.
        String url = "jdbc:mariadb://127.0.0.1:1/tranche";
        assertThatThrownBy(() -> Migrations.migrate(url, "me", "", WAIT_MAX))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void needsNoRightsOutsideItsDatabase() throws Exception {
        String name = Sql.column(database, "SELECT DATABASE()").getFirst();
        String account = name.substring(0, 30);
        Sql.run(
                database,
                "CREATE USER %s@'%%' IDENTIFIED BY 'secret'".formatted(account),
                "GRANT SELECT ON %s.* TO %s@'%%'".formatted(name, account));
        assertThatThrownBy(
                        () -> Migrations.migrate(database.jdbcUrl(), account, "secret", WAIT_MAX))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining("CREATE command denied");
        Sql.run(
                database,
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX ON %s.* TO %s@'%%'"
                        .formatted(name, account));
        assertThat(Migrations.migrate(database.jdbcUrl(), account, "secret", WAIT_MAX).applied())
                .isEqualTo(SCRIPTS);
        // What only reads and writes rows need not be able to migrate.
        Sql.run(
                database,
                "REVOKE CREATE, ALTER, DROP, INDEX ON %s.* FROM %s@'%%'".formatted(name, account));
        Migrations.check(database.jdbcUrl(), account, "secret");
        assertThat(Migrations.migrate(database.jdbcUrl(), account, "secret", WAIT_MAX).applied())
                .isEqualTo(0);
        Sql.run(database, "DROP USER %s@'%%'".formatted(account));
    }

    /** As if the first script had failed half-way, and the others had never run. */
    private void breakOffInTheFirst() throws Exception {
        Sql.run(
                database,
                "DELETE FROM tranche_schema_history WHERE version <> '1'",
                "UPDATE tranche_schema_history SET success = 0 WHERE version = '1'");
    }

    private static List<Integer> versions() {
        String[] names = new File("src/main/resources/tranche/db/migration").list();
        return Stream.of(Objects.requireNonNull(names))
                .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
                .toList();
    }

    private Report migrate() {
        return migrate(WAIT_MAX);
    }

    private Report migrate(Duration waitMax) {
        return Migrations.migrate(
                database.jdbcUrl(), database.user(), database.password(), waitMax);
    }

    private void check() {
        Migrations.check(database.jdbcUrl(), database.user(), database.password());
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::migrate)
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining(message);
    }

    private void hold(String until) throws Exception {
        migrate();
        breakOffInTheFirst();
        Sql.run(
                database,
                "UPDATE tranche_migration_lease SET holder = 'somebody@elsewhere', expires_at = "
                        + until);
    }
}
