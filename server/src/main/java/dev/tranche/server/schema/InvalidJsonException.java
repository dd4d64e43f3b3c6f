package dev.tranche.server.schema;

/**
 * The text is no JSON, or JSON that Tranche does not take. Its message says what was given, what is
 * allowed, and at which line and column, both counted from 1.
 */
public final class InvalidJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    InvalidJsonException(String pointer, String detail) {
        super(detail);
        this.pointer = Excerpt.cut(pointer, Violation.PATH_CHARS_MAX);
    }

    /** The RFC 6901 pointer of the value that was being read, "" for the whole text. */
    public String pointer() {
        return pointer;
    }

    /** What was given, what is allowed, and where; the same as the message. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
