package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;

/** The driver that a store uses, and batches of changes over it. */
class CountedChangesTest {
    private static final int ROWS = 40;

    /** So long that this many rows do not fit into one packet: the server takes 16 MiB. */
    private static final int LONG = 1 << 19;

    private final TestDatabase database = TestDatabase.open();
    private Connection connection;

    @BeforeEach
    void createRows() throws SQLException {
        DatabaseSettings settings = database.settings();
        MariaDbDataSource source = new MariaDbDataSource(settings.url() + Database.DRIVER_OPTIONS);
        source.setUser(settings.user());
        source.setPassword(settings.password());
        connection = CountedChanges.over(source.getConnection());
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TEMPORARY TABLE counted (id INT PRIMARY KEY, text LONGTEXT NULL)");
            statement.execute("INSERT INTO counted SELECT seq, '' FROM seq_1_to_" + ROWS);
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void eachUpdateThatFindsItsRowCountsAsOne() throws SQLException {
        assertThat(update(1, "changed")).hasSize(ROWS).containsOnly(1);
        assertThat(update(1, "changed")).hasSize(ROWS).containsOnly(1);
    }

    @Test
    void updatesThatDoNotFitIntoOnePacketCountAllTheSame() throws SQLException {
        assertThat(update(1, "x".repeat(LONG))).hasSize(ROWS).containsOnly(1);
    }

    @Test
    void oneThatFindsNothingIsSeen() throws SQLException {
        assertThat(update(2, "changed")).hasSize(ROWS).contains(Statement.SUCCESS_NO_INFO);
        assertThat(update(2, "x".repeat(LONG))).hasSize(ROWS).contains(Statement.SUCCESS_NO_INFO);
        assertThat(delete(2)).hasSize(ROWS).contains(Statement.SUCCESS_NO_INFO);
    }

    @Test
    void eachDeletionThatFindsItsRowCountsAsOne() throws SQLException {
        assertThat(delete(1)).hasSize(ROWS).containsOnly(1);
    }

    private int[] update(int firstId, String text) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE counted SET text = ? WHERE id = ?")) {
            for (int i = 0; i < ROWS; i++) {
                update.setString(1, text);
                update.setInt(2, firstId + i);
                update.addBatch();
            }
            return update.executeBatch();
        }
    }

    private int[] delete(int firstId) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM counted WHERE id = ?")) {
            for (int i = 0; i < ROWS; i++) {
                delete.setInt(1, firstId + i);
                delete.addBatch();
            }
            return delete.executeBatch();
        }
    }
}
