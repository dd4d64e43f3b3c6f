package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_SCHEMA;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Operation;
import dev.tranche.v1.UniqueConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions of collections that cannot be used, and data that a definition does not allow. */
class BadDefinitionsTest {
    private static final int SCHEMA_BYTES_MAX = 256 * 1024;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"objekt\"}",
                "{\"properties\":{\"a\":{\"type\":12}}}",
                "{\"$ref\":\"https://example.com/other.json\"}",
                "{\"$ref\":\"file:///etc/passwd\"}",
                "{\"$ref\":\"classpath:/other.json\"}",
                "{\"$ref\":\"#\"}",
                "{\"$ref\":\"#/$defs/missing\"}",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}",
                "{\"properties\":{\"a\":{\"pattern\":\"(?=a)b\"}}}",
                "{\"properties\":{\"a\":{\"pattern\":\"(a)\\\\1\"}}}",
                "{\"properties\":{\"a\":{\"pattern\":\"((a{1,50}){1,50}){1,50}\"}}}",
                "{\"patternProperties\":{\"((a{1,50}){1,50}){1,50}\":{}}}",
                "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}"
            })
    void refusesASchemaThatCannotBeUsed(String schema) throws Exception {
        Refusal refusal = caller.refused(Ops.create("c", "a", "{}"), Ops.schema("d", schema));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA).because(1);
        assertThat(refusal.paths())
                .isNotEmpty()
                .allMatch(path -> path.startsWith("operations[1].upsert_collection.schema"));
    }

    @Test
    void pointsAtTheFaultOfASchema() throws Exception {
        caller.refused(Ops.schema("d", "{\"properties\":{\"a\":{\"type\":\"objekt\"}}}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA)
                .at("operations[0].upsert_collection.schema/properties/a/type");
    }

    @Test
    void takesASchemaOfExactlyTheLimitAndNotOneByteMore() throws Exception {
        caller.execute(Ops.schema("d", schemaOf(SCHEMA_BYTES_MAX)));
        Refusal refusal = caller.refused(Ops.schema("e", schemaOf(SCHEMA_BYTES_MAX + 1)));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA)
                .because(0)
                .at("operations[0].upsert_collection.schema");
        assertThat(refusal.message()).contains("262144").contains("262145");
    }

    /** A schema of so many bytes. */
    private static String schemaOf(int bytes) {
        String empty = "{\"description\":\"\"}";
        return "{\"description\":\"" + "x".repeat(bytes - empty.length()) + "\"}";
    }

    @Test
    void saysWhatTreeIsTooDeepForItsSchema() throws Exception {
        StringBuilder steps = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String next = i == 19 ? "tree" : "s" + (i + 1);
            steps.append(",\"s%d\":{\"$ref\":\"#/$defs/%s\"}".formatted(i, next));
        }
        caller.execute(
                Ops.schema(
                        "trees",
                        "{\"$ref\":\"#/$defs/tree\",\"$defs\":{\"tree\":{\"properties\":{\"c\":"
                                + "{\"$ref\":\"#/$defs/s0\"}}}"
                                + steps
                                + "}}"),
                Ops.create("trees", "a", "{\"c\":".repeat(9) + "{}" + "}".repeat(9)));
        Refusal refusal =
                caller.refused(
                        Ops.create("trees", "b", "{\"c\":".repeat(29) + "{}" + "}".repeat(29)));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(0)
                .at("operations[0].create_record.data");
        assertThat(refusal.error(0).getFieldViolations(0).getDescription())
                .contains("schemas inside each other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "null", "{", "", "{\"a\":1,\"a\":2}"})
    void refusesTextThatIsNoSchema(String schema) throws Exception {
        Refusal refusal = caller.refused(Ops.schema("d", schema));
        assertThat(refusal.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refusal.reason()).isIn("INVALID_REQUEST", "INVALID_SCHEMA");
        assertThat(refusal.paths())
                .isNotEmpty()
                .allMatch(path -> path.startsWith("operations[0].upsert_collection.schema"));
    }

    static Stream<Arguments> badConstraints() {
        return Stream.of(
                Arguments.of("[0].name", new UniqueConstraint[] {Ops.unique("", "a")}),
                Arguments.of("[0].name", new UniqueConstraint[] {Ops.unique("a b", "a")}),
                Arguments.of(
                        "[1].name",
                        new UniqueConstraint[] {Ops.unique("x", "a"), Ops.unique("x", "b")}),
                Arguments.of("[0].fields", new UniqueConstraint[] {Ops.unique("x")}),
                Arguments.of(
                        "[0].fields",
                        new UniqueConstraint[] {
                            Ops.unique("x", "1", "2", "3", "4", "5", "6", "7", "8", "9")
                        }),
                Arguments.of("[0].fields[1]", new UniqueConstraint[] {Ops.unique("x", "a", "a")}),
                Arguments.of("[0].fields[0]", new UniqueConstraint[] {Ops.unique("x", "a..b")}),
                Arguments.of("[0].fields[0]", new UniqueConstraint[] {Ops.unique("x", "")}),
                Arguments.of(
                        "",
                        IntStream.range(0, 17)
                                .mapToObj(i -> Ops.unique("x" + i, "a" + i))
                                .toArray(UniqueConstraint[]::new)));
    }

    @ParameterizedTest
    @MethodSource("badConstraints")
    void refusesConstraintsThatCannotBeUsed(String path, UniqueConstraint[] constraints)
            throws Exception {
        Refusal refusal = caller.refused(Ops.collection("d", constraints));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA)
                .because(0)
                .at("operations[0].upsert_collection.unique_constraints" + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"n\":{}}", "{\"n\":[1]}"})
    void refusesAnObjectInAFieldOfAConstraint(String data) throws Exception {
        Refusal refusal =
                caller.refused(
                        Ops.collection("u", Ops.unique("by_n", "n")), Ops.create("u", "a", data));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(1)
                .at("operations[1].create_record.data/n");
        assertThat(refusal.error(1).getConstraint()).isEqualTo("by_n");
    }

    @Test
    void namesEveryPlaceThatBreaksTheSchema() throws Exception {
        caller.execute(
                Ops.schema(
                        "d",
                        "{\"properties\":{\"a/b\":{\"type\":\"string\"},\"l\":{\"items\":{\"maximum\":3}}}}"));
        caller.refused(Ops.create("c", "a", "{}"), Ops.upsert("d", "a", "{\"a/b\":1,\"l\":[1,5]}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(1)
                .at(
                        "operations[1].upsert_record.data/a~1b",
                        "operations[1].upsert_record.data/l/1");
    }

    @Test
    void namesTenOfTheRecordsThatDoNotSatisfyANewDefinition() throws Exception {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            caller.execute(Ops.create("c", "there" + i, "{\"t\":1}"));
            operations.add(Ops.create("c", "new" + i, "{\"t\":1}"));
        }
        caller.execute(Ops.create("c", "good", "{\"n\":1}"));
        operations.add(Ops.schema("c", "{\"required\":[\"n\"]}"));
        Refusal schema = caller.refused(operations.toArray(Operation[]::new));
        schema.has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(6)
                .at("operations[6].upsert_collection.schema");
        assertThat(schema.error(6).getFieldViolationsList()).hasSize(10);
        assertThat(schema.message()).contains("12 live records");
        operations.set(6, Ops.collection("c", Ops.unique("by_t", "t")));
        Refusal unique = caller.refused(operations.toArray(Operation[]::new));
        unique.has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION).because(6);
        assertThat(unique.error(6).getConstraint()).isEqualTo("by_t");
        assertThat(unique.error(6).getFieldViolationsList()).hasSize(10);
    }

    @Test
    void refusesAPatchThatBreaksTheSchema() throws Exception {
        caller.execute(
                Ops.schema("d", "{\"required\":[\"t\"]}"), Ops.create("d", "a", "{\"t\":1}"));
        caller.refused(Ops.update("d", "a", "{\"t\":null}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(0)
                .at("operations[0].update_record.data");
        assertThat(caller.data("d", "a")).isEqualTo("{\"t\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tab\t",
                "nul\0",
                "line\u2028",
                "new\nline",
                "\u007f",
                "\u0085",
                "bom\ufeff",
                "\u202eright to left",
                "zero\u200bwidth",
                "private\ue000"
            })
    void refusesANameThatIsNone(String name) throws Exception {
        caller.refused(Ops.collection(name))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].upsert_collection.collection");
    }

    @Test
    void aNameHasAtMost128Bytes() throws Exception {
        for (String name : List.of("x".repeat(129), "🙂".repeat(32) + "x", "é".repeat(64) + "x")) {
            Refusal refusal = caller.refused(Ops.collection(name), Ops.create(name, "a", "{}"));
            refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                    .at(
                            "operations[0].upsert_collection.collection",
                            "operations[1].create_record.collection");
            assertThat(refusal.message()).contains("129").contains("128");
        }
    }
}
