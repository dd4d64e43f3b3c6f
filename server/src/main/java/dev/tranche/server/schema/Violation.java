package dev.tranche.server.schema;

/**
 * One thing that is wrong with what a caller gave.
 *
 * @param path where. In this room an RFC 6901 pointer relative to the data or schema looked at, ""
 *     for the whole of it; cut to 1,000 characters and "…" if the names in it are longer. Callers
 *     put the path of that data or schema in front
 * @param description what was given and what is allowed, one line; echoes at most 40 characters of
 *     any one text from the caller
 */
public record Violation(String path, String description) {
    static final int PATH_CHARS_MAX = 1_000;

    /** A violation at a place whose names a caller chose, as long as they liked. */
    static Violation at(String pointer, String description) {
        return new Violation(Excerpt.cut(pointer, PATH_CHARS_MAX), description);
    }
}
