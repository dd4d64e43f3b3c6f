package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.schema.UniqueConstraint.KeyResult;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that the database keeps unique. */
class UniqueConstraintTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"1 | 1.0", "1 | 10e-1", "0 | -0", "1e400 | 10E399", "\"a\" | \"\\u0061\""})
    void givesEqualValuesOneKey(String one, String other) throws InvalidJsonException {
        assertThat(key("{\"a\":" + one + "}", "a")).isEqualTo(key("{\"a\":" + other + "}", "a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | \"1\"",
                "1 | true",
                "0 | false",
                "\"true\" | true",
                "\"a\" | \"A\"",
                "\"a\" | \"a \"",
                "1 | -1",
                "1 | 10",
                "\"\" | \"0\""
            })
    void givesDifferentValuesDifferentKeys(String one, String other) throws InvalidJsonException {
        assertThat(key("{\"a\":" + one + "}", "a")).isNotEqualTo(key("{\"a\":" + other + "}", "a"));
    }

    @Test
    void doesNotMixUpNeighbouringFields() throws InvalidJsonException {
        assertThat(key("{\"a\":\"x\",\"b\":\"yz\"}", "a", "b"))
                .isNotEqualTo(key("{\"a\":\"xy\",\"b\":\"z\"}", "a", "b"));
        assertThat(key("{\"a\":1,\"b\":2}", "a", "b"))
                .isNotEqualTo(key("{\"a\":1,\"b\":2}", "b", "a"));
    }

    @Test
    void ignoresAllOtherFields() throws InvalidJsonException {
        assertThat(key("{\"a\":1,\"b\":[],\"c\":{}}", "a")).isEqualTo(key("{\"a\":1}", "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":null}",
                "{\"a\":{}}",
                "{\"a\":{\"b\":null}}",
                "{\"a\":5}",
                "{\"a\":[{\"b\":1}]}",
                "{\"a\":null,\"a.b\":1}"
            })
    void hasNoKeyIfAFieldIsMissingOrNull(String data) throws InvalidJsonException {
        assertThat(on("a.b").keyOf(Json.parse(data))).isEqualTo(new KeyResult.None());
    }

    @Test
    void findsFieldsOfNestedObjects() throws InvalidJsonException {
        assertThat(key("{\"a\":{\"b\":{\"c\":7}}}", "a.b.c")).isEqualTo(key("{\"x\":7}", "x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"x\":{\"y~/\":[1]}} | /x/y~0~1", "{\"x\":{\"y~/\":{}},\"z\":1} | /x/y~0~1",
                "{\"z\":[]} | /z", "{\"x\":null,\"z\":{}} | /z"
            })
    void pointsAtAFieldThatIsNoScalarWhateverTheOthersHold(String data, String pointer)
            throws InvalidJsonException {
        assertThat(on("x.y~/", "z").keyOf(Json.parse(data)))
                .isEqualTo(new KeyResult.NotScalar(pointer));
    }

    /** Stored rows hold these: another form needs another version. */
    @Test
    void staysTheSameFromReleaseToRelease() throws InvalidJsonException {
        KeyHash key = key("{\"a\":\"é\",\"b\":-12.50,\"c\":true,\"d\":0}", "a", "b", "c", "d");
        assertThat(HexFormat.of().formatHex(key.toBytes()))
                .isEqualTo("92a785f668580d2f5709c34a4b330188");
    }

    @Test
    void ordersKeysAsTheirBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            KeyHash one = new KeyHash(random.nextInt(3) - 1, random.nextLong());
            KeyHash other = new KeyHash(random.nextInt(3) - 1, random.nextLong());
            assertThat(Integer.signum(one.compareTo(other)))
                    .as("seed %d", seed)
                    .isEqualTo(
                            Integer.signum(Arrays.compareUnsigned(one.toBytes(), other.toBytes())));
        }
    }

    @Test
    void readsAKeyBackFromTheMiddleOfItsRow() {
        KeyHash key = new KeyHash(0x8000000000000001L, -2);
        byte[] row = new byte[2 + KeyHash.BYTES + 1];
        System.arraycopy(key.toBytes(), 0, row, 2, KeyHash.BYTES);
        assertThat(KeyHash.ofBytes(row, 2)).isEqualTo(key);
    }

    private static UniqueConstraint on(String... fields) {
        return new UniqueConstraint(1, "unique", List.of(fields));
    }

    private static KeyHash key(String data, String... fields) throws InvalidJsonException {
        KeyResult result = on(fields).keyOf(Json.parse(data));
        assertThat(result).isInstanceOf(KeyResult.Key.class);
        return ((KeyResult.Key) result).hash();
    }
}
