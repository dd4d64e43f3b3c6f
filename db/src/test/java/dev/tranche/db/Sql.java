package dev.tranche.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Short ways to say SQL in a test. */
final class Sql {
    private Sql() {}

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static void run(ScratchDatabase database, String... statements) throws SQLException {
        try (Connection connection = database.connect()) {
            run(connection, statements);
        }
    }

    /** The first column of every row, as text. */
    static List<String> column(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        }
    }

    static List<String> column(ScratchDatabase database, String query) throws SQLException {
        try (Connection connection = database.connect()) {
            return column(connection, query);
        }
    }
}
