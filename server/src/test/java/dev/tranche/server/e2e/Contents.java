package dev.tranche.server.e2e;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every row that holds what callers stored, the accounts of batches apart. */
record Contents(Map<String, List<String>> rows) {
    private static final List<String> TABLES =
            List.of(
                    "workspace",
                    "collection",
                    "collection_constraint",
                    "collection_reference",
                    "record",
                    "record_key",
                    "record_reference",
                    "relationship");

    static Contents of(TestServer server) throws SQLException {
        return of(server, TABLES);
    }

    /** Every row there is, those of accounts and migrations too. */
    static Contents ofAllTables(TestServer server) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = server.connection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SHOW TABLES")) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        return of(server, tables);
    }

    private static Contents of(TestServer server, List<String> tables) throws SQLException {
        Map<String, List<String>> rows = new TreeMap<>();
        try (Connection connection = server.connection();
                Statement statement = connection.createStatement()) {
            for (String table : tables) {
                rows.put(table, rows(statement, table));
            }
        }
        return new Contents(rows);
    }

    int count(String table) {
        return rows.getOrDefault(table, List.of()).size();
    }

    private static List<String> rows(Statement statement, String table) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.append(found.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
            rows.sort(null);
            return rows;
        }
    }
}
