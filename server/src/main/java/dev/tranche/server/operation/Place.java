package dev.tranche.server.operation;

/** What an operation would have made, had it not failed: named as the request names it. */
sealed interface Place {
    record Collection(String name) implements Place {}

    record Record(String collection, String id) implements Place {}

    record Link(String type, Record source, Record target) implements Place {}
}
