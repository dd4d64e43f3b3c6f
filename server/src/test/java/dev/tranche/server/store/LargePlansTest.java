package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.schema.KeyHash;
import dev.tranche.server.store.Plans.Access;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements that load read no more of large tables than what they look for. Tables have 10,000 rows,
 * or as many as the system property {@code tranche.test.plan-rows} says, up to 1,000,000.
 */
class LargePlansTest {
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int TRUNCATE_ATTEMPTS = 20;
    private static final int ROWS = Integer.getInteger("tranche.test.plan-rows", 10_000);

    /** From 0, as many as there are to be rows. */
    private static final String NUMBERS =
            """
            WITH RECURSIVE digit AS (SELECT 0 AS d UNION ALL SELECT d + 1 FROM digit WHERE d < 99),
            number AS (SELECT x.d * 10000 + y.d * 100 + z.d AS n
                       FROM digit x CROSS JOIN digit y CROSS JOIN digit z
                       WHERE x.d * 10000 < %1$d AND x.d * 10000 + y.d * 100 + z.d < %1$d)
            """
                    .formatted(ROWS);

    private static final List<String> TABLES =
            List.of("collection", "record", "record_key", "record_reference", "relationship");

    private static final String ID = "CONCAT('id', LPAD(n, 7, '0'))";

    private static Store store;
    private static Plans plans;

    @BeforeAll
    static void fill() throws SQLException {
        store = Store.open();
        plans = new Plans(store);
        try (Connection connection = store.test().connect();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(filled(table));
            }
            statement.execute("ANALYZE TABLE " + String.join(", ", TABLES));
        }
    }

    /** Emptied in no time, whatever its size. */
    @AfterAll
    static void empty() throws SQLException {
        try (Connection connection = store.test().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION innodb_lock_wait_timeout = 2");
            for (String table : TABLES) {
                truncate(statement, table);
            }
        }
        store.close();
    }

    /** InnoDB may be counting what it has so many new rows of, and then does not give the table up. */
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

    /** Row n: collection n + 1, record n of collection 7, which points at record n of 8. */
    private static String filled(String table) {
        String values =
                switch (table) {
                    case "collection" ->
                            "(id, workspace_id, name, definition, definition_hash, version,"
                                    + " constraint_last, created_at, created_by, updated_at,"
                                    + " updated_by) %s SELECT n + 1, 1, %s, '{}', '', 1, 0,"
                                    + " UTC_TIMESTAMP(), 'a', UTC_TIMESTAMP(), 'a'";
                    case "record" ->
                            "(collection_id, id, data, version, life, key_hashes,"
                                    + " constraints_ignored, created_at, created_by, updated_at,"
                                    + " updated_by) %s SELECT 7, %s, '{}', 1, n, '', FALSE,"
                                    + " UTC_TIMESTAMP(), 'a', UTC_TIMESTAMP(), 'a'";
                    case "record_key" ->
                            "(collection_id, constraint_no, record_id, key_hash)"
                                    + " %s SELECT 7, 1, %s, UNHEX(LPAD(HEX(n), 32, '0'))";
                    case "record_reference" ->
                            "(collection_id, number, target_collection_id, record_id, target_id)"
                                    + " %s SELECT 7, 1, 8, %2$s, %2$s";
                    default ->
                            "(source_collection_id, type, target_collection_id, source_id,"
                                    + " target_id, version, created_at, created_by, updated_at,"
                                    + " updated_by) %s SELECT 7, 't', 8, %2$s, %2$s, 1,"
                                    + " UTC_TIMESTAMP(), 'a', UTC_TIMESTAMP(), 'a'";
                };
        return "INSERT INTO " + table + " " + values.formatted(NUMBERS, ID) + " FROM number";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 250})
    void findsRowsByTheirPrimaryKey(int keys) throws SQLException {
        Literals ids = Literals.ofIds(listOf(keys, LargePlansTest::id));
        Map<String, Object> records =
                Map.of("collectionId", 7L, "ids", ids, "lock", LockClause.EXCLUSIVE);
        assertReads("RecordMapper.lock", keys, "PRIMARY", records);
        assertReads("RecordMapper.find", keys, "PRIMARY", records);
        assertReads("RecordReferenceMapper.lock", keys, "PRIMARY", records);
        assertReads(
                "RecordKeyMapper.lock",
                keys,
                "PRIMARY",
                Map.of(
                        "collectionId",
                        7L,
                        "constraintNo",
                        1,
                        "hashes",
                        Literals.ofHashes(listOf(keys, LargePlansTest::key)),
                        "lock",
                        LockClause.EXCLUSIVE));
        assertReads(
                "RelationshipMapper.lock",
                keys,
                "PRIMARY",
                Map.of("keys", listOf(keys, LargePlansTest::link), "lock", LockClause.EXCLUSIVE));
        assertReads(
                "CollectionMapper.definitions",
                keys,
                "PRIMARY",
                Map.of("ids", listOf(keys, i -> i + 1L)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 250})
    void findsRowsByTheirNamesAndTargets(int keys) throws SQLException {
        List<String> ids = listOf(keys, LargePlansTest::id);
        Literals literals = Literals.ofIds(ids);
        assertReads(
                "CollectionMapper.lock",
                keys,
                "collection_live_name",
                Map.of("workspaceId", 1L, "names", ids, "lock", LockClause.SHARED));
        assertReads(
                "RecordReferenceMapper.referrers",
                keys,
                "record_reference_by_target",
                Map.of(
                        "targetCollectionId",
                        8L,
                        "collectionId",
                        7L,
                        "number",
                        1,
                        "ids",
                        literals,
                        "limit",
                        1_000));
        assertThat(
                        plans.of(
                                "RelationshipMapper.linkedTo",
                                Map.of("collectionId", 8L, "ids", literals, "limit", 1_000)))
                .filteredOn(access -> access.index() != null)
                .allSatisfy(access -> assertThat(access.rows()).isLessThanOrEqualTo(keys))
                .extracting(Access::index)
                .containsExactly("PRIMARY", "relationship_by_target");
    }

    /** The first table of the plan; what hangs on it is small. */
    private static void assertReads(String statement, int keys, String index, Object parameters)
            throws SQLException {
        Access access = plans.of(statement, parameters).getFirst();
        assertThat(access.type()).as(statement).isIn("const", "ref", "range");
        assertThat(access.index()).as(statement).isEqualTo(index);
        assertThat(access.rows()).as("rows that %s reads", statement).isLessThanOrEqualTo(keys);
    }

    /** Spread over the table. */
    private static <T> List<T> listOf(int count, IntFunction<T> element) {
        return IntStream.range(0, count).map(i -> i * (ROWS / count)).mapToObj(element).toList();
    }

    private static String id(int i) {
        return "id%07d".formatted(i);
    }

    private static UniqueKey key(int i) {
        return new UniqueKey(7, 1, new KeyHash(0, i));
    }

    private static RelationshipKey link(int i) {
        return new RelationshipKey(new RecordKey(7, id(i)), "t", new RecordKey(8, id(i)));
    }
}
