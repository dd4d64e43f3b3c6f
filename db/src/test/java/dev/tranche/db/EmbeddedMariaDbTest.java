package dev.tranche.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder lies under {@code java.io.tmpdir}, where data has to last as well as elsewhere. */
class EmbeddedMariaDbTest {
    /** Shared: making the system tables takes longer than a test. */
    @TempDir private static Path parent;

    /** For tests that spoil their folder, or want a new one. */
    @TempDir private Path own;

    @Test
    void keepsItsDataAndItsPasswordOverRestarts() throws Exception {
        String password;
        try (EmbeddedMariaDb database = start()) {
            password = database.password();
            insert(database, 1);
        }
        try (EmbeddedMariaDb database = start()) {
            assertThat(database.password()).isEqualTo(password);
            assertThat(rows(database)).containsExactly("1");
        }
    }

    @Test
    void keepsWhatWasCommittedWhenItIsKilled() throws Exception {
        try (EmbeddedMariaDb database = start()) {
            insert(database, 1);
            kill(database.pid());
            assertThat(database.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(128 + 9);
        }
        try (EmbeddedMariaDb database = start()) {
            assertThat(rows(database)).containsExactly("1");
        }
    }

    @Test
    void saysWhenItEnds() throws Exception {
        EmbeddedMariaDb database = start();
        assertThat(database.onExit()).isNotDone();
        database.close();
        assertThat(database.onExit().get(10, TimeUnit.SECONDS)).isZero();
        database.close();
    }

    @Test
    void isDurableAndSpeaksUtcAndUtf8() throws Exception {
        try (EmbeddedMariaDb database = start();
                Connection connection = connect(database)) {
            assertThat(
                            Sql.column(
                                    connection,
                                    "SELECT CONCAT_WS(' ', @@innodb_flush_log_at_trx_commit,"
                                            + " @@innodb_doublewrite, @@global.time_zone,"
                                            + " @@character_set_server, @@collation_server,"
                                            + " @@global.transaction_isolation, @@bind_address,"
                                            + " @@max_allowed_packet DIV 1048576,"
                                            + " @@innodb_buffer_pool_size DIV 1048576,"
                                            + " @@innodb_log_file_size DIV 1048576,"
                                            + " @@global.local_infile)"))
                    .containsExactly(
                            "1 ON +00:00 utf8mb4 utf8mb4_nopad_bin READ-COMMITTED 127.0.0.1 64 512"
                                    + " 512 OFF");
        }
    }

    @Test
    void letsOnlyItsAccountIn() throws Exception {
        try (EmbeddedMariaDb database = start();
                Connection connection = connect(database)) {
            for (String user : List.of(database.user(), "root", "mysql", "")) {
                assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), user, ""))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("Access denied");
            }
            assertThat(Sql.column(connection, "SHOW DATABASES"))
                    .containsExactlyInAnyOrder("information_schema", "tranche");
            assertThatThrownBy(() -> Sql.run(connection, "CREATE DATABASE other"))
                    .hasMessageContaining("Access denied");
        }
    }

    @Test
    void keepsItsSecretsFromOthers() throws Exception {
        start().close();
        assertThat(permissions("db")).isEqualTo("rwx------");
        assertThat(permissions("db/password")).isEqualTo("rw-------");
        assertThat(folder().resolve("init.sql")).doesNotExist();
    }

    @Test
    void drawsANewPasswordIfItsFileIsGone() throws Exception {
        String password;
        try (EmbeddedMariaDb database = start()) {
            password = database.password();
            insert(database, 1);
        }
        Files.delete(folder().resolve("password"));
        try (EmbeddedMariaDb database = start()) {
            assertThat(database.password()).isNotEqualTo(password);
            assertThat(rows(database)).containsExactly("1");
        }
    }

    @Test
    void refusesAFolderThatAServerHasOpen() throws Exception {
        try (EmbeddedMariaDb database = start()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(EmbeddedMariaDbTest::start)
                        .isInstanceOf(DatabaseUnusableException.class)
                        .hasMessageStartingWith("another server has the database in " + folder());
            }
            // Being refused in this process must not have let go of the lock.
            Process other = OtherServer.start(folder().toString());
            assertThat(firstLine(other)).startsWith("another server has the database in");
            assertThat(database.onExit()).isNotDone();
        }
    }

    @Test
    void takesOverFromAServerThatWasKilled() throws Exception {
        Process server = OtherServer.start(folder().toString());
        long pid = pidOfDatabase(server);
        server.destroyForcibly().waitFor();
        assertThat(ProcessHandle.of(pid)).isPresent();

        try (EmbeddedMariaDb database = start()) {
            assertThat(database.pid()).isNotEqualTo(pid);
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void leavesAProcessAloneThatOnlyHasTheOldPid() throws Exception {
        start().close();
        Process bystander = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(folder().resolve("mariadb.pid"), bystander.pid() + "\n");
            start().close();
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void startsAnewAfterAnInstallationThatWasKilled() throws Exception {
        Files.createDirectories(own.resolve("db").resolve("data.new/mysql"));
        Files.createFile(own.resolve("db").resolve("tranche.lock"));
        Files.writeString(own.resolve("db").resolve("data.new/ibdata1"), "half");
        start(own.resolve("db")).close();
        assertThat(own.resolve("db").resolve("data.new")).doesNotExist();
    }

    @Test
    void refusesAFolderWithSomethingElseInIt() throws Exception {
        Files.createDirectories(own.resolve("db"));
        Files.writeString(own.resolve("db").resolve("letter.txt"), "Dear");
        assertThatThrownBy(() -> start(own.resolve("db")))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining("is not empty, and no folder of a database");
        assertThat(own.resolve("db").toFile().list()).containsExactly("letter.txt");
    }

    @Test
    void refusesAFileInPlaceOfAFolder() throws Exception {
        Files.writeString(own.resolve("db"), "a file");
        assertThatThrownBy(() -> start(own.resolve("db")))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining("the folder of the database, " + own.resolve("db"));
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedSettings settings =
                    EmbeddedSettings.in(folder()).withPort(taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedMariaDb.start(settings))
                    .isInstanceOf(DatabaseUnusableException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        Path folder = own.resolve("db");
        Files.createDirectories(folder.resolve("data"));
        Files.createFile(folder.resolve("tranche.lock"));
        Files.writeString(folder.resolve("data/ibdata1"), "not InnoDB's");
        assertThatThrownBy(() -> start(folder))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining("ended with code 1 at its start")
                .hasMessageContaining("ib_logfile0 was not found");
    }

    @Test
    void removesAnEphemeralOne() throws Exception {
        Path folder;
        try (EmbeddedMariaDb database = EmbeddedMariaDb.ephemeral();
                Connection connection = connect(database)) {
            folder = Path.of(Sql.column(connection, "SELECT @@datadir").getFirst()).getParent();
            assertThat(folder).isDirectory();
            Sql.run(connection, "CREATE DATABASE another");
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void removesEphemeralOnesOfProcessesThatWereKilled() throws Exception {
        Process server = OtherServer.start();
        long pid = pidOfDatabase(server);
        server.destroyForcibly().waitFor();
        Path folder = folderOf(pid);
        Files.setLastModifiedTime(folder, FileTime.from(Instant.EPOCH));

        EphemeralFolders.delete(EphemeralFolders.create());
        assertThat(folder).doesNotExist();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void refusesSettingsOutOfRange() {
        EmbeddedSettings settings = EmbeddedSettings.in(folder());
        assertThatThrownBy(() -> settings.withPort(65_536))
                .hasMessage("port: 65536 given, 0 to 65535 allowed");
        assertThatThrownBy(() -> settings.withPort(-1)).hasMessageContaining("-1 given");
        assertThat(settings.withPort(65_535).port()).isEqualTo(65_535);
        assertThatThrownBy(() -> settings.withBufferPoolMebibytes(15))
                .hasMessage("bufferPoolMebibytes: 15 given, at least 16 allowed");
        assertThat(settings.withBufferPoolMebibytes(16).bufferPoolMebibytes()).isEqualTo(16);
    }

    private static Path folder() {
        return parent.resolve("db");
    }

    private static EmbeddedMariaDb start() {
        return start(folder());
    }

    private static EmbeddedMariaDb start(Path folder) {
        return EmbeddedMariaDb.start(EmbeddedSettings.in(folder));
    }

    private static Connection connect(EmbeddedMariaDb database) throws SQLException {
        return DriverManager.getConnection(
                database.jdbcUrl(), database.user(), database.password());
    }

    private static void insert(EmbeddedMariaDb database, int value) throws SQLException {
        try (Connection connection = connect(database)) {
            Sql.run(
                    connection,
                    "CREATE OR REPLACE TABLE t (a INT)",
                    "INSERT INTO t VALUES (" + value + ")");
        }
    }

    private static List<String> rows(EmbeddedMariaDb database) throws SQLException {
        try (Connection connection = connect(database)) {
            return Sql.column(connection, "SELECT a FROM t");
        }
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    private static String firstLine(Process process) throws Exception {
        try (BufferedReader lines = process.inputReader()) {
            return String.valueOf(lines.readLine());
        }
    }

    private static long pidOfDatabase(Process server) throws Exception {
        String line = firstLine(server);
        assertThat(line).startsWith(OtherServer.OPEN);
        return Long.parseLong(line.substring(OtherServer.OPEN.length()).strip());
    }

    private static Path folderOf(long pid) {
        String[] arguments = ProcessHandle.of(pid).orElseThrow().info().arguments().orElseThrow();
        String data =
                Stream.of(arguments)
                        .filter(argument -> argument.startsWith("--datadir="))
                        .findFirst()
                        .orElseThrow();
        return Path.of(data.substring("--datadir=".length())).resolve("..").normalize();
    }

    private static String permissions(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve(file)));
    }
}
