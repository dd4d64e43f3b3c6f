package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.changed;
import static dev.tranche.server.store.Samples.collection;
import static dev.tranche.server.store.Samples.collections;
import static dev.tranche.server.store.Samples.inserted;
import static dev.tranche.server.store.Samples.key;
import static dev.tranche.server.store.Samples.link;
import static dev.tranche.server.store.Samples.newRecords;
import static dev.tranche.server.store.Samples.record;
import static dev.tranche.server.store.Samples.relationships;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.batch.KeptPayload;
import dev.tranche.server.engine.RelationshipReader.Ends;
import dev.tranche.server.engine.RelationshipReader.Position;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.KeyHash;
import dev.tranche.server.store.Plans.Access;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements that lock find their rows by a whole key: one that read a range or a table instead would
 * lock, and wait for, rows nobody asked for. The optimizer is tempted most by small tables.
 */
class PlansTest {
    private final Store store = Store.open();
    private final Plans plans = new Plans(store);

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 100, 1_000})
    void findsWhatItLocksByWholeKeys(int rows) throws SQLException {
        fill(rows);
        for (int keys : List.of(1, 2, 250)) {
            assertWholeKey(
                    "RecordMapper.lock",
                    "PRIMARY",
                    "522",
                    Map.of(
                            "collectionId",
                            7L,
                            "ids",
                            Literals.ofIds(listOf(keys, PlansTest::id)),
                            "lock",
                            LockClause.EXCLUSIVE));
            assertWholeKey(
                    "RecordKeyMapper.lock",
                    "PRIMARY",
                    "26",
                    Map.of(
                            "collectionId",
                            7L,
                            "constraintNo",
                            1,
                            "hashes",
                            Literals.ofHashes(listOf(keys, PlansTest::uniqueKey)),
                            "lock",
                            LockClause.EXCLUSIVE));
            assertWholeKey(
                    "RelationshipMapper.lock",
                    "PRIMARY",
                    "1298",
                    Map.of("keys", listOf(keys, PlansTest::linkKey), "lock", LockClause.NONE));
            assertWholeKey(
                    "CollectionMapper.lock",
                    "collection_live_name",
                    "523",
                    Map.of(
                            "workspaceId",
                            1L,
                            "names",
                            listOf(keys, PlansTest::id),
                            "lock",
                            LockClause.SHARED));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 1_000})
    void changesRowsByWholeKeys(int rows) throws SQLException {
        fill(rows);
        assertWholeKey(
                "RecordMapper.update",
                "PRIMARY",
                "522",
                Map.of("line", RecordLine.of(record(7, id(1))), "versionBefore", 1L));
        RecordRow row = record(7, id(1));
        assertWholeKey(
                "RecordMapper.change",
                "PRIMARY",
                "522",
                ChangedRecordLine.of(new Update<>(row, changed(row, "{}"))));
        assertWholeKey(
                "RecordKeyMapper.delete",
                "PRIMARY",
                "26",
                new KeyLine(7, 1, new KeyHash(-1, 1).toBytes(), id(1)));
        RelationshipLine line = RelationshipLine.of(link(new RecordKey(7, id(1)), "t", target(1)));
        assertWholeKey("RelationshipMapper.delete", "PRIMARY", "1298", line);
        assertWholeKey(
                "RelationshipMapper.update",
                "PRIMARY",
                "1298",
                Map.of("line", line, "versionBefore", 1L));
        assertWholeKey(
                "CollectionMapper.delete", "PRIMARY", "8", Map.of("id", 1L, "versionBefore", 1L));
        assertWholeKey(
                "CollectionConstraintMapper.retire",
                "PRIMARY",
                "10",
                Map.of("collectionId", 1L, "number", 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 1_000})
    void looksUpRelationshipsByTheirEnds(int rows) throws SQLException {
        fill(rows);
        for (int keys : List.of(1, 250)) {
            List<Access> plan =
                    plan(
                            "RelationshipMapper.linkedTo",
                            Map.of(
                                    "collectionId",
                                    7L,
                                    "ids",
                                    Literals.ofIds(listOf(keys, PlansTest::id)),
                                    "limit",
                                    100));
            assertThat(plan)
                    .filteredOn(access -> access.index() != null)
                    .extracting(Access::index)
                    .containsExactly("PRIMARY", "relationship_by_target");
            assertThat(plan).extracting(Access::type).doesNotContain("index");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000})
    void listsRelationshipsByTheEndThatIsGiven(int rows) throws SQLException {
        fill(rows);
        RecordKey source = new RecordKey(7, id(1));
        RecordKey target = target(1);
        for (Position after : Arrays.asList(null, new Position("t", target(0)))) {
            for (String type : Arrays.asList(null, "t")) {
                assertListed("PRIMARY", new Ends(source, null, type), after);
                assertListed("PRIMARY", new Ends(source, target, type), after);
                assertListed("relationship_by_target", new Ends(null, target, type), after);
            }
        }
    }

    /** The first to be read are the relationships, by an end at least; nothing is read as a whole. */
    private void assertListed(String index, Ends ends, @Nullable Position after)
            throws SQLException {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("ends", ends);
        parameters.put("after", after);
        parameters.put("limit", 100);
        parameters.put("bytesMax", 1L << 20);
        List<Access> plan =
                plan("RelationshipMapper.list", parameters).stream()
                        .filter(access -> access.index() != null)
                        .toList();
        assertThat(plan).extracting(Access::type).doesNotContain("index", "ALL");
        assertThat(plan)
                .filteredOn(access -> index.equals(access.index()))
                .anySatisfy(access ->
                        assertThat(Integer.parseInt(access.keyBytes()))
                                .isGreaterThanOrEqualTo(522));
    }

    /**
     * MariaDB 10.11 may read all of the batch where much of it is asked for. Whoever forgets failures
     * has the batch's account locked: nobody else waits for these rows.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 1_000})
    void forgetsFailuresWithinOneBatch(int rows) throws SQLException {
        fill(rows);
        for (int keys : List.of(1, 2, 250)) {
            Access access =
                    plan(
                                    "BatchFailureMapper.delete",
                                    Map.of("batchId", "other", "indexes", listOf(keys, i -> i)))
                            .getFirst();
            assertThat(access.type()).isIn("const", "range", "ref");
            assertThat(access.index()).isEqualTo("PRIMARY");
            assertThat(access.keyBytes()).isEqualTo("ref".equals(access.type()) ? "146" : "150");
        }
    }

    /** By time, backwards from where the page before ended; the first that are found are the page. */
    @ParameterizedTest
    @ValueSource(ints = {3, 1_000})
    void listsBatchesInTheOrderOfAnIndex(int rows) throws SQLException {
        fill(rows);
        LocalDateTime at = LocalDateTime.of(2026, 1, 1, 0, 0);
        for (LocalDateTime after : Arrays.asList(null, at)) {
            ListedBatches.Query query =
                    new ListedBatches.Query(
                            1L,
                            List.of("EXECUTE"),
                            List.of("RUNNING", "FAILED"),
                            "a",
                            at,
                            null,
                            "{\"team\":\"a\"}",
                            after,
                            after == null ? null : id(1),
                            100);
            for (String statement : List.of("BatchMapper.list", "BatchMapper.count")) {
                Access access = plan(statement, query).getFirst();
                assertThat(access.type()).isIn("range", "ref");
                assertThat(access.index()).isEqualTo("batch_created");
                assertThat(access.extra()).doesNotContain("filesort", "temporary");
            }
        }
    }

    private void assertWholeKey(String statement, String index, String keyBytes, Object parameters)
            throws SQLException {
        for (Access access : plan(statement, parameters)) {
            if (access.type() != null) {
                assertThat(access.type()).as(statement).isIn("const", "range");
                assertThat(access.index()).as(statement).isEqualTo(index);
                assertThat(access.keyBytes()).as(statement).isEqualTo(keyBytes);
            }
        }
    }

    private List<Access> plan(String statement, Object parameters) throws SQLException {
        return plans.of(statement, parameters);
    }

    private void fill(int rows) throws SQLException {
        store.flush(
                newRecords(
                        IntStream.range(0, rows)
                                .mapToObj(i -> record(7, id(i), uniqueKey(i)))
                                .toList()));
        store.flush(newRecords(listOf(rows, i -> record(8, id(i), key(8, 1, i)))));
        store.flush(collections(inserted(listOf(rows, i -> collection(i + 1L, id(i), "a")))));
        store.flush(
                relationships(
                        inserted(
                                listOf(rows, i -> link(new RecordKey(7, id(i)), "t", target(i))))));
        store.once(tx -> {
            tx.keepFailed("other", listOf(rows, i -> new KeptPayload(i, null, "{}")));
            return tx;
        });
        try (Connection connection = store.test().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO batch (id, workspace_id, kind, run, state, attempt, lease_epoch,"
                            + " total, succeeded, failed, skipped, created_at, started_at,"
                            + " updated_at, created_by, created_by_name, updated_by,"
                            + " updated_by_name) SELECT CONCAT('id', seq), 1, 'EXECUTE', 1,"
                            + " 'SUCCEEDED', 1, 1, 1, 1, 0, 0, '2026-01-01' + INTERVAL seq SECOND,"
                            + " '2026-01-01', '2026-01-01', 'a', 'a', 'a', 'a' FROM seq_1_to_"
                            + Math.max(1, rows));
            statement.execute(
                    "ANALYZE TABLE record, record_key, relationship, collection,"
                            + " collection_constraint, batch_failure, batch");
        }
    }

    private static <T> List<T> listOf(int count, IntFunction<T> element) {
        return IntStream.range(0, count).mapToObj(element).toList();
    }

    private static String id(int i) {
        return "id%05d".formatted(i);
    }

    private static RecordKey target(int i) {
        return new RecordKey(8, id(i));
    }

    private static RelationshipKey linkKey(int i) {
        return new RelationshipKey(new RecordKey(7, id(i)), "t", target(i));
    }

    private static UniqueKey uniqueKey(int i) {
        return new UniqueKey(7, 1, new KeyHash(-i, i));
    }
}
