package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a schema says of data. */
class CompiledSchemaTest {
    private final JsonSchemas schemas = new JsonSchemas(JsonLimits.DEFAULTS);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"integer\"} | 1.0",
                "{\"type\":\"integer\"} | 1e1000",
                "{\"type\":\"integer\",\"minimum\":0} | 1e30",
                "{\"type\":\"integer\",\"maximum\":1e1000} | 1e1000",
                "{\"type\":\"number\"} | 1",
                "{\"enum\":[1,{\"a\":[2]}]} | 10e-1",
                "{\"enum\":[1,{\"a\":[2]}]} | {\"a\":[2.0]}",
                "{\"const\":{\"a\":[1]}} | {\"a\":[1.0]}",
                "{\"uniqueItems\":true} | [1,true,\"1\",\"true\",[1],{}]",
                "{\"multipleOf\":0.01} | 4.02",
                "{\"maxLength\":1} | \"😀\"",
                "{\"false\":1,\"true\":2,\"properties\":{\"false\":true}} | {\"false\":1}",
                "{\"format\":\"email\"} | \"no address\"",
                "{\"pattern\":\"^\\\\p{L}+$\"} | \"été\"",
                "{\"pattern\":\"b\"} | \"abc\"",
                "{\"pattern\":\"b\"} | 1",
                "{\"minimum\":5} | \"1\"",
                "{\"required\":[\"a\"]} | []",
                "{\"$ref\":\"#/$defs/a%25~1~0 b\",\"$defs\":{\"a%/~ b\":{\"type\":\"null\"}}} | null",
                "{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]}} | {}",
                "{\"minContains\":0,\"contains\":{\"type\":\"string\"}} | [1]"
            })
    void isSatisfied(String schema, String data) throws Exception {
        assertThat(validate(schema, data)).isEmpty();
    }

    /** It is not worth a tree. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":\"object\"}",
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"t\"}"
            })
    void makesNoTreeOfAnObjectIfEveryObjectWillDo(String schema) throws Exception {
        Json data = Json.parse("{\"a\":1}");
        assertThat(schemas.compile(Json.parse(schema)).validate(data)).isEmpty();
        assertThat(data.hasTree()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\"} | [] | `` | array given, object allowed",
                "{\"type\":\"string\"} | 1 | `` | number given, string allowed",
                "{\"type\":[\"string\",\"null\"]} | {} | `` | object given, string or null allowed",
                "{\"type\":\"integer\"} | 1.5 | `` | number given, integer allowed",
                "{\"required\":[\"title\"]} | {} | `` | no member \"title\" given, required",
                "{\"properties\":{\"a/b\":{\"required\":[\"c\"]}}} | {\"a/b\":{}} | /a~1b |"
                        + " no member \"c\" given, required",
                "{\"additionalProperties\":false} | {\"x\":1} | `` |"
                        + " member \"x\" given, not one of those allowed",
                "{\"propertyNames\":{\"maxLength\":1}} | {\"xy\":1} | `` |"
                        + " member \"xy\" given, not one of those allowed",
                "{\"dependentRequired\":{\"a\":[\"b\"]}} | {\"a\":1} | `` |"
                        + " member \"a\" given without all those it requires",
                "{\"minProperties\":1} | {} | `` | 0 members given, at least 1 allowed",
                "{\"maxProperties\":0} | {\"a\":1} | `` | 1 members given, at most 0 allowed",
                "{\"minItems\":1} | [] | `` | 0 elements given, at least 1 allowed",
                "{\"maxItems\":1} | [1,2] | `` | 2 elements given, at most 1 allowed",
                "{\"minLength\":2} | \"😀\" | `` | 1 characters given, at least 2 allowed",
                "{\"maxLength\":2} | \"abc\" | `` | 3 characters given, at most 2 allowed",
                "{\"minimum\":1} | 0.5 | `` | 0.5 given, at least 1 allowed",
                "{\"maximum\":1} | 1e400 | `` | 1e400 given, at most 1 allowed",
                "{\"type\":\"integer\",\"maximum\":1} | 1e30 | `` | 1e30 given, at most 1 allowed",
                "{\"exclusiveMinimum\":1} | 1.0 | `` | 1.0 given, more than 1 allowed",
                "{\"exclusiveMaximum\":1} | 1 | `` | 1 given, less than 1 allowed",
                "{\"multipleOf\":0.1} | 1.05 | `` | 1.05 given, multiples of 0.1 allowed",
                "{\"enum\":[\"a\",1]} | \"b\" | `` | \"b\" given, one of [\"a\",1] allowed",
                "{\"enum\":[1]} | \"1\" | `` | \"1\" given, one of [1] allowed",
                "{\"const\":true} | 1 | `` | 1 given, only true allowed",
                "{\"pattern\":\"^a\"} | \"b\" | `` | \"b\" given, text that matches \"^a\" allowed",
                "{\"uniqueItems\":true} | [0,1,1.0] | /2 |"
                        + " element given that equals element 1, different ones allowed",
                "{\"contains\":{\"type\":\"string\"}} | [1] | `` |"
                        + " fewer fitting elements given than required",
                "{\"contains\":{},\"maxContains\":1} | [1,2] | `` |"
                        + " more fitting elements given than allowed",
                "{\"prefixItems\":[{}],\"items\":false} | [1,2] | `` |"
                        + " more elements given than allowed",
                "{\"not\":{}} | {} | `` | an object given, which the schema excludes",
                "{\"oneOf\":[{},{}]} | [] | `` |"
                        + " an array given, which fits 2 of the alternatives, exactly 1 allowed",
                "{\"properties\":{\"a\":false}} | {\"a\":null} | /a | null given, nothing allowed",
                "{\"unevaluatedProperties\":false,\"allOf\":[{\"properties\":{\"a\":{}}}]} |"
                        + " {\"a\":1,\"b\":2} | `` | member \"b\" given, not one of those allowed",
                "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/b\"}},\"$defs\":{\"b\":{\"items\":"
                        + "{\"type\":\"null\"}}}} | {\"a\":[null,1]} | /a/1 |"
                        + " number given, null allowed",
                "{\"$id\":\"https://a.b/c.json\",\"$ref\":\"c.json#d\",\"$defs\":{\"d\":"
                        + "{\"$anchor\":\"d\",\"type\":\"null\"}}} | 1 | `` |"
                        + " number given, null allowed"
            })
    void saysWhatIsWrongAndWhere(String schema, String data, String path, String description)
            throws Exception {
        assertThat(validate(schema, data))
                .containsExactly(
                        new Violation(
                                path,
                                description.endsWith("nothing")
                                        ? description + " allowed here"
                                        : description));
    }

    @Test
    void namesWhyEachAlternativeDoesNotFit() throws Exception {
        assertThat(validate("{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":5}]}", "1"))
                .extracting(Violation::description)
                .containsExactly("number given, string allowed", "1 given, at least 5 allowed");
    }

    @Test
    void ordersViolationsByPlaceAlwaysTheSame() throws Exception {
        String schema =
                "{\"required\":[\"z\",\"y\"],\"patternProperties\":{\"^[a-k]\":{\"type\":\"null\"},"
                        + "\"^[f-z]\":{\"items\":{\"type\":\"string\"}},\"q\":{\"maxItems\":1}}}";
        String data = "{\"q\":[1,2,3,4,5,6,7,8,9,10,11],\"k\":1,\"b\":[],\"a\":2}";
        for (int i = 0; i < 10; i++) {
            List<Violation> found =
                    new JsonSchemas(JsonLimits.DEFAULTS)
                            .compile(Json.parse(schema))
                            .validate(Json.parse(data));
            assertThat(found)
                    .extracting(Violation::path)
                    .containsExactly(
                            "", "", "/a", "/b", "/k", "/q", "/q/0", "/q/1", "/q/2", "/q/3", "/q/4",
                            "/q/5", "/q/6", "/q/7", "/q/8", "/q/9", "/q/10");
            assertThat(found.getFirst().description()).contains("\"z\"");
        }
    }

    @Test
    void reportsTwentyViolationsAtMost() throws Exception {
        String items = "{\"items\":{\"type\":\"string\"}}";
        assertThat(validate(items, list(20, i -> "1"))).hasSize(20);
        assertThat(validate(items, list(21, i -> "1"))).hasSize(20);
        assertThat(validate(items, list(100_000, i -> "1"))).hasSize(20);
    }

    @Test
    void saysTheSameThingOnlyOnce() throws Exception {
        String schema = "{\"allOf\":[{\"type\":\"string\"},{\"type\":\"string\"}]}";
        assertThat(validate(schema, "1")).hasSize(1);
    }

    @Test
    void echoesLittleOfTheDataAndOfTheSchema() throws Exception {
        String secret = "s".repeat(10_000);
        String schema =
                "{\"enum\":[\"" + "e".repeat(10_000) + "\"],\"additionalProperties\":false}";
        assertThat(validate(schema, "\"" + secret + "\"").getFirst().description())
                .doesNotContain("s".repeat(41))
                .hasSizeLessThan(400);
        Violation deep =
                validate("{\"additionalProperties\":{\"type\":\"null\"}}", "{\"" + secret + "\":1}")
                        .getFirst();
        assertThat(deep.path()).hasSizeLessThan(1_100).startsWith("/sss").endsWith("…");
    }

    @Test
    void followsATreeToTheDepthOfJson() throws Exception {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"child\":{\"$ref\":\"#\"},\"value\":"
                        + "{\"type\":\"number\"}},\"required\":[\"value\"]}";
        String deepest =
                "{\"value\":1,\"child\":".repeat(29) + "{\"value\":\"x\"}" + "}".repeat(29);
        assertThat(validate(schema, deepest))
                .containsExactly(
                        new Violation(
                                "/child".repeat(29) + "/value", "string given, number allowed"));
    }

    @Test
    void followsDynamicReferencesAndAnchors() throws Exception {
        String schema =
                "{\"$dynamicAnchor\":\"node\",\"type\":\"object\",\"properties\":{\"k\":{\"items\":"
                        + "{\"$dynamicRef\":\"#node\"}},\"p\":{\"$dynamicRef\":\"#/$defs/p\"}},"
                        + "\"$defs\":{\"p\":{\"type\":\"null\"}}}";
        assertThat(validate(schema, "{\"k\":[{\"k\":[1]},{\"p\":0}]}"))
                .extracting(Violation::path)
                .containsExactly("/k/0/k/0", "/k/1/p");
    }

    @Test
    void validatesOnManyThreadsAtOnce() throws Exception {
        CompiledSchema schema =
                schemas.compile(
                        Json.parse(
                                "{\"patternProperties\":{\"^a\":{\"$ref\":\"#/$defs/b\"}},"
                                        + "\"$defs\":{\"b\":{\"pattern\":\"^x\"}}}"));
        Json data = Json.parse("{\"a\":\"y\",\"ab\":\"x\"}");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Violation>>> all =
                    IntStream.range(0, 500)
                            .mapToObj(i -> threads.submit(() -> schema.validate(data)))
                            .toList();
            for (Future<List<Violation>> one : all) {
                assertThat(one.get()).extracting(Violation::path).containsExactly("/a");
            }
        }
    }

    private List<Violation> validate(String schema, String data) throws Exception {
        return schemas.compile(Json.parse(schema)).validate(Json.parse(data));
    }

    private static String list(int count, IntFunction<String> element) {
        return IntStream.range(0, count)
                .mapToObj(element)
                .collect(Collectors.joining(",", "[", "]"));
    }
}
