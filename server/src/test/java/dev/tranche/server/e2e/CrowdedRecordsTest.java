package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.OnDelete.ON_DELETE_CASCADE;
import static dev.tranche.v1.OnDelete.ON_DELETE_RESTRICT;
import static dev.tranche.v1.Outcome.OUTCOME_DELETED;
import static dev.tranche.v1.Outcome.OUTCOME_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.DeleteWorkspaceRequest;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A record that very many others point at, or that has very many relationships: what cannot be done in
 * one transaction is refused before it is read, however many there are. They are 20,000, or as many as
 * the system property {@code tranche.test.children} says, up to 1,000,000.
 */
class CrowdedRecordsTest {
    private static final int CHILDREN = Integer.getInteger("tranche.test.children", 20_000);

    /** Of what goes by cascade: 1,000, as it is by default, where that is few enough. */
    private static final int LIMIT = Math.min(1_000, CHILDREN / 200);

    /**
     * Of the database, a few times the limit for each crowded record: it is found to be one with its
     * neighbours and alone, in each try of the transaction.
     */
    private static final int READ_ROWS_MAX = 100 * LIMIT;

    private static final String NUMBERED = "CONCAT('r', LPAD(seq, 7, '0'))";
    private static final String STAMP = "UTC_TIMESTAMP(), 'a', UTC_TIMESTAMP(), 'a'";

    private static TestServer server;
    private static Connection database;
    private static Caller caller;

    @BeforeAll
    static void fill() throws Exception {
        server = TestServer.start("--cascade-rows-max=" + LIMIT, "--scan-records-max=" + LIMIT);
        database = server.connection();
        caller = Caller.of(server);
        caller.execute(
                Ops.collection("parents"),
                Ops.collection("kept"),
                Ops.pointing(
                        "children",
                        Ops.reference("of", "parents", ON_DELETE_CASCADE),
                        Ops.reference("keeper", "kept", ON_DELETE_RESTRICT)),
                Ops.create("parents", "many", "{}"),
                Ops.create("kept", "many", "{}"),
                Ops.create("c", "many", "{}"));
        fillRecords(caller, "children", "{\"of\":\"many\",\"keeper\":\"many\"}");
        fillReferences(1, "parents");
        fillReferences(2, "kept");
        fillRelationships();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        server.close();
    }

    private static void fillRecords(Caller caller, String collection, String data)
            throws SQLException {
        insert(
                "record (collection_id, id, data, version, life, key_hashes, constraints_ignored,"
                        + " created_at, created_by, updated_at, updated_by)",
                id(caller, collection)
                        + ", "
                        + NUMBERED
                        + ", '"
                        + data
                        + "', 1, seq, '', FALSE, "
                        + STAMP);
    }

    /** All children point at the record {@code many}. */
    private static void fillReferences(int number, String target) throws SQLException {
        insert(
                "record_reference (collection_id, record_id, number, target_collection_id,"
                        + " target_id)",
                String.join(
                        ", ",
                        id(caller, "children"),
                        NUMBERED,
                        String.valueOf(number),
                        id(caller, target),
                        "'many'"));
    }

    /** Every other one starts at the record {@code many}, the rest end there. */
    private static void fillRelationships() throws SQLException {
        String hub = id(caller, "c");
        String other = id(caller, "children");
        insert(
                "relationship (source_collection_id, source_id, type, target_collection_id,"
                        + " target_id, version, created_at, created_by, updated_at, updated_by)",
                "IF(seq MOD 2, %1$s, %2$s), IF(seq MOD 2, 'many', %3$s), 'near', IF(seq MOD 2, %2$s, %1$s), IF(seq MOD 2, %3$s, 'many'), 1, %4$s"
                        .formatted(hub, other, NUMBERED, STAMP));
    }

    private static void insert(String into, String values) throws SQLException {
        try (Statement statement = database.createStatement()) {
            int rows =
                    statement.executeUpdate(
                            "INSERT INTO %s SELECT %s FROM seq_1_to_%d"
                                    .formatted(into, values, CHILDREN));
            assertThat(rows).isEqualTo(CHILDREN);
        }
    }

    private static String id(Caller caller, String collection) throws SQLException {
        return first(
                "SELECT c.id FROM collection c JOIN workspace w ON w.id = c.workspace_id"
                        + " WHERE w.name = '%s' AND c.live_name = '%s'"
                                .formatted(caller.workspace(), collection));
    }

    @Test
    void refuseToBeDeletedWithAllWhoPointByCascade() throws Exception {
        Refusal refusal = refused(caller.request(Ops.delete("parents", "many")));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(0)
                .at("operations[0].delete_record.id");
        assertThat(refusal.message()).contains("" + LIMIT).contains("--cascade-rows-max");
    }

