package dev.tranche.db;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What is there before anything is changed.
 *
 * @param server name and version, as the server gives them
 * @param supported whether Tranche can work with that server
 * @param database its name; null if the URL names none
 * @param tables every table and view in it, by name
 */
record DatabaseInventory(
        String server, boolean supported, @Nullable String database, List<String> tables) {
    /** Flyway's table: which migrations ran. */
    static final String HISTORY = "tranche_schema_history";

    private static final int OLDEST_MAJOR = 10;
    private static final int OLDEST_MINOR = 11;

    private static final int TABLES_NAMED_MAX = 5;

    static DatabaseInventory of(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            DatabaseMetaData about = connection.getMetaData();
            List<String> tables = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT table_name FROM information_schema.tables"
                                    + " WHERE table_schema = DATABASE() ORDER BY table_name")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            return new DatabaseInventory(
                    about.getDatabaseProductName() + " " + about.getDatabaseProductVersion(),
                    isSupported(about),
                    connection.getCatalog(),
                    List.copyOf(tables));
        }
    }

    private static boolean isSupported(DatabaseMetaData about) throws SQLException {
        int major = about.getDatabaseMajorVersion();
        return about.getDatabaseProductName().equals("MariaDB")
                && (major > OLDEST_MAJOR
                        || (major == OLDEST_MAJOR
                                && about.getDatabaseMinorVersion() >= OLDEST_MINOR));
    }

    boolean hasHistory() {
        return tables.contains(HISTORY);
    }

    /**
     * Lets an empty database pass, and one that Tranche has made.
     *
     * @throws DatabaseUnusableException otherwise
     */
    void requireOurs() {
        if (!supported) {
            throw new DatabaseUnusableException(
                    "the database is %s; MariaDB %d.%d or newer is needed"
                            .formatted(server, OLDEST_MAJOR, OLDEST_MINOR));
        }
        if (database == null) {
            throw new DatabaseUnusableException(
                    "the database URL names no database: jdbc:mariadb://HOST:PORT/DATABASE allowed");
        }
        List<String> others =
                tables.stream().filter(name -> !name.equals(MigrationLease.TABLE)).toList();
        if (!others.isEmpty() && !hasHistory()) {
            throw new DatabaseUnusableException(
                    ("database %s is not Tranche's: it has %d tables (%s) and no %s among them."
                                    + " Name an empty database, or one that Tranche has made")
                            .formatted(database, others.size(), some(others), HISTORY));
        }
    }

    private static String some(List<String> names) {
        String first =
                String.join(", ", names.subList(0, Math.min(names.size(), TABLES_NAMED_MAX)));
        return names.size() > TABLES_NAMED_MAX ? first + ", …" : first;
    }
}
