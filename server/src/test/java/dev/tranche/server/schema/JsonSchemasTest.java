package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which schemas are taken, and what is said of the others. */
class JsonSchemasTest {
    private final JsonSchemas schemas = new JsonSchemas(JsonLimits.DEFAULTS);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "true",
                "false",
                "{\"type\":\"object\"}",
                "{\"format\":\"no such format\"}",
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}",
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema#\"}",
                "{\"title\":\"x\",\"x-mine\":{\"$ref\":\"http://example.com\",\"type\":\"objekt\"}}",
                "{\"const\":{\"$ref\":\"http://example.com\",\"$schema\":\"x\",\"pattern\":\"(\"}}",
                "{\"properties\":{\"$ref\":{\"type\":\"string\"},\"$id\":{}}}",
                "{\"$ref\":\"#/definitions/a\",\"definitions\":{\"a\":{}}}"
            })
    void takesSchemas(String schema) throws Exception {
        assertThat(compile(schema)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"objekt\"} | /type | \"objekt\" given, one of [",
                "{\"properties\":{\"a/b\":{\"type\":3}}} | /properties/a~1b/type | 3 given",
                "{\"required\":\"a\"} | /required | string given, array allowed",
                "{\"minimum\":\"x\"} | /minimum | string given, number allowed",
                "{\"maxLength\":-1} | /maxLength | -1 given, at least 0 allowed",
                "{\"items\":[{}]} | /items | array given, object or boolean allowed",
                "{\"allOf\":[]} | /allOf | 0 elements given, at least 1 allowed",
                "{\"$id\":\"#x\"} | /$id | \"#x\" given",
                "{\"$ref\":3} | /$ref | number given, string allowed",
                "[] | `` | array given, object or boolean allowed",
                "3 | `` | number given, object or boolean allowed"
            })
    void refusesWhatTheMetaSchemaRefuses(String schema, String path, String description) {
        assertThat(refused(schema))
                .anySatisfy(violation -> {
                    assertThat(violation.path()).isEqualTo(path);
                    assertThat(violation.description()).startsWith(description);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://json-schema.org/draft-07/schema#",
                "http://json-schema.org/schema#",
                "https://json-schema.org/draft/2019-09/schema",
                "https://example.com/mine",
                ""
            })
    void refusesOtherDrafts(String draft) {
        assertThat(refused("{\"$schema\":\"" + draft + "\",\"items\":[{}]}"))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.path()).isEqualTo("/$schema");
                    assertThat(violation.description()).contains("2020-12");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/x",
                "https://json-schema.org/draft/2020-12/schema",
                "//example.com/x",
                "file:///etc/passwd",
                "classpath:/draft-07",
                "other.json",
                "other.json#/a",
                "jar:file:/x.jar!/y",
                "https://a.b/c.json2"
            })
    void refusesReferencesOutOfTheSchema(String reference) {
        assertRefusedAt(
                "{\"$id\":\"https://a.b/c.json\",\"properties\":{\"a\":{\"$ref\":\""
                        + reference
                        + "\"}}}",
                "/properties/a/$ref",
                "references into the schema itself");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#/$defs/b",
                "#/$defs",
                "#b",
                "#/properties/a/const",
                "#/x-mine/a",
                "#/allOf/1",
                "#/$defs/a/",
                "#/%zz",
                "#x"
            })
    void refusesReferencesThatLeadToNoSchema(String reference) {
        assertRefusedAt(
                "{\"$defs\":{\"a\":{}},\"allOf\":[{\"$ref\":\""
                        + reference
                        + "\"}],\"x-mine\":{\"a\":{}},\"properties\":{\"a\":{\"const\":{}}}}",
                "/allOf/0/$ref",
                "leads to no schema");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"$ref\":\"#\"} | /$ref",
                "{\"$ref\":\"\"} | /$ref",
                "{\"allOf\":[{},{\"$ref\":\"#\"}]} | /allOf/1/$ref",
                "{\"not\":{\"$ref\":\"#\"}} | /not/$ref",
                "{\"dependentSchemas\":{\"x\":{\"$ref\":\"#\"}}} | /dependentSchemas/x/$ref",
                "{\"$dynamicAnchor\":\"a\",\"anyOf\":[{\"$dynamicRef\":\"#a\"}]} |"
                        + " /anyOf/0/$dynamicRef",
                "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/b\"}},\"$defs\":{\"b\":{\"if\":"
                        + "{\"$ref\":\"#/$defs/c\"}},\"c\":{\"$ref\":\"#/$defs/b\"}}} |"
                        + " /$defs/b/if/$ref"
            })
    void refusesReferencesWithoutEnd(String schema, String path) {
        assertRefusedAt(schema, path, "leads back to itself");
    }

    @Test
    void refusesWhatOnlyTheValidatorRefuses() {
        assertRefusedAt("{\"$recursiveAnchor\":\"x\"}", "", "the validator refuses");
        assertRefusedAt(
                "{\"items\":{\"$dynamicRef\":\"#\"}}", "/items/$dynamicRef", "$ref allowed");
        assertRefusedAt(
                "{\"contentSchema\":{\"$anchor\":\"a\"},\"items\":{\"$ref\":\"#a\"}}",
                "/items/$ref",
                "leads to no schema");
    }

    @Test
    void pointsAtTheCircleNotAtTheWayToIt() {
        List<Violation> violations =
                refused(
                        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":"
                                + "{\"$ref\":\"#/$defs/b\"},\"c\":{\"$ref\":\"#/$defs/d\"},\"d\":{}}}");
        assertThat(violations).extracting(Violation::path).containsExactly("/$defs/b/$ref");
    }

    @Test
    void refusesIdsAndDraftsInsideASchema() {
        assertRefusedAt(
                "{\"$defs\":{\"a\":{\"$id\":\"https://a.b/c\"}}}", "/$defs/a/$id", "root only");
        assertRefusedAt(
                "{\"items\":{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}}",
                "/items/$schema",
                "root only");
        assertRefusedAt(
                "{\"$anchor\":\"a\",\"items\":{\"$anchor\":\"a\"}}", "/items/$anchor", "twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)",
                "(a)\\\\1",
                "(",
                "[",
                "a**",
                "\\\\u0041",
                "a{1001}",
                "(?<!a)b",
                "(?>a)"
            })
    void refusesRegularExpressionsThatRe2DoesNotTake(String pattern) {
        assertRefusedAt("{\"pattern\":\"" + pattern + "\"}", "/pattern", "RE2 syntax allowed");
        assertRefusedAt(
                "{\"patternProperties\":{\"" + pattern + "\":{}}}",
                "/patternProperties/",
                "RE2 syntax allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1,50}){1,50}){1,50}",
                "((a{1000}){1000}){1000}",
                "(((a{0,}){999}){999}){999}",
                "([a-z]{500}\\\\d{600})",
                "\\\\Qaaaaa\\\\E{1000}(bb){600}"
            })
    void refusesRegularExpressionsWithHugePrograms(String pattern) {
        assertRefusedAt("{\"pattern\":\"" + pattern + "\"}", "/pattern", "at most 1000 allowed");
    }

    @Test
    void limitsTheProgramOfARegularExpression() throws Exception {
        assertThat(compile("{\"pattern\":\"a{998}\"}")).isNotNull();
        assertRefusedAt(
                "{\"pattern\":\"a{999}\"}",
                "/pattern",
                "regular expression of 1001 instructions given, at most 1000 allowed");
    }

    @Test
    void limitsTheProgramsOfASchemaTogether() throws Exception {
        JsonLimits limits = limits(100_000, 1_000, 100, 500, 100_000, 20);
        JsonSchemas strict = new JsonSchemas(limits);
        String ten = patterns(10);
        assertThat(strict.compile(Json.parse(ten))).isNotNull();
        InvalidSchemaException thrown =
                catchThrowableOfType(
                        InvalidSchemaException.class,
                        () -> strict.compile(Json.parse(patterns(11))));
        assertThat(thrown.violations())
                .singleElement()
                .satisfies(one -> assertThat(one.path()).isEqualTo("/allOf/10/pattern"));
        assertThat(thrown).hasMessageContaining("more than 100 instructions together");
    }

    /** Each of 10 instructions, all different. */
    private static String patterns(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"pattern\":\"aaaaaaa" + (char) ('b' + i) + "\"}")
                .collect(Collectors.joining(",", "{\"allOf\":[", "]}"));
    }

    @Test
    void limitsGroupsInsideEachOther() throws Exception {
        assertThat(compile("{\"pattern\":\"" + "(".repeat(100) + ")".repeat(100) + "\"}"))
                .isNotNull();
        assertRefusedAt(
                "{\"pattern\":\"" + "(".repeat(101) + ")".repeat(101) + "\"}",
                "/pattern",
                "more than 100 groups");
    }

    @Test
    void limitsTheTextOfASchema() throws Exception {
        assertThat(compile(sized(262_144))).isNotNull();
        assertRefusedAt(sized(262_145), "", "schema of 262145 bytes given, at most 262144 allowed");
    }

    private static String sized(int bytes) {
        return "{\"title\":\"" + "x".repeat(bytes - 12) + "\"}";
    }

    @Test
    void reportsTwentyViolationsAtMost() {
        String properties =
                IntStream.range(0, 21)
                        .mapToObj(i -> "\"p" + i + "\":{\"$ref\":\"http://x\"}")
                        .collect(Collectors.joining(","));
        assertThat(refused("{\"properties\":{" + properties + "}}")).hasSize(20);
    }

    @Test
    void keepsCompiledSchemasByTheirText() throws Exception {
        CompiledSchema first = compile("{\"type\":\"object\"}");
        assertThat(compile("{\"type\":\"object\"}")).isSameAs(first);
        assertThat(compile("{ \"type\":\"object\"}")).isNotSameAs(first);
    }

    @Test
    void forgetsTheSchemaUsedLongestAgo() throws Exception {
        JsonSchemas few = new JsonSchemas(limits(1_000, 1_000, 1_000, 500, 100_000, 50));
        Json a = Json.parse("{\"title\":\"aaaaaaaaaaaa\"}");
        Json b = Json.parse("{\"title\":\"bbbbbbbbbbbb\"}");
        Json c = Json.parse("{\"title\":\"c\"}");
        CompiledSchema first = few.compile(a);
        CompiledSchema second = few.compile(b);
        assertThat(few.compile(a)).isSameAs(first);
        assertThat(few.compile(c)).isNotNull();
        assertThat(few.compile(a)).isSameAs(first);
        assertThat(few.compile(b)).isNotSameAs(second);
    }

    @Test
    void keepsNoneThatIsLargerThanAllItMayKeep() throws Exception {
        JsonSchemas none = new JsonSchemas(limits(1_000, 1_000, 1_000, 500, 100_000, 0));
        Json schema = Json.parse("{}");
        assertThat(none.compile(schema)).isNotSameAs(none.compile(schema));
    }

    @Test
    void takesNoLimitsThatAllowNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(0, 1, 1, 1, 1, 1))
                .withMessage("schemaBytesMax: 0 given, at least 1 allowed");
        assertThatIllegalArgumentException().isThrownBy(() -> limits(1, 1, 1, 0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> limits(1, 1, 1, 1, 1, -1));
    }

    private static JsonLimits limits(
            int schemaBytes, int program, int programs, int depth, long steps, int compiledBytes) {
        return new JsonLimits(schemaBytes, program, programs, depth, steps, 20, compiledBytes);
    }

    private CompiledSchema compile(String schema)
            throws InvalidJsonException, InvalidSchemaException {
        return schemas.compile(Json.parse(schema));
    }

    private List<Violation> refused(String schema) {
        return catchThrowableOfType(InvalidSchemaException.class, () -> compile(schema))
                .violations();
    }

    private void assertRefusedAt(String schema, String path, String description) {
        Violation first = refused(schema).getFirst();
        assertThat(first.path()).startsWith(path);
        assertThat(first.description()).contains(description);
    }
}
