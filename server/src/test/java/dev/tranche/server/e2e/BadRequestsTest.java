package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RELATIONSHIP_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.Operation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ExecuteBatch refuses. */
class BadRequestsTest {
    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
    }

    @Test
    void refusesAnEmptyBatch() throws Exception {
        caller.refused().has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST).at("operations");
    }

    @Test
    void refusesAHundredAndOneOperations() throws Exception {
        Operation[] operations = new Operation[101];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = Ops.create("c", "r" + i, "{}");
        }
        Refusal refusal = caller.refused(operations);
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
        assertThat(refusal.metadata())
                .containsEntry("path", "operations")
                .containsEntry("actual", "101")
                .containsEntry("limit", "100")
                .containsEntry("setting", "--operations-max");
        assertThat(refusal.message()).contains("101").contains("100");
    }

    @Test
    void refusesAnUnknownWorkspace() throws Exception {
        ExecuteBatchRequest request =
                caller.request(Ops.create("c", "a", "{}")).setWorkspace("nowhere").build();
        caller.refused(() -> caller.batches().executeBatch(request))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-a", "ä"})
    void refusesAWorkspaceNameThatIsNone(String workspace) throws Exception {
        ExecuteBatchRequest request =
                caller.request(Ops.create("c", "a", "{}")).setWorkspace(workspace).build();
        caller.refused(() -> caller.batches().executeBatch(request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("workspace");
    }

    @Test
    void refusesAnUnknownCollection() throws Exception {
        for (Operation operation :
                new Operation[] {
                    Ops.create("nowhere", "a", "{}"),
                    Ops.upsert("nowhere", "a", "{}"),
                    Ops.update("nowhere", "a", "{}"),
                    Ops.delete("nowhere", "a"),
                    Ops.get("nowhere", "a"),
                    Ops.link("t", "nowhere", "a", "b"),
                    Ops.unlink("t", "nowhere", "a", "b"),
                    Ops.dropCollection("nowhere"),
                    Ops.create("C", "a", "{}")
                }) {
            caller.refused(Ops.create("c", "x", "{}"), operation)
                    .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND)
                    .because(1);
        }
    }

    @Test
    void refusesAnUnknownRecord() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"));
        for (Operation operation :
                new Operation[] {
                    Ops.update("c", "A", "{}"), Ops.delete("c", "a "), Ops.get("c", "b")
                }) {
            caller.refused(Ops.create("c", "x", "{}"), operation)
                    .has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND)
                    .because(1);
        }
        caller.refused(Ops.create("c", "x", "{}"), Ops.link("t", "c", "x", "nobody"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                .because(1)
                .at("operations[1].upsert_relationship.target.id");
        caller.refused(Ops.create("c", "x", "{}"), Ops.unlink("t", "c", "x", "a"))
                .has(Code.NOT_FOUND, ERROR_REASON_RELATIONSHIP_NOT_FOUND)
                .because(1);
    }

    @Test
    void refusesTheSameIdTwice() throws Exception {
        Refusal twice = caller.refused(Ops.create("c", "a", "{}"), Ops.create("c", "a", "{}"));
        twice.has(Code.ALREADY_EXISTS, ERROR_REASON_RECORD_ALREADY_EXISTS).because(1);
        assertThat(twice.error(1).getExistingRecordId()).isEqualTo("a");
        assertThat(twice.error(1).hasEarlierIndex()).isTrue();
        assertThat(twice.error(1).getEarlierIndex()).isZero();
        caller.execute(Ops.create("c", "a", "{}"));
        Refusal stored = caller.refused(Ops.create("c", "a", "{}"));
        stored.has(Code.ALREADY_EXISTS, ERROR_REASON_RECORD_ALREADY_EXISTS).because(0);
        assertThat(stored.error(0).hasEarlierIndex()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "null", "true"})
    void refusesDataThatIsNoObject(String data) throws Exception {
        caller.refused(Ops.create("c", "x", "{}"), Ops.create("c", "a", data))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[1].create_record.data_json");
        caller.refused(Ops.upsert("c", "a", data))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].upsert_record.data_json");
        caller.refused(Ops.update("c", "a", data))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].update_record.data_json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nothing",
                "{}{}",
                "{\"a\":1,\"a\":1}",
                "{\"x\":{\"a\":1,\"\\u0061\":2}}",
                "{\"a\":NaN}",
                "{\"a\":-Infinity}",
                "{\"a\":\"\\ud800\"}",
                "{\"\\udc00\":1}",
                "{\"a\":1e999999999}",
                "{\"a\":1e-999999999}",
                "{\"a\":01}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":\"\u0001\"}"
            })
    void refusesTextThatIsNoJson(String data) throws Exception {
        caller.refused(Ops.create("c", "x", "{}"), Ops.create("c", "a", data))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[1].create_record.data_json");
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 10_000})
    void refusesTextThatIsNestedTooDeep(int depth) throws Exception {
        caller.refused(
                        Ops.create("c", "x", "{}"),
                        Ops.create("c", "a", "{\"a\":".repeat(depth) + "1" + "}".repeat(depth)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[1].create_record.data_json");
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 40, 10_000})
    void refusesAStructThatIsNestedTooDeep(int depth) throws Exception {
        byte[] request =
                Bytes.withStruct(caller.request(Ops.create("c", "x", "{}")).build(), "c", depth);
        caller.refused(() -> Bytes.executeBatch(server, request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    @Test
    void pointsAtAStructThatIsNestedOneTooDeep() throws Exception {
        byte[] request =
                Bytes.withStruct(caller.request(Ops.create("c", "x", "{}")).build(), "c", 31);
        Refusal refusal = caller.refused(() -> Bytes.executeBatch(server, request));
        assertThat(refusal.paths())
                .hasSize(1)
                .allMatch(path -> path.startsWith("operations[1].create_record.data"));
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                9_007_199_254_740_992d,
                -9_007_199_254_740_992d,
                1e300,
                Double.NaN,
                Double.POSITIVE_INFINITY
            })
    void refusesANumberThatAStructCannotHold(double number) throws Exception {
        Struct data =
                Struct.newBuilder()
                        .putFields("n", Value.newBuilder().setNumberValue(number).build())
                        .build();
        caller.refused(Ops.create("c", "x", "{}"), Ops.create("c", "a", data))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[1].create_record.data/n");
    }

    @Test
    void takesTheLargestNumberThatAStructCanHold() throws Exception {
        Struct data =
                Struct.newBuilder()
                        .putFields(
                                "n",
                                Value.newBuilder().setNumberValue(9_007_199_254_740_991d).build())
                        .build();
        caller.execute(Ops.create("c", "a", data));
        assertThat(caller.data("c", "a")).isEqualTo("{\"n\":9007199254740991}");
    }

    @Test
    void refusesAStructWithAValueThatIsNone() throws Exception {
        Struct data = Struct.newBuilder().putFields("n", Value.getDefaultInstance()).build();
        caller.refused(Ops.create("c", "a", data))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].create_record.data/n");
    }

    @Test
    void refusesBytesThatAreNoProtobuf() throws Exception {
        for (byte[] request :
                new byte[][] {
                    "no protobuf at all".getBytes(UTF_8),
                    {0x12, 0x7f, 0x01},
                    {(byte) 0xff, (byte) 0xff},
                    {0x0a, 0x02, (byte) 0xc3, 0x28}
                }) {
            caller.refused(() -> Bytes.executeBatch(server, request))
                    .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
        }
    }

    @Test
    void refusesAnIdThatIsNoUtf8() throws Exception {
        ByteString operation =
                Operation.newBuilder()
                        .setCreateRecord(CreateRecord.newBuilder().setCollection("c").setId("##"))
                        .build()
                        .toByteString();
        byte[] request =
                caller.request()
                        .addOperations(Operation.parseFrom(operation))
                        .build()
                        .toByteArray();
        for (int i = 0; i < request.length - 1; i++) {
            if (request[i] == '#' && request[i + 1] == '#') {
                request[i] = (byte) 0xc3;
                request[i + 1] = 0x28;
            }
        }
        caller.refused(() -> Bytes.executeBatch(server, request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\u0007", "a\n", "\u0085", "129 bytes"})
    void refusesAnIdThatIsNone(String id) throws Exception {
        String given = id.equals("129 bytes") ? "🙂".repeat(32) + "x" : id;
        caller.refused(Ops.create("c", "x", "{}"), Ops.create("c", given, "{}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[1].create_record.id");
        caller.refused(Ops.get("c", given))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].get_record.id");
        caller.refused(Ops.link("t", "c", given, "b"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].upsert_relationship.source.id");
    }

    @Test
    void demandsAnIdWhereARecordMustBeNamed() throws Exception {
        caller.refused(
                        Ops.update("c", "", "{}"),
                        Ops.delete("c", ""),
                        Ops.get("c", ""),
                        Ops.link("t", "c", "", "b"),
                        Ops.unlink("t", "c", "a", ""))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at(
                        "operations[0].update_record.id",
                        "operations[1].delete_record.id",
                        "operations[2].get_record.id",
                        "operations[3].upsert_relationship.source.id",
                        "operations[4].delete_relationship.target.id");
    }

    @Test
    void refusesAnOperationThatSaysNothing() throws Exception {
        caller.refused(Ops.create("c", "x", "{}"), Operation.getDefaultInstance())
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[1]");
    }

    @Test
    void demandsData() throws Exception {
        Operation without =
                Operation.newBuilder()
                        .setCreateRecord(CreateRecord.newBuilder().setCollection("c"))
                        .build();
        Refusal refusal = caller.refused(Ops.create("c", "x", "{}"), without);
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
        assertThat(refusal.paths())
                .hasSize(1)
                .allMatch(path -> path.startsWith("operations[1].create_record"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "-a"})
    void refusesATypeOfRelationshipThatIsNone(String type) throws Exception {
        caller.refused(Ops.link(type, "c", "a", "b"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].upsert_relationship.type");
    }

    @Test
    void refusesEnumsThatItDoesNotKnow() throws Exception {
        ExecuteBatchRequest onError =
                caller.request(Ops.create("c", "a", "{}")).setOnErrorValue(77).build();
        caller.refused(() -> caller.batches().executeBatch(onError))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("on_error");
        ExecuteBatchRequest format =
                caller.request(Ops.create("c", "a", "{}")).setDataFormatValue(77).build();
        caller.refused(() -> caller.batches().executeBatch(format))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("data_format");
    }

    @Test
    void namesAllThatIsMalformedAndKeepsNoAccount() throws Exception {
        long before = accounts();
        ExecuteBatchRequest request =
                caller.request(
                                Ops.create("", "a\0", "{"),
                                Ops.named("A", Ops.get("c", "")),
                                Ops.create("c", "fine", "{}"))
                        .setRequestId("ü")
                        .build();
        caller.refused(() -> caller.batches().executeBatch(request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at(
                        "request_id",
                        "operations[0].create_record.collection",
                        "operations[0].create_record.id",
                        "operations[0].create_record.data_json",
                        "operations[1].alias",
                        "operations[1].get_record.id");
        assertThat(accounts()).isEqualTo(before);
    }

    private static long accounts() throws SQLException {
        try (Connection connection = server.connection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM batch")) {
            count.next();
            return count.getLong(1);
        }
    }
}
