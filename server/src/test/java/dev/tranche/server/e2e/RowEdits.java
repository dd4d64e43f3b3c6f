package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes rows look as if more time had passed, past the server. */
record RowEdits(TestServer server) {

    /** Changes the account of a batch. */
    void account(String batchId, String assignments) throws SQLException {
        int changed = run("UPDATE batch SET " + assignments + " WHERE id = ?", batchId);
        assertThat(changed).isEqualTo(1);
    }

    /** Runs one statement: how many rows it changed. */
    int run(String sql, Object... parameters) throws SQLException {
        try (Connection connection = server.connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
            return statement.getUpdateCount();
        }
    }

    /** The first column of the first row, a number. */
    long number(String sql, Object... parameters) throws SQLException {
        try (Connection connection = server.connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                return found.getLong(1);
            }
        }
    }
}
