package dev.tranche.server.schema;

/** Shows text that a caller gave in a message, short and harmless. */
final class Excerpt {
    /** Characters of a caller's text in a message. */
    static final int CHARS_MAX = 40;

    private Excerpt() {}

    /** The text in quotes; long text is cut and ends in "…", control characters become "?". */
    static String quoted(String text) {
        return "\"" + of(text) + "\"";
    }

    /** As {@link #quoted}, without the quotes. */
    static String of(String text) {
        return cut(text, CHARS_MAX);
    }

    /** At most {@code charsMax} characters of the text, and "…" if there were more. */
    static String cut(String text, int charsMax) {
        int end = Math.min(text.length(), charsMax);
        StringBuilder shown = new StringBuilder(end + 1);
        for (int at = 0; at < end; ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            if (at > end) {
                break;
            }
            shown.appendCodePoint(isHarmless(codePoint) ? codePoint : '?');
        }
        return end < text.length() ? shown.append('…').toString() : shown.toString();
    }

    private static boolean isHarmless(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
