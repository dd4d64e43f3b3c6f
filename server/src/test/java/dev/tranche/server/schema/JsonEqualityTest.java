package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values are equal, not texts; what is equal hashes the same. */
class JsonEqualityTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":2} | { \"b\" : 2 , \"a\" : 1 }",
                "1 | 1.0",
                "1 | 10e-1",
                "100 | 1e2",
                "0 | -0",
                "0 | 0e5",
                "0 | -0.000",
                "1e400 | 1E+400",
                "1e400 | 10e399",
                "1e-400 | 0.1e-399",
                "9223372036854775807 | 9223372036854775807.0",
                "18446744073709551616 | 18446744073709551616e0",
                "\"\\u0061\" | \"a\"",
                "[1,{\"a\":[2.0]}] | [1.0,{\"a\":[2]}]"
            })
    void isEqualByValue(String one, String other) throws InvalidJsonException {
        assertSame(Json.parse(one), Json.parse(other), "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | \"1\"",
                "true | \"true\"",
                "null | \"null\"",
                "0 | false",
                "0 | null",
                "[] | {}",
                "[] | null",
                "\"\" | null",
                "{\"a\":null} | {}",
                "[1,2] | [2,1]",
                "[[1],2] | [1,[2]]",
                "[[]] | [[],[]]",
                "\"a\" | \"A\"",
                "\"a\" | \"a \"",
                "\"\\u00e9\" | \"e\\u0301\"",
                "1e400 | 1e401",
                "1e1000 | 1e999",
                "1 | -1",
                "0.1 | 0.10000000000000000001",
                "9007199254740993 | 9007199254740992",
                "{\"a\":\"b\"} | {\"b\":\"a\"}",
                "12 | 120",
                "{\"a\":1} | {\"a\":1,\"b\":1}"
            })
    void isDifferentByValue(String one, String other) throws InvalidJsonException {
        Json left = Json.parse(one);
        Json right = Json.parse(other);
        assertThat(left).isNotEqualTo(right);
        assertThat(digest(left)).isNotEqualTo(digest(right));
    }

    @Test
    void equalsAndHashesOneValueHoweverItIsWritten() throws InvalidJsonException {
        long seed = System.nanoTime();
        RandomJson random = new RandomJson(seed);
        for (int i = 0; i < 2_000; i++) {
            Json value = Json.parse(random.value(4));
            Json respelled = Json.parse(random.respelled(value.tree()));
            assertSame(value, respelled, "seed " + seed + ": " + value.text());
            assertSame(value, Json.of(respelled.tree()), "seed " + seed + ": " + value.text());
        }
    }

    @Test
    void isEqualExactlyWhereTheDigestsAre() throws InvalidJsonException {
        long seed = System.nanoTime();
        RandomJson random = new RandomJson(seed);
        List<Json> values = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            values.add(Json.parse(random.value(2)));
        }
        for (Json one : values) {
            for (Json other : values) {
                assertThat(one.equals(other))
                        .as("seed %d: %s and %s", seed, one.text(), other.text())
                        .isEqualTo(digest(one).equals(digest(other)))
                        .isEqualTo(other.equals(one));
            }
        }
    }

    @Test
    void readsBackWhatItWrote() throws InvalidJsonException {
        long seed = System.nanoTime();
        RandomJson random = new RandomJson(seed);
        for (int i = 0; i < 1_000; i++) {
            Json value = Json.parse(random.value(4));
            String written = Json.of(value.tree()).text();
            assertThat(Json.parse(written)).as("seed %d: %s", seed, written).isEqualTo(value);
            assertThat(Json.of(Json.parse(written).tree()).text()).isEqualTo(written);
        }
    }

    @Test
    void digestsLongTextAndManyMembersWithoutMixingThemUp() throws InvalidJsonException {
        String half = "x".repeat(8_192);
        Json one = Json.parse("[\"" + half + "\",\"" + half + "y\"]");
        Json other = Json.parse("[\"" + half + "y\",\"" + half + "\"]");
        assertThat(digest(one)).isNotEqualTo(digest(other));
        assertThat(digest(one)).isEqualTo(digest(Json.of(one.tree())));
    }

    private static void assertSame(Json one, Json other, String what) {
        assertThat(one).as(what).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(digest(one)).as(what).isEqualTo(digest(other));
    }

    private static String digest(Json json) {
        MessageDigest digest = Sha256.digest();
        json.canonicalTo(digest);
        return HexFormat.of().formatHex(digest.digest());
    }
}
