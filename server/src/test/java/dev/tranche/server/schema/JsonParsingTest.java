package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is JSON here, and what callers are told about the rest. */
class JsonParsingTest {

    @Test
    void keepsTheTextByteForByte() throws InvalidJsonException {
        String text = " {\"b\" : 1.50,\n\"a\":\"\\u00e9\\/\", \"c\":1E+2 }\t";
        assertThat(Json.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "3", "\"x\"", "[]", "{}", " 1 "})
    void takesValuesOfAnyType(String text) throws InvalidJsonException {
        assertThat(Json.parse(text).isObject()).isEqualTo(text.equals("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "NaN",
                "[NaN]",
                "[Infinity]",
                "[-Infinity]",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "[1 2]",
                "{\"a\" 1}",
                "{\"a\":}",
                "[",
                "{\"a\":1",
                "\"abc",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "{} {}",
                "{}x",
                "[1]]",
                "\"\\x\"",
                "\"\\u12\"",
                "/**/1",
                "# 1",
                "\"a\nb\"",
                "\"\u0000\"",
                "\u0000",
                "\ufeff{}",
                "{\"a\":tru}",
                "0x10"
            })
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(InvalidJsonException.class)
                .hasMessageMatching("line \\d+, column \\d+: .+");
    }

    @Test
    void saysInWhichLineAndColumn() {
        InvalidJsonException thrown = refused("{\n  \"a\": [1, 2,\n    x]}");
        assertThat(thrown.detail()).startsWith("line 3, column 5: ").contains("'x'");
        assertThat(thrown.pointer()).isEqualTo("/a/2");
    }

    @Test
    void refusesAMemberGivenTwiceAndPointsAtIt() {
        InvalidJsonException thrown = refused("{\"a\":[0,{\"b/~\":1,\"b\\u002f~\":1}]}");
        assertThat(thrown.pointer()).isEqualTo("/a/1/b~1~0");
        assertThat(thrown.detail()).contains("\"b/~\" given twice, once allowed");
    }

    /** Few names are compared, many hashed. */
    @ParameterizedTest
    @ValueSource(ints = {2, 10, 11, 12, 300})
    void refusesTheLastOfManyMembersIfItsNameIsTaken(int count) throws InvalidJsonException {
        List<String> members =
                IntStream.range(0, count).mapToObj(i -> "\"m" + i + "\":" + i).toList();
        String different = "{" + String.join(",", members) + "}";
        assertThat(Json.parse(different)).isEqualTo(Json.parseTree(different));
        for (int taken : new int[] {0, count / 2, count - 1}) {
            String text = "{" + String.join(",", members) + ",\"m" + taken + "\":null}";
            assertThat(refused(text).pointer()).isEqualTo("/m" + taken);
        }
    }

