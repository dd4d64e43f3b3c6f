package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.batch.Leftover;
import dev.tranche.server.batch.Remains.Step;
import dev.tranche.server.batch.Remains.Tenure;
import dev.tranche.server.batch.Retention;
import dev.tranche.server.store.Plans.Access;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is removed when its time is over, and what is not. */
class RemainsTest {
    private static final Retention RETENTION =
            new Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(20));
    private static final Tenure TENURE = new Tenure("this server", Duration.ofSeconds(30));

    private final Store store = Store.open();

    @BeforeEach
    void freeTheLease() throws SQLException {
        run("UPDATE tranche_janitor_lease SET expires_at = UTC_TIMESTAMP(6)");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void removesPayloadsAfterTheirTimeFewAtOnce() throws SQLException {
        for (int i = 0; i < 5; i++) {
            failure("b", i, "INTERVAL 7 DAY");
        }
        failure("b", 5, "INTERVAL '6 23:59' DAY_MINUTE");
        run("INSERT INTO batch_failure (batch_id, item_index, payload) VALUES ('b', 6, 'old')");
        assertThat(steps(Leftover.PAYLOADS, 2)).containsExactly(2, 2, 1);
        assertThat(number("SELECT COUNT(*) FROM batch_failure WHERE expired")).isEqualTo(5);
        assertThat(number("SELECT COUNT(*) FROM batch_failure WHERE payload IS NULL")).isEqualTo(5);
        assertThat(number("SELECT SUM(payload_bytes) FROM batch_failure")).isEqualTo(2);
    }

    @Test
    void removesAccountsThatNobodyHasChangedForLong() throws SQLException {
        account("old", "updated_at = UTC_TIMESTAMP(6) - INTERVAL 30 DAY");
        account("young", "updated_at = UTC_TIMESTAMP(6) - INTERVAL '29 23:59' DAY_MINUTE");
        account(
                "running",
                "updated_at = '2020-01-01', state = 'RUNNING',"
                        + " lease_until = UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE");
        account(
                "lost",
                "updated_at = '2020-01-01', state = 'RUNNING', request_id = 'key',"
                        + " lease_until = UTC_TIMESTAMP(6)");
        result("old", 0);
        failure("old", 0, "INTERVAL 0 DAY");
        result("young", 0);
        failure("young", 0, "INTERVAL 0 DAY");
        assertThat(steps(Leftover.OLD_ACCOUNTS, 10)).containsExactly(2);
        assertThat(steps(Leftover.DELETED_ACCOUNTS, 10)).containsExactly(1, 1, 1, 1);
        assertThat(texts("SELECT id FROM batch ORDER BY id")).containsExactly("running", "young");
        assertThat(texts("SELECT batch_id FROM batch_result")).containsExactly("young");
        assertThat(texts("SELECT batch_id FROM batch_failure")).containsExactly("young");
    }

    @Test
    void removesADeletedAccountOnceItsRequestIdIsFree() throws SQLException {
        account("taken", "request_id = 'a', updated_at = UTC_TIMESTAMP(6) - INTERVAL 1439 MINUTE");
        account("free", "request_id = 'b', updated_at = UTC_TIMESTAMP(6) - INTERVAL 1440 MINUTE");
        account("none", "updated_at = UTC_TIMESTAMP(6)");
        account("visible", "updated_at = UTC_TIMESTAMP(6)");
        run("UPDATE batch SET deleted_at = UTC_TIMESTAMP(6) WHERE id <> 'visible'");
        for (String id : List.of("taken", "free", "none", "visible")) {
            result(id, 0);
            result(id, 1);
            failure(id, 0, "INTERVAL 0 DAY");
        }
        assertThat(steps(Leftover.DELETED_ACCOUNTS, 1)).hasSize(1 + 4 + 4).containsOnly(1);
        assertThat(texts("SELECT id FROM batch ORDER BY id")).containsExactly("taken", "visible");
        assertThat(texts("SELECT DISTINCT batch_id FROM batch_result ORDER BY 1"))
                .containsExactly("taken", "visible");
        assertThat(texts("SELECT batch_id FROM batch_failure")).containsExactly("visible");
        assertThat(steps(Leftover.OLD_ACCOUNTS, 1)).isEmpty();
    }

    @Test
    void removesDeletedRecordsWithTheirReferences() throws SQLException {
        record(7, "over", "UTC_TIMESTAMP(6) - INTERVAL 20 DAY");
        record(7, "over too", "UTC_TIMESTAMP(6) - INTERVAL 21 DAY");
        record(8, "over", "UTC_TIMESTAMP(6) - INTERVAL 20 DAY");
        record(7, "not yet", "UTC_TIMESTAMP(6) - INTERVAL '19 23:59' DAY_MINUTE");
        record(7, "alive", "NULL");
        run("INSERT INTO record_reference VALUES (7, 'over', 1, 9, 'x'), (7, 'alive', 1, 9, 'x')");
        assertThat(steps(Leftover.RECORDS, 2)).containsExactly(2, 1);
        assertThat(texts("SELECT id FROM record ORDER BY id")).containsExactly("alive", "not yet");
        assertThat(texts("SELECT record_id FROM record_reference")).containsExactly("alive");
        assertThat(texts("SELECT record_id FROM record_tombstone")).containsExactly("not yet");
    }

    @Test
    void removesNoRecordThatLivedAgainSinceThen() throws SQLException {
        record(7, "revived", "UTC_TIMESTAMP(6) - INTERVAL 21 DAY");
        record(7, "deleted anew", "UTC_TIMESTAMP(6) - INTERVAL 21 DAY");
        record(7, "removed", "UTC_TIMESTAMP(6) - INTERVAL 21 DAY");
        run("UPDATE record SET deleted_at = NULL WHERE id = 'revived'");
        run("UPDATE record SET deleted_at = UTC_TIMESTAMP(6) WHERE id = 'deleted anew'");
        run("DELETE FROM record WHERE id = 'removed'");
        assertThat(steps(Leftover.RECORDS, 10)).containsExactly(3);
        assertThat(texts("SELECT id FROM record ORDER BY id"))
                .containsExactly("deleted anew", "revived");
        assertThat(texts("SELECT record_id FROM record_tombstone")).isEmpty();
    }

    @Test
    void passesOverWhatOthersHold() throws SQLException {
        record(7, "held", "UTC_TIMESTAMP(6) - INTERVAL 21 DAY");
        record(7, "free", "UTC_TIMESTAMP(6) - INTERVAL 20 DAY");
        failure("b", 0, "INTERVAL 8 DAY");
        account("b", "updated_at = '2020-01-01'");
        try (Connection other = store.test().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "SELECT id FROM record WHERE collection_id = 7 AND id = 'held' FOR UPDATE");
            statement.execute("SELECT item_index FROM batch_failure FOR UPDATE");
            statement.execute("SELECT id FROM batch FOR UPDATE");
            assertThat(steps(Leftover.RECORDS, 10)).containsExactly(1);
            assertThat(steps(Leftover.PAYLOADS, 10)).isEmpty();
            assertThat(steps(Leftover.OLD_ACCOUNTS, 10)).isEmpty();
            other.rollback();
        }
        assertThat(steps(Leftover.RECORDS, 10)).containsExactly(1);
        assertThat(steps(Leftover.PAYLOADS, 10)).containsExactly(1);
        assertThat(steps(Leftover.OLD_ACCOUNTS, 10)).containsExactly(1);
    }

    @Test
    void removesWhatWasInADeletedCollection() throws SQLException {
        collection(7, 1, "UTC_TIMESTAMP(6) - INTERVAL 20 DAY");
        collection(8, 1, "UTC_TIMESTAMP(6) - INTERVAL '19 23:59' DAY_MINUTE");
        collection(9, 1, "NULL");
        for (int id = 7; id <= 9; id++) {
            fill(id);
        }
        assertThat(steps(Leftover.COLLECTIONS, 1))
                .as("a key, a reference, a relationship, records; the collection and its numbers")
                .containsExactly(1, 1, 1, 1, 1, 3);
        for (String table : List.of("record", "record_key", "record_reference")) {
            assertThat(texts("SELECT DISTINCT collection_id FROM " + table + " ORDER BY 1"))
                    .as(table)
                    .containsExactly("8", "9");
        }
        assertThat(texts("SELECT source_collection_id FROM relationship ORDER BY 1"))
                .containsExactly("8", "9");
        assertThat(texts("SELECT collection_id FROM collection_constraint ORDER BY 1"))
                .as("numbers that were given once, of collections that may come to need new ones")
                .containsExactly("8", "8", "9", "9");
        assertThat(texts("SELECT id FROM collection ORDER BY 1")).containsExactly("8", "9");
    }

    @Test
    void removesADeletedWorkspaceWhenNothingIsInItAnyMore() throws SQLException {
        for (int id = 2; id <= 4; id++) {
            run(
                    "INSERT INTO workspace (id, name, created_at, created_by, deleted_at) VALUES ("
                            + id
                            + ", 'w"
                            + id
                            + "', UTC_TIMESTAMP(6), 'a', UTC_TIMESTAMP(6) - INTERVAL "
                            + (id == 4 ? 19 : 20)
                            + " DAY)");
            collection(id * 10L, id, "NULL");
            fill(id * 10L);
        }
        account("b", "workspace_id = 3, updated_at = UTC_TIMESTAMP(6)");
        assertThat(steps(Leftover.WORKSPACES, 100)).isEmpty();
        assertThat(steps(Leftover.COLLECTIONS, 100)).isNotEmpty();
        assertThat(texts("SELECT id FROM collection")).containsExactly("40");
        assertThat(steps(Leftover.WORKSPACES, 100)).containsExactly(1);
        assertThat(texts("SELECT id FROM workspace ORDER BY 1")).containsExactly("1", "3", "4");
        run("DELETE FROM batch");
        assertThat(steps(Leftover.WORKSPACES, 100)).containsExactly(1);
    }

    @Test
    void letsOneServerWorkUntilItsLeaseIsOver() throws SQLException {
        Tenure other = new Tenure("another server", Duration.ofSeconds(30));
        for (int i = 0; i < 4; i++) {
            failure("b", i, "INTERVAL 8 DAY");
        }
        assertThat(step(TENURE)).isEqualTo(new Step(true, 1));
        assertThat(step(other)).isEqualTo(new Step(false, 0));
        assertThat(step(TENURE)).isEqualTo(new Step(true, 1));
        run("UPDATE tranche_janitor_lease SET expires_at = expires_at - INTERVAL 29 SECOND");
        assertThat(step(other)).isEqualTo(new Step(false, 0));
        run("UPDATE tranche_janitor_lease SET expires_at = UTC_TIMESTAMP(6)");
        assertThat(step(other)).isEqualTo(new Step(true, 1));
        assertThat(step(TENURE)).isEqualTo(new Step(false, 0));
        assertThat(number("SELECT COUNT(*) FROM batch_failure WHERE expired")).isEqualTo(3);
    }

    /** Nobody else's rows are read, let alone waited for. */
    @Test
    void findsEverythingByAnIndex() throws SQLException {
        collection(7, 1, "NULL");
        fill(7);
        failure("b", 0, "INTERVAL 0 DAY");
        result("b", 0);
        account("b", "updated_at = UTC_TIMESTAMP(6)");
        Plans plans = new Plans(store);
        List<Map.Entry<String, Object>> statements =
                List.of(
                        Map.entry("lockPayloads", Map.of("micros", 1L, "limit", 10)),
                        Map.entry("lockOldAccounts", Map.of("micros", 1L, "limit", 10)),
                        Map.entry("tombstones", Map.of("micros", 1L, "limit", 10)),
                        Map.entry(
                                "lockRecords",
                                Map.of("collectionId", 7L, "ids", List.of("a", "b"), "micros", 1L)),
                        Map.entry("removeFailures", Map.of("batchId", "b", "limit", 10)),
                        Map.entry("removeResults", Map.of("batchId", "b", "limit", 10)),
                        Map.entry("removeKeysOf", Map.of("collectionId", 7L, "limit", 10)),
                        Map.entry("removeReferencesFrom", Map.of("collectionId", 7L, "limit", 10)),
                        Map.entry("removeReferencesTo", Map.of("collectionId", 7L, "limit", 10)),
                        Map.entry(
                                "removeRelationshipsFrom", Map.of("collectionId", 7L, "limit", 10)),
                        Map.entry("removeRelationshipsTo", Map.of("collectionId", 7L, "limit", 10)),
                        Map.entry("removeRecordsOf", Map.of("collectionId", 7L, "limit", 10)));
        for (Map.Entry<String, Object> statement : statements) {
            String name = "RemainsMapper." + statement.getKey();
            assertThat(plans.of(name, statement.getValue()))
                    .as(name)
                    .filteredOn(access -> access.index() != null)
                    .isNotEmpty()
                    .extracting(Access::type)
                    .isSubsetOf("const", "eq_ref", "ref", "range", "system");
        }
    }

    private Step step(Tenure tenure) {
        return store.database().remains().remove(Leftover.PAYLOADS, RETENTION, tenure, 1);
    }

    /** How many rows each step removed, until nothing was left. */
    private List<Integer> steps(Leftover kind, int rowsMax) {
        List<Integer> rows = new ArrayList<>();
        while (rows.size() < 100) {
            Step step = store.database().remains().remove(kind, RETENTION, TENURE, rowsMax);
            assertThat(step.mine()).isTrue();
            if (step.rows() == 0) {
                return rows;
            }
            rows.add(step.rows());
        }
        throw new AssertionError("never done: " + rows);
    }

    private void failure(String batchId, int index, String age) throws SQLException {
        run(
                "INSERT INTO batch_failure (batch_id, item_index, payload, payload_bytes, kept_at)"
                        + " VALUES ('%s', %d, '{}', 2, UTC_TIMESTAMP(6) - %s)"
                                .formatted(batchId, index, age));
    }

    private void result(String batchId, int index) throws SQLException {
        run(
                "INSERT INTO batch_result VALUES ('%s', 1, %d, %d, 'x')"
                        .formatted(batchId, index, index));
    }

    private void account(String id, String assignments) throws SQLException {
        run(
                "INSERT INTO batch SET workspace_id = 1, kind = 'INSERT', run = 1,"
                        + " state = 'SUCCEEDED', attempt = 1, lease_epoch = 1, total = 1,"
                        + " succeeded = 1, failed = 0, skipped = 0, created_at = '2020-01-01',"
                        + " started_at = '2020-01-01', updated_at = '2020-01-01', created_by = 'a',"
                        + " created_by_name = 'a', updated_by = 'a', updated_by_name = 'a', id = '%s'"
                                .formatted(id));
        run("UPDATE batch SET %s WHERE id = '%s'".formatted(assignments, id));
    }

    private void record(long collection, String id, String deletedAt) throws SQLException {
        run(
                "INSERT INTO record VALUES (%d, '%s', '{}', 1, 7, '', 0, UTC_TIMESTAMP(6), 'a',"
                                .formatted(collection, id)
                        + " UTC_TIMESTAMP(6), 'a', "
                        + deletedAt
                        + ")");
        run(
                "INSERT INTO record_tombstone SELECT deleted_at, collection_id, id FROM record"
                        + " WHERE deleted_at IS NOT NULL AND collection_id = %d AND id = '%s'"
                                .formatted(collection, id));
    }

    private void collection(long id, long workspace, String deletedAt) throws SQLException {
        run(
                ("INSERT INTO collection (id, workspace_id, name, definition, definition_hash,"
                                + " version, constraint_last, created_at, created_by, updated_at,"
                                + " updated_by, deleted_at) VALUES (%d, %d, 'c%d', '{}', '', 1, 2,"
                                + " UTC_TIMESTAMP(6), 'a', UTC_TIMESTAMP(6), 'a', %s)")
                        .formatted(id, workspace, id, deletedAt));
        run(
                ("INSERT INTO collection_constraint VALUES (%d, 1, 'one', '[\"a\"]', NULL),"
                                + " (%d, 2, 'two', '[\"a\"]', UTC_TIMESTAMP(6))")
                        .formatted(id, id));
    }

    /** Two records, of which one points at the other, is linked to it and has a key. */
    private void fill(long collection) throws SQLException {
        record(collection, "a", "NULL");
        record(collection, "b", "NULL");
        run("INSERT INTO record_key VALUES (%d, 1, REPEAT('k', 16), 'a')".formatted(collection));
        run(
                "INSERT INTO record_reference VALUES (%d, 'a', 3, %d, 'b')"
                        .formatted(collection, collection));
        run(
                ("INSERT INTO relationship VALUES (%d, 'a', 't', %d, 'b', NULL, 1,"
                                + " UTC_TIMESTAMP(6), 'a', UTC_TIMESTAMP(6), 'a')")
                        .formatted(collection, collection));
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = store.test().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) {
        return Long.parseLong(store.queryText(sql));
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection connection = store.test().connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
