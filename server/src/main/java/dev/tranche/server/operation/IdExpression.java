package dev.tranche.server.operation;

/** Where the id of a record comes from. */
public sealed interface IdExpression {

    /** The id itself, already checked. */
    record Literal(String id) implements IdExpression {}

    /** Made by the server, before anything is loaded. */
    record Generated() implements IdExpression {}

    /** The result of an earlier operation. */
    record FromResult(Reference reference) implements IdExpression {}

    /** Reads an id field: empty means generated, {@code ${…}} a reference, all else is the id. */
    static IdExpression parse(String text) {
        if (text.isEmpty()) {
            return new Generated();
        }
        return Reference.looksLikeOne(text)
                ? new FromResult(Reference.parse(text))
                : new Literal(text);
    }
}
