package dev.tranche.server.operation;

/** What an operation would have made, had it not failed: named as the request names it. */
sealed interface Place {
    record OfCollection(String name) implements Place {}

    record OfRecord(String collection, String id) implements Place {}

    record OfLink(String type, OfRecord source, OfRecord target) implements Place {}
}
