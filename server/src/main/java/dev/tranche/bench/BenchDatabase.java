package dev.tranche.bench;

import dev.tranche.db.ConnectionUrl;
import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.EmbeddedSettings;
import dev.tranche.db.EphemeralFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database of the bench's own, which goes with it: in a MariaDB of its own, or beside the others of
 * a given one, under a random name.
 *
 * @param url of the database
 * @param pid of the MariaDB; null if it is not ours
 */
record BenchDatabase(String url, String user, String password, @Nullable Long pid, Ending ending)
        implements AutoCloseable {
    /** Where the data of embedded ones is while the bench runs; from the current folder. */
    static final Path FOLDER = Path.of(".tranche", "bench");

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int TRUNCATE_ATTEMPTS = 5;

    private static final Pattern EMBEDDED_PORT = Pattern.compile("MariaDB runs on port ([0-9]+),");

    /** Up to the path, the path, and the options. */
    private static final Pattern URL =
            Pattern.compile("(jdbc:mariadb:(?:[a-z-]+:)?//[^/?]+)(?:/[^?]*)?(\\?.*)?");

    /** What makes an end of it. */
    @FunctionalInterface
    interface Ending {
        void end() throws SQLException;
    }

    /**
     * Starts one with the usual settings of an embedded database, durable commits among them.
     *
     * @throws dev.tranche.db.DatabaseUnusableException if it does not start
     */
    static BenchDatabase embedded() {
        Path folder = EphemeralFolders.createIn(FOLDER);
        EmbeddedMariaDb mariaDb = EmbeddedMariaDb.start(EmbeddedSettings.in(folder));
        return new BenchDatabase(
                mariaDb.jdbcUrl(),
                mariaDb.user(),
                mariaDb.password(),
                mariaDb.pid(),
                () -> {
                    mariaDb.close();
                    EphemeralFolders.delete(folder);
                });
    }

    /**
     * That of a server which has it embedded.
     *
     * @param folder where the server keeps it
     * @param log of the server since its start
     */
    static BenchDatabase of(Path folder, String log) throws IOException {
        Matcher port = EMBEDDED_PORT.matcher(log);
        if (!port.find()) {
            throw new IllegalArgumentException("no port of MariaDB in: " + log);
        }
        return new BenchDatabase(
                complete("jdbc:mariadb://127.0.0.1:%s/tranche".formatted(port.group(1))),
                "tranche",
                Files.readString(folder.resolve("password")),
                null,
                () -> {});
    }

    /**
     * Makes one on somebody else's server, and drops it at the end.
     *
     * @param url of that server; the database it names is left alone
     * @throws BenchFailure if the server is out of reach, or the user may not do that
     */
    static BenchDatabase beside(String url, String user, String password) throws BenchFailure {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new BenchFailure("no URL of a MariaDB on a host: " + url);
        }
        String options = parts.group(2) == null ? "" : parts.group(2);
        String name = "tranche_bench_" + UUID.randomUUID().toString().replace("-", "");
        String server = complete(parts.group(1) + "/" + options);
        try {
            execute(
                    server,
                    user,
                    password,
                    "CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin");
        } catch (SQLException e) {
            throw new BenchFailure(
                    "cannot make a database in %s as %s: %s"
                            .formatted(parts.group(1), user, e.getMessage()),
                    e);
        }
        return new BenchDatabase(
                complete(parts.group(1) + "/" + name + options),
                user,
                password,
                null,
                () -> execute(server, user, password, "DROP DATABASE IF EXISTS " + name));
    }

    /** A connection of its own, that commits when told to; the caller closes it. */
    Connection connect(String... options) throws SQLException {
        String more =
                List.of(options).stream().map(option -> "&" + option).reduce("", String::concat);
        Connection connection = DriverManager.getConnection(url + more, user, password);
        connection.setAutoCommit(false);
        return connection;
    }

    /** Empties the tables that a run fills. The collections stay. */
    void truncate() throws SQLException {
        try (Connection connection = connect("sessionVariables=innodb_lock_wait_timeout=5");
                Statement statement = connection.createStatement()) {
            for (String table :
                    List.of(
                            "record",
                            "record_key",
                            "record_tombstone",
                            "batch",
                            "batch_result",
                            "batch_failure")) {
                truncate(statement, table);
            }
        }
    }

    /**
     * A TRUNCATE has been seen to wait in vain while no transaction was open on the table: InnoDB
     * locks its own tables of statistics for it, too, and may be at work there.
     */
    private static void truncate(Statement statement, String table) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                statement.execute("TRUNCATE TABLE " + table);
                return;
            } catch (SQLException e) {
                if (e.getErrorCode() != LOCK_WAIT_TIMEOUT || attempt == TRUNCATE_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** As the database says it of itself. */
    String version() throws SQLException {
        try (Connection connection = connect()) {
            return connection.getMetaData().getDatabaseProductVersion();
        }
    }

    /** The surrogate id under which the tables know a collection. */
    long collectionId(String name) throws SQLException {
        try (Connection connection = connect();
                var query =
                        connection.prepareStatement("SELECT id FROM collection WHERE name = ?")) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        ending.end();
    }

    private static String complete(String url) {
        return ConnectionUrl.complete(url, SOCKET_TIMEOUT);
    }

    private static void execute(String url, String user, String password, String sql)
            throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
