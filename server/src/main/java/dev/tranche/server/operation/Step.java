package dev.tranche.server.operation;

/** The answer to one operation. */
sealed interface Step {

    /** It works, and changes this. */
    record Done(Edits edits, Outcome.Applied result) implements Step {}

    /** It does not work, and changes nothing. */
    record Failed(ItemError error) implements Step {}

    /** It worked, but another of its group did not. */
    record RolledBack() implements Step {}

    /** It cannot be said before these are loaded. */
    record Incomplete(Needs needs) implements Step {}
}
