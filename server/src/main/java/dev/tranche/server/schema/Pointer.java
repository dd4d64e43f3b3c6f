package dev.tranche.server.schema;

import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON value. Its text is the RFC 6901 pointer.
 *
 * @param parent null for the whole value
 * @param token the member's name or the element's index, unescaped
 */
record Pointer(@Nullable Pointer parent, String token) {
    static final Pointer ROOT = new Pointer(null, "");

    Pointer at(String name) {
        return new Pointer(this, name);
    }

    Pointer at(int index) {
        return new Pointer(this, Integer.toString(index));
    }

    @Override
    public String toString() {
        return append(new StringBuilder()).toString();
    }

    private StringBuilder append(StringBuilder text) {
        return parent == null
                ? text
                : parent.append(text)
                        .append('/')
                        .append(token.replace("~", "~0").replace("/", "~1"));
    }
}
