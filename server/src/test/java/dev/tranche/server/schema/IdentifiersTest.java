package dev.tranche.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The syntax of names and ids. */
class IdentifiersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A",
                "a ",
                " ",
                "😀",
                "👩‍👩‍👧",
                "é",
                "e\u0301",
                "a/b?c#d",
                "${x}",
                "'; --",
                "\"",
                "\u200b",
                "\ue000",
                "\u2028"
            })
    void takesAnyValidUnicodeAsARecordId(String id) {
        assertThat(Identifiers.recordId(id)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\u0000b", "a\n", "\t", "\u007f", "\u0085", "\u001f"})
    void refusesControlCharactersInRecordIds(String id) {
        assertThat(Identifiers.recordId(id)).contains("U+00").contains("allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800"})
    void refusesHalfASurrogatePair(String text) {
        assertThat(Identifiers.recordId(text)).contains("surrogate");
        assertThat(Identifiers.collectionName(text)).contains("surrogate");
        assertThat(Identifiers.fieldPath(text)).contains("surrogate");
    }

    @Test
    void countsBytesOfIdsAndCollectionNames() {
        assertThat(Identifiers.recordId("a".repeat(128))).isNull();
        assertThat(Identifiers.recordId("😀".repeat(32))).isNull();
        assertThat(Identifiers.recordId("😀".repeat(32) + "a"))
                .isEqualTo("id of 129 bytes given, at most 128 allowed");
        assertThat(Identifiers.collectionName("é".repeat(64))).isNull();
        assertThat(Identifiers.collectionName("é".repeat(64) + "a"))
                .isEqualTo("collection name of 129 bytes given, at most 128 allowed");
    }

    @Test
    void refusesWhatIsEmpty() {
        assertThat(Identifiers.recordId("")).contains("empty").contains("1 to 128 bytes");
        assertThat(Identifiers.collectionName("")).contains("empty");
        assertThat(Identifiers.fieldPath("")).contains("empty");
        assertThat(Identifiers.name("")).isNotNull();
        assertThat(Identifiers.alias("")).isNotNull();
        assertThat(Identifiers.requestId("")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Testing App",
                "weather",
                "天気",
                "a.b/c",
                "👩‍👩‍👧",
                "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
                "نمی‌خواهم"
            })
    void takesPrintableCollectionNames(String name) {
        assertThat(Identifiers.collectionName(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "a\nb", "\u2028", "a\u202eb", "\u200b", "\ufeff", "\ue000"})
    void refusesCollectionNamesThatDoNotPrint(String name) {
        assertThat(Identifiers.collectionName(name)).contains("printable");
    }

    @Test
    void limitsNames() {
        assertThat(Identifiers.name("a")).isNull();
        assertThat(Identifiers.name("0a_.-Z")).isNull();
        assertThat(Identifiers.name("a".repeat(63))).isNull();
        assertThat(Identifiers.name("a".repeat(64)))
                .isEqualTo("name of 64 characters given, at most 63 allowed");
        assertThat(Identifiers.name("_a")).contains("\"_a\" given");
        assertThat(Identifiers.name("a b")).isNotNull();
        assertThat(Identifiers.name("é")).isNotNull();
        assertThat(Identifiers.name("a\n")).isNotNull();
    }

    @Test
    void limitsAliases() {
        assertThat(Identifiers.alias("a")).isNull();
        assertThat(Identifiers.alias("a" + "_9".repeat(31) + "z")).isNull();
        assertThat(Identifiers.alias("a".repeat(65))).contains("65 characters given, at most 64");
        assertThat(Identifiers.alias("A")).isNotNull();
        assertThat(Identifiers.alias("9a")).isNotNull();
        assertThat(Identifiers.alias("a-b")).isNotNull();
    }

    @Test
    void limitsRequestIds() {
        assertThat(Identifiers.requestId(" ~!\"")).isNull();
        assertThat(Identifiers.requestId("r".repeat(64))).isNull();
        assertThat(Identifiers.requestId("r".repeat(65))).contains("65 characters given");
        assertThat(Identifiers.requestId("é")).contains("printable ASCII");
        assertThat(Identifiers.requestId("a\tb")).isNotNull();
        assertThat(Identifiers.requestId("\u007f")).isNotNull();
    }

    @Test
    void limitsFieldPaths() {
        assertThat(Identifiers.fieldPath("origin")).isNull();
        assertThat(Identifiers.fieldPath("a.b c.é")).isNull();
        assertThat(Identifiers.fieldPath("a".repeat(255))).isNull();
        assertThat(Identifiers.fieldPath("a".repeat(256))).contains("256 bytes given");
        for (String path : new String[] {".", ".a", "a.", "a..b"}) {
            assertThat(Identifiers.fieldPath(path)).contains("single dots");
        }
        assertThat(Identifiers.fieldPath("a\u0000")).isNotNull();
    }

    @Test
    void echoesLittleOfWhatWasGiven() {
        assertThat(Identifiers.requestId("é".repeat(64))).hasSizeLessThan(120);
    }
}
