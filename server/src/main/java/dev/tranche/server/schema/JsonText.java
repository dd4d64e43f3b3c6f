package dev.tranche.server.schema;

import java.util.HexFormat;

/**
 * JSON text without blanks, while it is written piece by piece. The pieces are its writer's: a name
 * before each value of an object, and an end for each begin.
 */
public final class JsonText {
    /** Most texts of records have fewer characters. */
    private static final int USUAL_LENGTH = 256;

    private final StringBuilder out = new StringBuilder(USUAL_LENGTH);

    public void beginObject() {
        separate();
        out.append('{');
    }

    public void endObject() {
        out.append('}');
    }

    public void beginArray() {
        separate();
        out.append('[');
    }

    public void endArray() {
        out.append(']');
    }

    /**
     * The name of a member.
     *
     * @param name valid Unicode, and of no other member of its object
     */
    public void name(String name) {
        string(name);
        out.append(':');
    }

    /**
     * A string.
     *
     * @param text valid Unicode
     */
    public void string(String text) {
        separate();
        out.append('"');
        int plain = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(text, plain, at);
                escape(c);
                plain = at + 1;
            }
        }
        out.append(text, plain, text.length()).append('"');
    }

    /**
     * A value that is neither string, object nor array.
     *
     * @param text as the grammar has it
     */
    public void literal(String text) {
        separate();
        out.append(text);
    }

    /** What was written so far. */
    @Override
    public String toString() {
        return out.toString();
    }

    /** Strings end in a quotation mark, so that nothing else looks like the beginning of one. */
    private void separate() {
        if (!out.isEmpty()) {
            char last = out.charAt(out.length() - 1);
            if (last != '{' && last != '[' && last != ':') {
                out.append(',');
            }
        }
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u").append(HexFormat.of().toHexDigits(c));
        }
    }
}