    /** Whether a tree is made of it at once or not makes no difference. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "[1e1001]",
                "{\"a\":[\"\\ud800\"]}",
                "[1,]",
                "{\"a\":1}1"
            })
    void refusesTheSameWithAndWithoutATree(String text) {
        InvalidJsonException without = refused(text);
        assertThatThrownBy(() -> Json.parseTree(text))
                .isInstanceOfSatisfying(
                        InvalidJsonException.class,
                        e -> {
                            assertThat(e.detail()).isEqualTo(without.detail());
                            assertThat(e.pointer()).isEqualTo(without.pointer());
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " \n\t\r{\"a\":1}"})
    void knowsAnObject(String text) throws InvalidJsonException {
        assertThat(Json.parse(text).isObject()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", " [{}]", "\"{\"", "1", "null"})
    void knowsWhatIsNoObject(String text) throws InvalidJsonException {
        assertThat(Json.parse(text).isObject()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a, 1",
        "b.c, 2",
        "b.d.e, \"x\"",
        "b, '{\"c\":2,\"d\":{\"e\":\"x\"}}'",
        "f, '[{}]'"
    })
    void findsWhatStandsAtAFieldWithAndWithoutATree(String field, String value)
            throws InvalidJsonException {
        String text =
                "{\"z\":[[1],{\"a\":0}],\"a\":1,\"b\":{\"c\":2,\"d\":{\"e\":\"x\"}},\"f\":[{}]}";
        JsonNode wanted = Json.parse(value).tree();
        assertThat(Json.parse(text).at(field)).isEqualTo(wanted);
        Json withTree = Json.parseTree(text);
        JsonNode tree = withTree.tree();
        assertThat(withTree.at(field)).isEqualTo(wanted);
        assertThat(withTree.tree()).isSameAs(tree);
    }

    /** Else a large record with many unique constraints would be read for each of their fields. */
    @Test
    void makesATreeForTheThirdLookup() throws InvalidJsonException {
        Json json = Json.parse("{\"a\":1,\"b\":2,\"c\":3}");
        json.at("a");
        json.at("b");
        assertThat(json.hasTree()).isFalse();
        assertThat(json.at("c").intValue()).isEqualTo(3);
        assertThat(json.hasTree()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b", "b.x", "b.c.d", "f.0", "b."})
    void findsNothingWhereNothingStands(String field) throws InvalidJsonException {
        String text = "{\"a\":1,\"b\":{\"c\":2},\"f\":[{}]}";
        assertThat(Json.parse(text).at(field).isMissingNode()).isTrue();
        assertThat(Json.parse("[1]").at(field).isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud800\"",
                "\"\\udc00\"",
                "[\"x\\ud83d\"]",
                "\"\\ude00\\ud83d\"",
                "\"\ud800\"",
                "{\"\\ud800\":1}",
                "{\"\\udc00x\":1}",
                "{\"\udc00\":1}"
            })
    void refusesHalfASurrogatePairInValuesAndNames(String text) {
        assertThat(refused(text).detail()).containsPattern("surrogate");
    }

    @Test
    void takesAWholeSurrogatePairEscapedOrNot() throws InvalidJsonException {
        assertThat(Json.parse("\"\\ud83d\\ude00\"")).isEqualTo(Json.parse("\"😀\""));
    }

    @Test
    void takesThirtyLevelsOfNesting() throws InvalidJsonException {
        assertThat(Json.parse("[".repeat(30) + "]".repeat(30)).sizeBytes()).isEqualTo(60);
        assertThat(Json.parse("{\"a\":".repeat(30) + "1" + "}".repeat(30)).isObject()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {31, 61, 10_000, 1_000_000})
    void refusesOneLevelOfNestingMore(int levels) {
        assertThat(refused("[".repeat(levels) + "]".repeat(levels)).detail())
                .contains("31 levels of nesting given, at most 30 allowed");
        assertThat(refused("{\"a\":".repeat(levels)).detail()).contains("at most 30 allowed");
    }

    @Test
    void takesNumbersOfAThousandCharacters() throws InvalidJsonException {
        String longest = "1".repeat(1_000);
        assertThat(Json.of(Json.parse(longest).tree()).text()).isEqualTo(longest);
        assertThat(refused(longest + "1").detail())
                .contains("number of 1001 characters given, at most 1000 allowed");
        assertThat(refused("0." + "1".repeat(999)).detail()).contains("at most 1000 allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1000", "1E+1000", "-1e-1000", "1.5e01000", "0e1000"})
    void takesExponentsUpToAThousand(String text) throws InvalidJsonException {
        assertThat(Json.of(Json.parse(text).tree()).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e1001",
                "1e-1001",
                "1e999999999",
                "-1E+999999999",
                "0e99999",
                "1e2147483648",
                "1e99999999999999999999"
            })
    void refusesLargerExponents(String text) {
        assertThat(refused("[" + text + "]").detail())
                .contains("exponent")
                .contains("-1000 to 1000 allowed");
    }

    @Test
    void echoesFortyCharactersOfDataAtMost() {
        String secret = "s".repeat(5_000);
        assertThat(refused(secret).detail()).doesNotContain("s".repeat(41)).hasSizeLessThan(200);
        assertThat(refused("{\"" + secret + "\":1,\"" + secret + "\":1}").detail())
                .contains("\"" + "s".repeat(40) + "…\"")
                .hasSizeLessThan(200);
        assertThat(refused("{\"" + secret + "\":x}").pointer()).hasSizeLessThan(1_100);
    }

    @Test
    void isNotSlowedByNamesThatShareAHash() throws InvalidJsonException {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 1 << 14; i++) {
            text.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 14; bit++) {
                text.append((i >> bit & 1) == 0 ? "b#" : "aD");
            }
            text.append("\":1");
        }
        assertThat(Json.parse(text + "}").tree().size()).isEqualTo(1 << 14);
    }

    @ParameterizedTest
    @CsvSource({"a, 3", "é, 4", "€, 5", "😀, 6", "'', 2"})
    void countsBytesOfUtf8(String text, int bytes) throws InvalidJsonException {
        assertThat(Json.parse("\"" + text + "\"").sizeBytes()).isEqualTo(bytes);
    }

    private static InvalidJsonException refused(String text) {
        return catchThrowableOfType(InvalidJsonException.class, () -> Json.parse(text));
    }
}
