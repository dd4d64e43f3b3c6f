package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Schemas and data made to cost more than they weigh. All of them end soon, with an answer. */
class HostileSchemaTest {
    /** Without limits these take minutes, or all memory. A busy machine takes seconds. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String TOO_MUCH = "steps to validate";

    private static final long STEPS = 1_000_000;

    private final JsonSchemas schemas =
            new JsonSchemas(new JsonLimits(262_144, 1_000, 10_000, 300, STEPS, 20, 0));

    @Test
    void refusesReferencesThatDoubleWithEachStep() {
        assertThat(refused(doubling(21)))
                .hasMessageContaining("applies more than 1000000 schemas to one value");
    }

    @Test
    void evaluatesAsManyStepsAsAllowedAndNotOneMore() throws Exception {
        Json schema = Json.parse("{\"allOf\":[{\"type\":\"null\"},{\"type\":\"null\"}]}");
        Json data = Json.parse("null");
        assertThat(limited(500, 6).compile(schema).validate(data)).isEmpty();
        assertThat(limited(500, 5).compile(schema).validate(data))
                .singleElement()
                .satisfies(one -> assertThat(one.description()).contains("more than 5 steps"));
    }

    @Test
    void evaluatesAsDeepAsAllowedAndNotOneDeeper() throws Exception {
        Json tree = Json.parse("{\"properties\":{\"c\":{\"$ref\":\"#\"}}}");
        Json data = Json.parse("{\"c\":{\"c\":{}}}");
        assertThat(limited(5, 1_000).compile(tree).validate(data)).isEmpty();
        assertThat(limited(4, 1_000).compile(tree).validate(data))
                .singleElement()
                .satisfies(one ->
                        assertThat(one.description()).contains("4 schemas inside each other"));
    }

    @Test
    void refusesAChainOfReferencesThatIsTooLong() {
        assertThat(refused(chain(8_000))).hasMessageContaining("300 inside each other");
        assertThat(refused(chain(300))).hasMessageContaining("300 inside each other");
    }

    @Test
    void followsAChainOfReferences() throws Exception {
        assertThat(schemas.compile(Json.parse(chain(299))).validate(Json.parse("1"))).hasSize(1);
    }

    @Test
    void compilesReferencesFromValueToValueHoweverMany() throws Exception {
        String schema =
                defs(5_000, i -> "{\"items\":{\"$ref\":\"#/$defs/" + (i + 1) % 5_000 + "\"}}");
        assertThat(schemas.compile(Json.parse(schema)).validate(Json.parse("[[[]]]"))).isEmpty();
    }

    @Test
    void endsOnATreeThatBranchesInPlace() throws Exception {
        String schema =
                "{\"allOf\":" + list(8, i -> "{\"properties\":{\"c\":{\"$ref\":\"#\"}}}") + "}";
        assertTooMuch(schema, "{\"c\":".repeat(29) + "{}" + "}".repeat(29));
    }

    @Test
    void endsOnManyNamesLookedUpInManyObjects() throws Exception {
        String objects = list(100_000, i -> "{}");
        assertTooMuch(
                "{\"items\":{\"required\":" + list(20_000, i -> "\"a" + i + "\"") + "}}", objects);
        assertTooMuch(
                "{\"items\":{\"properties\":{" + joined(20_000, i -> "\"a" + i + "\":{}") + "}}}",
                objects);
    }

    @Test
    void endsOnOneLargeValueLookedAtManyTimes() throws Exception {
        assertTooMuch(
                "{\"allOf\":" + list(2_000, i -> "{\"enum\":[" + i + "]}") + "}",
                "[" + list(100_000, i -> "1") + "]");
        assertTooMuch(
                "{\"allOf\":" + list(2_000, i -> "{\"additionalProperties\":true}") + "}",
                "{" + joined(80_000, i -> "\"a" + i + "\":1") + "}");
    }

    @Test
    void endsOnExpensiveRegularExpressions() throws Exception {
        assertTooMuch("{\"pattern\":\"(x+x+){99}y\"}", "\"" + "x".repeat(100_000) + "\"");
        assertTooMuch(
                "{\"patternProperties\":{" + joined(900, i -> "\"^a" + i + "$\":{}") + "}}",
                "{" + joined(50_000, i -> "\"a" + i + "\":1") + "}");
    }

    @Test
    void isNotSlowedByTextsThatShareAHash() throws Exception {
        String texts = list(1 << 14, i -> "\"" + sharingAHash(i, 14) + "\"");
        Assertions.assertTimeoutPreemptively(
                SOON,
                () -> {
                    assertThat(validate("{\"uniqueItems\":true}", texts)).isEmpty();
                    String known = list(1 << 12, i -> "\"" + sharingAHash(i, 12) + "\"");
                    assertThat(validate("{\"items\":{\"enum\":" + known + "}}", texts)).hasSize(20);
                });
    }

    @Test
    void keepsFewOfVeryManyErrors() throws Exception {
        String schema =
                "{\"oneOf\":[{\"items\":{\"type\":\"string\"}},{\"items\":{\"type\":\"null\"}}]}";
        assertThat(validate(schema, list(50_000, i -> "1"))).hasSize(20);
    }

    @Test
    void endsOnManyAnnotations() {
        String schema =
                "{\"unevaluatedProperties\":false,\"anyOf\":"
                        + list(
                                3_500,
                                i ->
                                        "{\"properties\":{\"a\":{\"type\":\"null\"}},\"title\":\""
                                                + i
                                                + "\"}")
                        + "}";
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(validate(schema, "{\"a\":1}")).isNotEmpty());
    }

    @Test
    void comparesNumbersOfAnySizeWithoutWritingThemOut() throws Exception {
        String numbers = list(1_000, i -> "9".repeat(900) + "e-1000");
        assertThat(
                        validate(
                                "{\"items\":{\"minimum\":-1e1000,\"maximum\":1e1000,"
                                        + "\"multipleOf\":1e-1000,\"not\":{\"enum\":[1e1000,1e-1000]}}}",
                                numbers))
                .isEmpty();
    }

    private void assertTooMuch(String schema, String data) {
        Assertions.assertTimeoutPreemptively(
                SOON,
                () ->
                        assertThat(validate(schema, data))
                                .singleElement()
                                .satisfies(one -> {
                                    assertThat(one.path()).isEmpty();
                                    assertThat(one.description()).contains(TOO_MUCH);
                                }));
    }

    private List<Violation> validate(String schema, String data) throws Exception {
        return schemas.compile(Json.parse(schema)).validate(Json.parse(data));
    }

    private InvalidSchemaException refused(String schema) {
        return catchThrowableOfType(
                InvalidSchemaException.class, () -> schemas.compile(Json.parse(schema)));
    }

    private static JsonSchemas limited(int depth, long steps) throws Exception {
        return new JsonSchemas(new JsonLimits(1_000, 100, 100, depth, steps, 20, 0));
    }

    private static String doubling(int steps) {
        return defs(
                steps,
                i ->
                        i == steps - 1
                                ? "{}"
                                : "{\"allOf\":" + list(2, copy -> reference(i + 1)) + "}");
    }

    private static String chain(int length) {
        return defs(length, i -> i == length - 1 ? "{\"type\":\"null\"}" : reference(i + 1));
    }

    private static String reference(int target) {
        return "{\"$ref\":\"#/$defs/" + target + "\"}";
    }

    private static String defs(int count, IntFunction<String> schema) {
        return "{\"$ref\":\"#/$defs/0\",\"$defs\":{"
                + joined(count, i -> "\"" + i + "\":" + schema.apply(i))
                + "}}";
    }

    /** Texts of one length whose {@link String#hashCode} is the same. */
    private static String sharingAHash(int number, int bits) {
        return IntStream.range(0, bits)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    private static String list(int count, IntFunction<String> element) {
        return "[" + joined(count, element) + "]";
    }

    private static String joined(int count, IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(","));
    }
}