    @Test
    void refuseToBeDeletedWhileOthersHoldThemBack() throws Exception {
        Refusal refusal = refused(caller.request(Ops.delete("kept", "many")));
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION).because(0);
        assertThat(refusal.error(0).getExistingRecordId()).matches("r[0-9]{7}");
        assertThat(refusal.message()).contains("\"children\"").contains("\"keeper\"");
    }

    @Test
    void refuseToBeDeletedWithTheirRelationships() throws Exception {
        Refusal refusal = refused(caller.request(Ops.delete("c", "many")));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(0)
                .at("operations[0].delete_record.id");
        assertThat(refusal.message())
                .contains("relationships")
                .contains("" + LIMIT)
                .contains("--cascade-rows-max");
    }

    @Test
    void areNamedAllAtOnceAndInADryRunToo() throws Exception {
        for (boolean dry : new boolean[] {false, true}) {
            Refusal refusal =
                    refused(
                            caller.request(
                                            Ops.delete("parents", "many"),
                                            Ops.delete("kept", "many"),
                                            Ops.delete("c", "many"))
                                    .setValidateOnly(dry));
            refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED).because(0, 1, 2);
        }
    }

    @Test
    void doNotHoldBackTheirNeighbours() throws Exception {
        caller.execute(
                Ops.create("parents", "few", "{}"),
                Ops.create("parents", "none", "{}"),
                Ops.create("kept", "none", "{}"),
                Ops.create("children", "a", "{\"of\":\"few\"}"),
                Ops.create("children", "b", "{\"of\":\"few\"}"),
                Ops.create("c", "few", "{}"),
                Ops.create("c", "other", "{}"),
                Ops.link("near", "c", "few", "other"));
        long before = readRows();
        ExecuteBatchResponse reply =
                caller.executeAndContinue(
                        Ops.delete("parents", "many"),
                        Ops.delete("parents", "few"),
                        Ops.delete("parents", "none"),
                        Ops.delete("kept", "many"),
                        Ops.delete("kept", "none"),
                        Ops.delete("c", "many"),
                        Ops.delete("c", "few"));
        assertThat(readRows() - before).isLessThan(READ_ROWS_MAX);
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(
                        OUTCOME_FAILED,
                        OUTCOME_DELETED,
                        OUTCOME_DELETED,
                        OUTCOME_FAILED,
                        OUTCOME_DELETED,
                        OUTCOME_FAILED,
                        OUTCOME_DELETED);
        assertThat(first("SELECT COUNT(*) FROM record WHERE id IN ('a', 'b') AND deleted_at > 0"))
                .isEqualTo("2");
    }

    @Test
    void areTooManyToBeHeldAgainstANewDefinition() throws Exception {
        Operation change = Ops.schema("children", "{\"type\":\"object\"}");
        long before = readRows();
        Refusal.of(() -> caller.execute(change))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(0);
        assertThat(readRows() - before).isLessThan(READ_ROWS_MAX);
    }

    @Test
    void goWithTheirCollectionOrWorkspaceWithoutBeingRead() throws Exception {
        Caller owner = Caller.of(server);
        fillRecords(owner, "c", "{}");
        long before = readRows();
        owner.execute(Ops.dropCollection("c"));
        owner.execute(Ops.collection("c"));
        server.workspaces()
                .deleteWorkspace(
                        DeleteWorkspaceRequest.newBuilder()
                                .setWorkspace(owner.workspace())
                                .setForce(true)
                                .build());
        assertThat(readRows() - before).isLessThan(READ_ROWS_MAX);
    }

    /** Nothing has changed, and not much was read. */
    private static Refusal refused(ExecuteBatchRequest.Builder request) throws Exception {
        List<String> stored = stored();
        long before = readRows();
        Refusal refusal = Refusal.of(() -> server.batches().executeBatch(request.build()));
        assertThat(readRows() - before).as("rows read").isLessThan(READ_ROWS_MAX);
        assertThat(stored()).isEqualTo(stored);
        return refusal;
    }

    /** Rows that the database has read since it was started, for whomever. */
    private static long readRows() throws SQLException {
        return Long.parseLong(
                first(
                        "SELECT SUM(variable_value) FROM information_schema.global_status"
                                + " WHERE variable_name LIKE 'Handler_read%'"));
    }

    private static List<String> stored() throws SQLException {
        return List.of(
                first(
                        "SELECT CONCAT_WS(' ', COUNT(*), SUM(version), COUNT(deleted_at))"
                                + " FROM record"),
                first("SELECT COUNT(*) FROM record_reference"),
                first("SELECT COUNT(*) FROM relationship"));
    }

    private static String first(String query) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            assertThat(found.next()).as(query).isTrue();
            return found.getString(1);
        }
    }
}
