package dev.tranche.server.schema;

import java.lang.ref.WeakReference;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON value with the text it was read from. Immutable; its tree is made when it is wanted, and again
 * if garbage was collected since.
 *
 * <p>Equal are values, not texts: the order of members is free and 1 = 1.0 = 10e-1, while 1, "1" and
 * true differ, and so do strings that differ in any character. {@link #hashCode} and {@link
 * #canonicalTo} agree with that.
 */
public final class Json {
    /** Objects and arrays inside each other, the outermost counted. */
    public static final int NESTING_MAX = 30;

    /** Characters of a number's text. */
    public static final int NUMBER_CHARS_MAX = 1_000;

    /** The exponent that a number's text may give, positive or negative. */
    public static final int EXPONENT_MAX = 1_000;

    /** Values that are looked up before a tree is worth its time. */
    private static final int LOOKUPS_MAX = 2;

    private final String text;
    private final int sizeBytes;

    /** How many values were looked up without a tree; a race only makes a few more. */
    private int lookups;

    /**
     * Given up by every collection of garbage: a tree takes ten to fifty times the memory of its text,
     * which is what requests are limited by, and most are wanted for a moment only.
     */
    private volatile WeakReference<JsonNode> tree;

    private Json(String text, @Nullable JsonNode tree) {
        this.text = text;
        this.tree = new WeakReference<>(tree);
        this.sizeBytes = Unicode.utf8Length(text);
    }

    /**
     * Reads one JSON value of any type, strictly: members have different names, text is valid
     * Unicode, nothing follows the value, and nesting and numbers stay within the limits of this
     * class.
     *
     * @throws InvalidJsonException if it is not that; the message says what and where
     */
    public static Json parse(String text) throws InvalidJsonException {
        StrictParser.check(text);
        return new Json(text, null);
    }

    /**
     * The same for text whose tree is going to be wanted soon: it is made at once.
     *
     * @throws InvalidJsonException as {@link #parse}
     */
    public static Json parseTree(String text) throws InvalidJsonException {
        return new Json(text, StrictParser.parse(text));
    }

    /**
     * Takes text that {@link #parse} has taken before, or would take: what {@link JsonText} was told.
     */
    public static Json known(String text) {
        return new Json(text, null);
    }

    /**
     * Takes a tree over, and writes its text without blanks. The tree must not change afterwards.
     *
     * @throws IllegalArgumentException on a tree nested deeper than {@link #NESTING_MAX}, with
     *     half a surrogate pair, a number that is not finite or a float, or a node that is no JSON
     */
    public static Json of(JsonNode tree) {
        return new Json(CompactWriter.write(tree), tree);
    }

    /** How many objects and arrays a tree has inside each other, the outermost counted. */
    public static int levels(JsonNode tree) {
        int inner = 0;
        for (JsonNode one : tree.values()) {
            inner = Math.max(inner, levels(one));
        }
        return tree.isContainer() ? inner + 1 : 0;
    }

    /** The text, exactly as it was read, or compact if it was written here. */
    public String text() {
        return text;
    }

    /** The value as a tree; it must not be changed. Whoever reads numbers reads decimals. */
    public JsonNode tree() {
        JsonNode kept = tree.get();
        if (kept != null) {
            return kept;
        }
        JsonNode made = again(StrictParser::parse);
        tree = new WeakReference<>(made);
        return made;
    }

    /** Whether somebody has wanted the tree lately. */
    public boolean hasTree() {
        return tree.get() != null;
    }

    /**
     * What stands at a field path; a missing node if nothing does. Makes no tree for the first ones.
     *
     * @param field names joined by dots, from the outside in
     */
    JsonNode at(String field) {
        return tree.get() == null && lookups++ < LOOKUPS_MAX
                ? again(known -> StrictParser.at(known, field))
                : FieldPath.valueAt(tree(), field);
    }

    @FunctionalInterface
    private interface Reading {
        JsonNode of(String text) throws InvalidJsonException;
    }

    private JsonNode again(Reading reading) {
        try {
            return reading.of(text);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("text that was JSON is none any more", e);
        }
    }

    /** Length of the text in UTF-8 bytes. */
    public int sizeBytes() {
        return sizeBytes;
    }

    public boolean isObject() {
        int first = 0;
        while (isBlank(text.charAt(first))) {
            first++;
        }
        return text.charAt(first) == '{';
    }

    /** Whether JSON may have it between its tokens (RFC 8259, section 2). */
    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /**
     * Applies a merge patch (RFC 7396): members of the patch replace those of this value, null
     * removes. Members that stay keep their order, numbers their digits.
     *
     * @return the merged value, its text compact; this value if the patch changes nothing
     */
    public Json mergePatch(Json patch) {
        JsonNode merged = MergePatch.apply(tree(), patch.tree());
        return ValueEquality.equal(tree(), merged) ? this : of(merged);
    }

    /** Says what stands in place of a string. */
    @FunctionalInterface
    public interface StringMapper {
        /**
         * Finds what stands in place of one string.
         *
         * @param pointer RFC 6901 pointer of the string, from the root of the value
         * @param text the string
         * @return what replaces it; null to leave it
         */
        @Nullable JsonNode map(String pointer, String text);
    }

    /**
     * Replaces strings, wherever they stand as values; names of members stay.
     *
     * @return the value so made, its text compact; this value if that changes nothing
     */
    public Json mapStrings(StringMapper mapper) {
        JsonNode mapped = new StringReplacement(mapper).apply(tree(), Pointer.ROOT);
        return ValueEquality.equal(tree(), mapped) ? this : of(mapped);
    }

    /** Feeds a digest with a versioned form of the value: equal values give equal bytes. */
    public void canonicalTo(MessageDigest digest) {
        CanonicalForm form = new CanonicalForm(digest);
        form.write(tree());
        form.end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Json json
                && (text.equals(json.text) || ValueEquality.equal(tree(), json.tree()));
    }

    @Override
    public int hashCode() {
        return ValueEquality.hash(tree());
    }

    /** The text, cut short: for people who debug. */
    @Override
    public String toString() {
        return Excerpt.of(text);
    }
}
