package dev.tranche.server.operation;

/** What an operation demands of the record before it does anything. */
public sealed interface Precondition {

    /** Nothing. */
    record None() implements Precondition {}

    /** That it lives: {@code if_match: "*"}. */
    record Lives() implements Precondition {}

    /** That no record lives: {@code if_none_match: "*"}. */
    record Absent() implements Precondition {}

    /** That it has this etag. */
    record HasEtag(String etag) implements Precondition {}

    /** That it has the etag that an earlier operation resulted in. */
    record HasEtagOf(Reference reference) implements Precondition {}

    /** Reads an {@code if_match}: empty for nothing, {@code *}, {@code ${…}} or an etag. */
    static Precondition ifMatch(String text) {
        if (text.isEmpty()) {
            return new None();
        }
        if (text.equals("*")) {
            return new Lives();
        }
        return Reference.looksLikeOne(text)
                ? new HasEtagOf(Reference.parse(text))
                : new HasEtag(text);
    }
}
