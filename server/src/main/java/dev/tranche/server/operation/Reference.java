package dev.tranche.server.operation;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code ${ops[N].…}} or {@code ${alias.…}}: a value out of an earlier operation's result.
 *
 * @param text as the caller wrote it
 * @param target which operation; null if the text has the shape of a reference, but is none
 * @param what which part of its result
 */
public record Reference(String text, @Nullable Target target, What what) {
    /** Nine digits are more than any batch has operations. */
    private static final Pattern SYNTAX =
            Pattern.compile(
                    "\\$\\{(?:ops\\[([0-9]{1,9})]|([a-z][a-z0-9_]{0,63}))"
                            + "\\.(?:(id|version|etag)|data\\.(.+))}",
                    Pattern.DOTALL);

    /** The operation referred to. */
    public sealed interface Target {
        /** The one at an index, from 0. */
        record AtIndex(int index) implements Target {}

        /** The one with an alias. */
        record WithAlias(String alias) implements Target {}
    }

    /** The part of the result referred to. */
    public sealed interface What {
        /** The record id. */
        record Id() implements What {}

        /** The version. */
        record Version() implements What {}

        /** The etag of the record. */
        record OfEtag() implements What {}

        /** A value in the data, under names from the outside in. */
        record InData(List<String> path) implements What {}
    }

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
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return new Reference(text, null, new What.Id());
        }
        String index = matcher.group(1);
        Target target =
                index == null
                        ? new Target.WithAlias(matcher.group(2))
                        : new Target.AtIndex(Integer.parseInt(index));
        return new Reference(text, target, what(matcher.group(3), matcher.group(4)));
    }

    private static What what(@Nullable String part, @Nullable String path) {
        if (part == null) {
            return new What.InData(path == null ? List.of() : List.of(path.split("\\.", -1)));
        }
        return switch (part) {
            case "version" -> new What.Version();
            case "etag" -> new What.OfEtag();
            default -> new What.Id();
        };
    }
}
