package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.FloatNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.POJONode;
import tools.jackson.databind.node.StringNode;

/** Merge patches, replaced strings, and values made of trees. */
class JsonChangeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1} | {\"a\":2} | {\"a\":2}",
                "{\"a\":1} | {\"b\":2} | {\"a\":1,\"b\":2}",
                "{\"a\":1} | {\"a\":null} | {}",
                "{\"a\":1,\"b\":2} | {\"a\":null} | {\"b\":2}",
                "{\"a\":[1]} | {\"a\":2} | {\"a\":2}",
                "{\"a\":2} | {\"a\":[1,null]} | {\"a\":[1,null]}",
                "{\"a\":{\"b\":1}} | {\"a\":{\"b\":2,\"c\":null}} | {\"a\":{\"b\":2}}",
                "{\"a\":[{\"b\":1}]} | {\"a\":[2]} | {\"a\":[2]}",
                "[1,2] | {\"a\":1,\"b\":null} | {\"a\":1}",
                "{\"a\":1} | [2] | [2]",
                "{\"a\":1} | null | null",
                "{\"a\":1} | \"x\" | \"x\"",
                "{\"e\":null} | {\"a\":1} | {\"e\":null,\"a\":1}",
                "{} | {\"a\":{\"b\":{\"c\":null}}} | {\"a\":{\"b\":{}}}",
                "{\"a\":1} | {\"a\":{\"b\":null,\"c\":1}} | {\"a\":{\"c\":1}}",
                "3 | {} | {}"
            })
    void mergesAPatch(String target, String patch, String merged) throws InvalidJsonException {
        assertThat(Json.parse(target).mergePatch(Json.parse(patch)).text()).isEqualTo(merged);
    }

    @Test
    void keepsTheDigitsAndTheOrderOfWhatAPatchLeaves() throws InvalidJsonException {
        Json target =
                Json.parse(
                        "{ \"z\": 1.50, \"y\": 1E+2, \"x\": -0, \"w\": 0.00000000010,"
                                + " \"v\": [12345678901234567890123456789.10], \"u\": 1 }");
        assertThat(target.mergePatch(Json.parse("{\"u\": 2.0 }")).text())
                .isEqualTo(
                        "{\"z\":1.50,\"y\":1E+2,\"x\":-0,\"w\":0.00000000010,"
                                + "\"v\":[12345678901234567890123456789.10],\"u\":2.0}");
    }

    @Test
    void keepsTheTextIfThePatchChangesNothing() throws InvalidJsonException {
        Json target = Json.parse("{ \"a\" : 1 }");
        assertThat(target.mergePatch(Json.parse("{\"a\":1.0,\"b\":null}"))).isSameAs(target);
    }

    @Test
    void leavesTargetAndPatchAsTheyWere() throws InvalidJsonException {
        Json target = Json.parse("{\"a\":{\"b\":1,\"c\":2}}");
        Json patch = Json.parse("{\"a\":{\"b\":null,\"d\":{\"e\":null}}}");
        Json merged = target.mergePatch(patch);
        assertThat(merged.text()).isEqualTo("{\"a\":{\"c\":2,\"d\":{}}}");
        assertThat(Json.of(target.tree()).text()).isEqualTo(target.text());
        assertThat(Json.of(patch.tree()).text()).isEqualTo(patch.text());
    }

    @Test
    void replacesStringsByPointer() throws InvalidJsonException {
        Json json = Json.parse("{ \"x\": [1, \"x\", {\"a/b~\": \"y\"}], \"n\": 1e2 }");
        List<String> seen = new ArrayList<>();
        Json mapped =
                json.mapStrings((pointer, text) -> {
                    seen.add(pointer + "=" + text);
                    return text.equals("y") ? IntNode.valueOf(7) : null;
                });
        assertThat(seen).containsExactly("/x/1=x", "/x/2/a~1b~0=y");
        assertThat(mapped.text()).isEqualTo("{\"x\":[1,\"x\",{\"a/b~\":7}],\"n\":1e2}");
        assertThat(Json.of(json.tree()).text()).contains("\"y\"");
    }

    @Test
    void keepsTheTextIfNoStringIsReplaced() throws InvalidJsonException {
        Json json = Json.parse("{ \"a\": [\"x\"] }");
        assertThat(json.mapStrings((pointer, text) -> null)).isSameAs(json);
        Json root = Json.parse("\"x\"");
        assertThat(root.mapStrings((pointer, text) -> StringNode.valueOf(pointer + "!")).text())
                .isEqualTo("\"!\"");
    }

    @Test
    void writesTreesCompactly() throws InvalidJsonException {
        String text = "{ \"a\\u0062\" : [ ] , \"c\" : { } , \"d\" : \"\\u0001\\n\\\"\\\\\\/é😀\" }";
        assertThat(Json.of(Json.parse(text).tree()).text())
                .isEqualTo("{\"ab\":[],\"c\":{},\"d\":\"\\u0001\\n\\\"\\\\/é😀\"}");
    }

    @Test
    void takesTreesWithDoubles() throws InvalidJsonException {
        assertThat(Json.of(DoubleNode.valueOf(0.1))).isEqualTo(Json.parse("0.1"));
        assertThat(Json.of(DoubleNode.valueOf(90))).isEqualTo(Json.parse("90"));
        assertThat(Json.of(DoubleNode.valueOf(1e300)).text()).isEqualTo("1.0E300");
    }

    @Test
    void takesNoTreesThatAreNoJson() {
        refuses(DoubleNode.valueOf(Double.NaN));
        refuses(DoubleNode.valueOf(Double.NEGATIVE_INFINITY));
        refuses(FloatNode.valueOf(0.1f));
        refuses(StringNode.valueOf("\ud800"));
        refuses(JsonNodeFactory.instance.objectNode().put("\udc00", 1));
        refuses(new POJONode("x"));
        refuses(MissingNode.getInstance());
        refuses(nested(31));
        assertThat(Json.of(nested(30)).text()).hasSize(60);
    }

    private static void refuses(JsonNode tree) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(tree));
    }

    private static JsonNode nested(int levels) {
        JsonNode node = JsonNodeFactory.instance.arrayNode();
        for (int level = 1; level < levels; level++) {
            node = JsonNodeFactory.instance.arrayNode().add(node);
        }
        return node;
    }
}
