package dev.tranche.server.operation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ${ops[N].id}} or {@code ${alias.id}}: a value out of an earlier operation's result. */
public sealed interface Reference {

    /** The text as the caller wrote it. */
    String text();

    /** To the operation at an index, from 0. */
    record ByIndex(String text, int index) implements Reference {}

    /** To the operation with an alias. */
    record ByAlias(String text, String alias) implements Reference {}

    /** Has the shape of a reference, but is none that exists. */
    record Malformed(String text) implements Reference {}

    /** Whether the whole text is {@code ${…}}. */
    static boolean looksLikeOne(String text) {
        return text.startsWith("${") && text.endsWith("}");
    }

    /** Whether the whole text is {@code $${…}}, which stands for the literal {@code ${…}}. */
    static boolean isEscaped(String text) {
        return text.startsWith("$${") && text.endsWith("}");
    }

    /** Reads a text for which {@link #looksLikeOne} holds. */
    static Reference parse(String text) {
        Matcher matcher = Syntax.REFERENCE.matcher(text);
        if (!matcher.matches()) {
            return new Malformed(text);
        }
        String index = matcher.group(1);
        return index == null
                ? new ByAlias(text, matcher.group(2))
                : new ByIndex(text, Integer.parseInt(index));
    }

    /** What a reference looks like; nine digits are more than any batch has operations. */
    final class Syntax {
        private static final Pattern REFERENCE =
                Pattern.compile("\\$\\{(?:ops\\[([0-9]{1,9})]|([a-z][a-z0-9_]{0,63}))\\.id}");

        private Syntax() {}
    }
}
