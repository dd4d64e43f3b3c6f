package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tranche.server.execute.ExecuteRequest;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.UpsertRelationship;
import dev.tranche.server.operation.Reference;
import dev.tranche.server.schema.Violation;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.Operation;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.UpdateRecord;
import dev.tranche.v1.UpsertCollection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExecuteDecoderTest {

    @Test
    void takesIdsAsTheyAre() {
        for (String id : List.of("🚀", "a ", "A", "x".repeat(128), "$${ops[0].id}")) {
            assertThat(create(decode(request(creating(id, "{}")))).id())
                    .isEqualTo(new IdExpression.Literal(id));
        }
    }

    @Test
    void readsReferencesInIds() {
        assertThat(create(decode(request(creating("${ops[3].id}", "{}")))).id())
                .isEqualTo(
                        new IdExpression.FromResult(
                                new Reference(
                                        "${ops[3].id}",
                                        new Reference.Target.AtIndex(3),
                                        new Reference.What.Id())));
    }

    @Test
    void makesAnIdWhereNoneIsGiven() {
        assertThat(create(decode(request(creating("", "{}")))).id())
                .isEqualTo(new IdExpression.Generated());
    }

    @Test
    void keepsJsonTextAsItWasWritten() {
        String text = " { \"a\" : 1.50 } ";

        assertThat(create(decode(request(creating("a", text)))).data().json().text())
                .isEqualTo(text);
    }

    @Test
    void writesWholeNumbersOfAStructAsWholeNumbers() {
        Struct data =
                Struct.newBuilder()
                        .putFields("whole", number(90))
                        .putFields("largest", number(9_007_199_254_740_991.0))
                        .putFields("part", number(0.1))
                        .putFields("text", Value.newBuilder().setStringValue("<\"é").build())
                        .build();

        assertThat(create(decode(request(creating(data)))).data().json().text())
                .isEqualTo(
                        "{\"whole\":90,\"largest\":9007199254740991,\"part\":0.1,"
                                + "\"text\":\"<\\\"é\"}");
    }

    @Test
    void leavesDataOfARelationshipOut() {
        RecordRef end = RecordRef.newBuilder().setCollection("c").setId("i").build();
        Operation operation =
                Operation.newBuilder()
                        .setUpsertRelationship(
                                dev.tranche.v1.UpsertRelationship.newBuilder()
                                        .setType("likes")
                                        .setSource(end)
                                        .setTarget(end))
                        .build();

        UpsertRelationship upsert =
                (UpsertRelationship) decode(request(operation)).steps().getFirst().operation();

        assertThat(upsert.data()).isNull();
    }

    @Test
    void refusesAnEmptyBatch() {
        assertThat(violations(request())).extracting(Violation::path).containsExactly("operations");
    }

    @Test
    void namesEverythingThatIsWrong() {
        Operation noType = Operation.getDefaultInstance();
        Operation noId =
                Operation.newBuilder()
                        .setDeleteRecord(DeleteRecord.newBuilder().setCollection("c"))
                        .build();
        Operation noData =
                Operation.newBuilder()
                        .setUpdateRecord(
                                UpdateRecord.newBuilder().setCollection("").setId("a\u0000"))
                        .build();

        assertThat(violations(request(noType, noId, noData).setWorkspace("no workspace")))
                .extracting(Violation::path)
                .containsExactlyInAnyOrder(
                        "workspace",
                        "operations[0]",
                        "operations[1].delete_record.id",
                        "operations[2].update_record.collection",
                        "operations[2].update_record.id",
                        "operations[2].update_record.data");
    }

    @Test
    void namesTwentyViolationsAtMost() {
        ExecuteBatchRequest.Builder request = request();
        for (int i = 0; i < 30; i++) {
            request.addOperations(Operation.getDefaultInstance());
        }

        assertThat(violations(request)).hasSize(20);
    }

    @Test
    void refusesAnAliasGivenTwice() {
        Operation one = creating("a", "{}").toBuilder().setAlias("post").build();
        Operation other = creating("b", "{}").toBuilder().setAlias("post").build();

        assertThat(violations(request(one, other)))
                .extracting(Violation::path)
                .containsExactly("operations[1].alias");
    }

    @Test
    void refusesUnknownEnumValues() {
        assertThat(
                        violations(
                                request(creating("a", "{}"))
                                        .setOnErrorValue(7)
                                        .setDataFormatValue(9)))
                .extracting(Violation::path, Violation::description)
                .containsExactly(
                        tuple("on_error", "unknown value 7 given"),
                        tuple("data_format", "unknown value 9 given"));
    }

    @Test
    void refusesAnIdOf129Bytes() {
        assertThat(violations(request(creating("x".repeat(129), "{}"))))
                .extracting(Violation::path)
                .containsExactly("operations[0].create_record.id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":1e999999999}",
                "{} {}"
            })
    void refusesTextThatIsNoObject(String text) {
        assertThat(violations(request(creating("a", text))))
                .extracting(Violation::path)
                .containsExactly("operations[0].create_record.data_json");
    }

    @Test
    void refusesTextNestedTooDeeply() {
        for (int levels : List.of(31, 10_000)) {
            String text = "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);

            assertThat(violations(request(creating("a", text))))
                    .extracting(Violation::path)
                    .containsExactly("operations[0].create_record.data_json");
        }
    }

    @Test
    void takesAStructNestedThirtyDeep() {
        assertThat(create(decode(request(creating(nested(30))))).data().json().isObject()).isTrue();
    }

    @Test
    void namesThePlaceWhereAStructIsNestedTooDeeply() {
        for (int levels : List.of(31, 40)) {
            assertThat(violations(request(creating(nested(levels)))))
                    .extracting(Violation::path)
                    .containsExactly("operations[0].create_record.data" + "/a".repeat(30));
        }
    }

    @Test
    void countsListsAsLevels() {
        Value value = Value.newBuilder().setListValue(ListValue.getDefaultInstance()).build();
        for (int i = 0; i < 29; i++) {
            value =
                    Value.newBuilder()
                            .setListValue(ListValue.newBuilder().addValues(value))
                            .build();
        }
        Struct data = Struct.newBuilder().putFields("a", value).build();

        assertThat(violations(request(creating(data)))).hasSize(1);
    }

    @Test
    void namesThePlaceOfANumberThatHasLostDigits() {
        Struct data =
                Struct.newBuilder()
                        .putFields(
                                "a/b~c",
                                Value.newBuilder()
                                        .setListValue(
                                                ListValue.newBuilder()
                                                        .addValues(number(1))
                                                        .addValues(number(9_007_199_254_740_992.0)))
                                        .build())
                        .putFields("nan", number(Double.NaN))
                        .putFields("none", Value.getDefaultInstance())
                        .build();

        assertThat(violations(request(creating(data))))
                .extracting(Violation::path)
                .containsExactly(
                        "operations[0].create_record.data/a~1b~0c/1",
                        "operations[0].create_record.data/nan",
                        "operations[0].create_record.data/none");
    }

    @Test
    void namesThePlaceOfABadSchema() {
        Operation operation =
                Operation.newBuilder()
                        .setUpsertCollection(
                                UpsertCollection.newBuilder()
                                        .setCollection("c")
                                        .setSchemaJson("{\"type\":"))
                        .build();

        assertThat(violations(request(operation)))
                .extracting(Violation::path)
                .containsExactly("operations[0].upsert_collection.schema_json");
    }

    private static CreateRecord create(ExecuteRequest request) {
        return (CreateRecord) request.steps().getFirst().operation();
    }

    private static ExecuteRequest decode(ExecuteBatchRequest.Builder request) {
        return ExecuteDecoder.decode(request.build());
    }

    private static List<Violation> violations(ExecuteBatchRequest.Builder request) {
        CallFailure failure =
                Objects.requireNonNull(
                        catchThrowableOfType(CallFailure.class, () -> decode(request)));
        return ((Failure.InvalidRequest) failure.failure()).violations();
    }

    private static ExecuteBatchRequest.Builder request(Operation... operations) {
        return ExecuteBatchRequest.newBuilder()
                .setWorkspace("default")
                .addAllOperations(List.of(operations));
    }

    private static Operation creating(String id, String json) {
        return Operation.newBuilder()
                .setCreateRecord(
                        dev.tranche.v1.CreateRecord.newBuilder()
                                .setCollection("c")
                                .setId(id)
                                .setDataJson(json))
                .build();
    }

    private static Operation creating(Struct data) {
        return Operation.newBuilder()
                .setCreateRecord(
                        dev.tranche.v1.CreateRecord.newBuilder().setCollection("c").setData(data))
                .build();
    }

    private static Struct nested(int levels) {
        Struct struct = Struct.getDefaultInstance();
        for (int i = 1; i < levels; i++) {
            struct =
                    Struct.newBuilder()
                            .putFields("a", Value.newBuilder().setStructValue(struct).build())
                            .build();
        }
        return struct;
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }
}
