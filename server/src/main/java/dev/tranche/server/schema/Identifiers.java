package dev.tranche.server.schema;

import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of everything that callers name things by. Each method answers null if the text is
 * fine, otherwise one line that says what was given and what is allowed.
 */
public final class Identifiers {
    /** UTF-8 bytes of a record id or a collection's name. */
    public static final int ID_BYTES_MAX = 128;

    /** Characters of the name of a workspace, relationship type or constraint. */
    public static final int NAME_CHARS_MAX = 63;

    /** Characters of an alias. */
    public static final int ALIAS_CHARS_MAX = 64;

    /** Characters of a request id. */
    public static final int REQUEST_ID_CHARS_MAX = 64;

    /** Labels of a batch. */
    public static final int LABELS_MAX = 32;

    /** UTF-8 bytes of the key of a label. */
    public static final int LABEL_KEY_BYTES_MAX = 63;

    /** UTF-8 bytes of the value of a label. */
    public static final int LABEL_VALUE_BYTES_MAX = 255;

    /** UTF-8 bytes of a field path. */
    public static final int FIELD_PATH_BYTES_MAX = 255;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern PRINTABLE_ASCII = Pattern.compile("[ -~]+");

    private Identifiers() {}

    /** A record's id: 1 to 128 bytes of valid Unicode without control characters. */
    public static @Nullable String recordId(String given) {
        return bytes("id", given, ID_BYTES_MAX, Identifiers::isNoControl);
    }

    /** A collection's name: 1 to 128 bytes of printable Unicode, spaces included. */
    public static @Nullable String collectionName(String given) {
        return bytes("collection name", given, ID_BYTES_MAX, Identifiers::isPrintable);
    }

    /** The name of a workspace, relationship type or constraint. */
    public static @Nullable String name(String given) {
        return chars("name", given, NAME_CHARS_MAX, NAME, "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    }

    /** An operation's alias. */
    public static @Nullable String alias(String given) {
        return chars("alias", given, ALIAS_CHARS_MAX, ALIAS, "[a-z][a-z0-9_]{0,63}");
    }

    /** An idempotency key: 1 to 64 printable ASCII characters. */
    public static @Nullable String requestId(String given) {
        String allowed = "1 to " + REQUEST_ID_CHARS_MAX + " printable ASCII characters";
        return chars("request id", given, REQUEST_ID_CHARS_MAX, PRINTABLE_ASCII, allowed);
    }

    /** The key of a label: 1 to 63 bytes of valid Unicode without control characters. */
    public static @Nullable String labelKey(String given) {
        return bytes("label key", given, LABEL_KEY_BYTES_MAX, Identifiers::isNoControl);
    }

    /** The value of a label: at most 255 bytes of valid Unicode without control characters. */
    public static @Nullable String labelValue(String given) {
        return given.isEmpty()
                ? null
                : bytes("label value", given, LABEL_VALUE_BYTES_MAX, Identifiers::isNoControl);
    }

    /**
     * A field of a record's data: the name of a top-level member, or names joined by dots for a
     * member of nested objects. A member whose name has a dot in it cannot be named.
     */
    public static @Nullable String fieldPath(String given) {
        String problem = bytes("field", given, FIELD_PATH_BYTES_MAX, Identifiers::isNoControl);
        if (problem != null) {
            return problem;
        }
        boolean nameless = given.startsWith(".") || given.endsWith(".") || given.contains("..");
        return nameless
                ? "field " + Excerpt.quoted(given) + " given, names joined by single dots allowed"
                : null;
    }

    private static @Nullable String bytes(
            String what, String given, int bytesMax, IntPredicate allowed) {
        if (given.isEmpty()) {
            return "empty " + what + " given, 1 to " + bytesMax + " bytes allowed";
        }
        if (!Unicode.isValid(given)) {
            return what + " with half a surrogate pair given, valid Unicode allowed";
        }
        int bytes = Unicode.utf8Length(given);
        if (bytes > bytesMax) {
            return what + " of " + bytes + " bytes given, at most " + bytesMax + " allowed";
        }
        return given.codePoints()
                .filter(codePoint -> !allowed.test(codePoint))
                .mapToObj(codePoint -> unprintable(what, codePoint))
                .findFirst()
                .orElse(null);
    }

    private static String unprintable(String what, int codePoint) {
        return String.format(
                "%s with the character U+%04X given, printable characters allowed",
                what, codePoint);
    }

    private static @Nullable String chars(
            String what, String given, int charsMax, Pattern allowed, String rule) {
        if (given.length() > charsMax) {
            return what
                    + " of "
                    + given.length()
                    + " characters given, at most "
                    + charsMax
                    + " allowed";
        }
        return allowed.matcher(given).matches()
                ? null
                : what + " " + Excerpt.quoted(given) + " given, " + rule + " allowed";
    }

    private static boolean isNoControl(int codePoint) {
        return Character.getType(codePoint) != Character.CONTROL;
    }

    /** Joiners are part of emoji and of written Persian; other format characters only mislead. */
    private static boolean isPrintable(int codePoint) {
        int type = Character.getType(codePoint);
        return switch (type) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE ->
                    false;
            case Character.FORMAT -> codePoint == 0x200C || codePoint == 0x200D || isTag(codePoint);
            default -> true;
        };
    }

    /** Tag characters spell the flags of England, Scotland and Wales. */
    private static boolean isTag(int codePoint) {
        return codePoint >= 0xE0020 && codePoint <= 0xE007F;
    }
}
