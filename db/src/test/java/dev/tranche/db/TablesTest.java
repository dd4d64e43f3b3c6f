package dev.tranche.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TablesTest {
    private static final String OURS =
            " table_schema = DATABASE() AND table_name NOT LIKE 'tranche%'";

    private static ScratchDatabase database;

    @BeforeAll
    static void migrate() {
        database = ScratchDatabase.create();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void hasTheWorkspaceDefault() throws Exception {
        assertThat(column("SELECT CONCAT(id, ' ', live_name, ' ', stage) FROM workspace"))
                .containsExactly("1 default PREVIEW");
    }

    @Test
    void saysWhatEveryTableAndColumnIs() throws Exception {
        assertThat(
                        column(
                                "SELECT CONCAT(table_name, '.', column_name)"
                                        + " FROM information_schema.columns"
                                        + " WHERE column_comment = '' AND"
                                        + OURS))
                .isEmpty();
        assertThat(
                        column(
                                "SELECT table_name FROM information_schema.tables"
                                        + " WHERE table_comment = '' AND"
                                        + OURS))
                .isEmpty();
    }

    @Test
    void comparesAllTextByteByByte() throws Exception {
        assertThat(
                        column(
                                "SELECT DISTINCT collation_name FROM information_schema.columns"
                                        + " WHERE collation_name IS NOT NULL AND"
                                        + OURS))
                .containsExactly("utf8mb4_nopad_bin");
    }

    @Test
    void keepsRowsInInnoDb() throws Exception {
        assertThat(
                        column(
                                "SELECT DISTINCT CONCAT(engine, ' ', row_format)"
                                        + " FROM information_schema.tables WHERE"
                                        + OURS))
                .containsExactly("InnoDB Dynamic");
    }

    /** The server reads these names in messages of error 1062. */
    @Test
    void namesItsKeys() throws Exception {
        assertThat(
                        column(
                                "SELECT DISTINCT CONCAT(table_name, ' ', index_name)"
                                        + " FROM information_schema.statistics"
                                        + " WHERE index_name <> 'PRIMARY' AND"
                                        + OURS
                                        + " ORDER BY 1"))
                .containsExactly(
                        "batch batch_created",
                        "batch batch_deleted",
                        "batch batch_request",
                        "batch batch_updated",
                        "batch_failure batch_failure_kept",
                        "collection collection_live_name",
                        "collection_reference collection_reference_by_target",
                        "record_reference record_reference_by_target",
                        "relationship relationship_by_target",
                        "workspace workspace_live_name");
    }

    @Test
    void tellsIdsApartByCaseAndTrailingSpace() throws Exception {
        // No id has a NUL in it: to a key of MariaDB 10.11.5, an `a` with one behind it is an `a`.
        List<String> ids = List.of("a", "A", "a ", "a  ", "á", "😀");
        for (String id : ids) {
            insertRecord(10, "'" + id + "'", "{}");
        }
        assertThat(column("SELECT id FROM record WHERE collection_id = 10")).hasSize(ids.size());
        assertThat(
                        column(
                                "SELECT CONCAT(id, '|') FROM record WHERE collection_id = 10 AND id='a '"))
                .containsExactly("a |");
        assertThatThrownBy(() -> insertRecord(10, "'a '", "{}"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("for key 'PRIMARY'");
    }

    @Test
    void tellsNamesApartByCaseAndTrailingSpace() throws Exception {
        insertCollection(20, "Testing App", "NULL");
        insertCollection(21, "testing app", "NULL");
        insertCollection(22, "Testing App ", "NULL");
        assertThatThrownBy(() -> insertCollection(23, "Testing App", "NULL"))
                .hasMessageContaining("for key 'collection_live_name'");
    }

    @Test
    void givesTheNameOfADeletedCollectionAgain() throws Exception {
        insertCollection(30, "again", "UTC_TIMESTAMP(6)");
        insertCollection(31, "again", "UTC_TIMESTAMP(6)");
        insertCollection(32, "again", "NULL");
        assertThat(column("SELECT live_name FROM collection WHERE id IN (30, 31, 32) ORDER BY id"))
                .containsExactly("null", "null", "again");
        Sql.run(database, "UPDATE collection SET deleted_at = UTC_TIMESTAMP(6) WHERE id = 32");
        insertCollection(33, "again", "NULL");
    }

    @Test
    void givesTheNameOfADeletedWorkspaceAgain() throws Exception {
        insertWorkspace(30, "again");
        assertThatThrownBy(() -> insertWorkspace(31, "again"))
                .hasMessageContaining("for key 'workspace_live_name'");
        Sql.run(database, "UPDATE workspace SET deleted_at = UTC_TIMESTAMP(6) WHERE id = 30");
        insertWorkspace(31, "again");
        Sql.run(database, "UPDATE workspace SET deleted_at = UTC_TIMESTAMP(6) WHERE id = 31");
        insertWorkspace(32, "again");
        assertThat(column("SELECT live_name FROM workspace WHERE id >= 30 ORDER BY id"))
                .containsExactly("null", "null", "again");
        Sql.run(database, "DELETE FROM workspace WHERE id >= 30");
    }

    @Test
    void takesIdsOfTheLargestSizeInEveryKey() throws Exception {
        String id = "REPEAT('😀', 128)";
        insertRecord(40, id, "{}");
        Sql.run(
                database,
                "INSERT INTO relationship VALUES (40, %s, REPEAT('t', 63), 40, %s, NULL, 1,"
                                .formatted(id, id)
                        + " UTC_TIMESTAMP(6), '', UTC_TIMESTAMP(6), '')");
        assertThat(
                        column(
                                "SELECT source_collection_id FROM relationship"
                                        + " FORCE INDEX (relationship_by_target)"
                                        + " WHERE target_collection_id = 40 AND target_id = "
                                        + id))
                .containsExactly("40");
    }

    @Test
    void takesDataNestedThirtyOneDeep() throws Exception {
        insertRecord(50, "'deep'", "[".repeat(31) + "]".repeat(31));
        assertThat(column("SELECT id FROM record WHERE collection_id = 50")).hasSize(1);
    }

    @Test
    void refusesDataNestedThirtyTwoDeep() {
        assertThatThrownBy(() -> insertRecord(51, "'deep'", "[".repeat(32) + "]".repeat(32)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(4025))
                .hasMessageContaining("record_data_json");
    }

    /** A parameter that is not ASCII must not turn a look-up by key into a scan. */
    @Test
    void looksBatchesUpByKeyWhateverIsAsked() throws Exception {
        assertThat(column("SELECT id FROM batch WHERE id = 'ü'")).isEmpty();
        assertThat(explainType("SELECT * FROM batch_result WHERE batch_id = 'ü'")).isEqualTo("ref");
    }

    private static String explainType(String query) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("EXPLAIN " + query)) {
            row.next();
            return row.getString("type");
        }
    }

    private static void insertRecord(long collection, String id, String data) throws SQLException {
        Sql.run(
                database,
                "INSERT INTO record VALUES (%d, %s, '%s', 1, 7, '', 0,"
                                .formatted(collection, id, data)
                        + " UTC_TIMESTAMP(6), '', UTC_TIMESTAMP(6), '', NULL)");
    }

    /** As a server did that knew of neither stages nor deletion. */
    private static void insertWorkspace(int id, String name) throws Exception {
        Sql.run(
                database,
                "INSERT INTO workspace (id, name, created_at, created_by)"
                        + " VALUES (%d, '%s', UTC_TIMESTAMP(6), '')".formatted(id, name));
    }

    private static void insertCollection(long id, String name, String deletedAt)
            throws SQLException {
        Sql.run(
                database,
                ("INSERT INTO collection (id, workspace_id, name, definition, definition_hash,"
                                + " version, constraint_last, created_at, created_by, updated_at,"
                                + " updated_by, deleted_at) VALUES (%d, 1, '%s', '{}', '', 1, 0,"
                                + " UTC_TIMESTAMP(6), '', UTC_TIMESTAMP(6), '', %s)")
                        .formatted(id, name, deletedAt));
    }

    private static List<String> column(String query) throws SQLException {
        return Sql.column(database, query);
    }
}
