package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import org.jspecify.annotations.Nullable;

/** Whether a record is what an operation, and its collection, demand before it is changed. */
final class Preconditions {
    private Preconditions() {}

    /** Checks them all; {@code was} is the record, alive or deleted, or null. */
    static void check(
            Scope scope,
            CollectionRow collection,
            RecordKey key,
            @Nullable RecordRow was,
            Precondition precondition) {
        if (was == null || !was.lives()) {
            if (demandsLife(precondition)) {
                throw missing(scope, collection, key);
            }
            return;
        }
        if (precondition instanceof Precondition.Absent) {
            throw exists(scope, collection, key);
        }
        checkEtag(scope, was, precondition);
        if (collection.definition().ifMatchRequired() && scope.etag(precondition) == null) {
            Message message =
                    Message.of(
                            "no etag given, for \"{collection}\" demands one to change a live record",
                            "collection",
                            collection.name());
            throw scope.failed(Reason.ETAG_REQUIRED, message, scope.path("if_match"));
        }
    }

    /** Checks that a live record has the etag asked for, if one is. */
    static void checkEtag(Scope scope, RecordRow row, Precondition precondition) {
        String etag = scope.etag(precondition);
        if (etag != null && !etag.equals(row.etag())) {
            Message message =
                    Message.of(
                            "\"{etag}\" given, but the record has another etag at version {version}",
                            "etag",
                            etag,
                            "version",
                            row.version());
            throw scope.failed(Reason.ETAG_MISMATCH, message, scope.path("if_match"));
        }
    }

    private static boolean demandsLife(Precondition precondition) {
        return switch (precondition) {
            case Precondition.Lives lives -> true;
            case Precondition.HasEtag has -> true;
            case Precondition.HasEtagOf has -> true;
            case Precondition.None none -> false;
            case Precondition.Absent absent -> false;
        };
    }

    static Stop missing(Scope scope, CollectionRow collection, RecordKey key) {
        return scope.notFound(
                Reason.RECORD_NOT_FOUND,
                missing(collection.name(), key),
                new Place.OfRecord(collection.name(), key.id()));
    }

    static Message missing(String collection, RecordKey key) {
        return Message.of(
                "record \"{id}\" does not exist in \"{collection}\"",
                "id",
                key.id(),
                "collection",
                collection);
    }

    static Stop exists(Scope scope, CollectionRow collection, RecordKey key) {
        Message message =
                Message.of(
                        "record \"{id}\" already exists in \"{collection}\"",
                        "id",
                        key.id(),
                        "collection",
                        collection.name());
        return Stop.failed(
                ItemError.of(Reason.RECORD_ALREADY_EXISTS, message)
                        .because(key.id())
                        .causedBy(scope.set().writer(key)));
    }
}
