package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.Violation;
import java.util.List;
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
            String message =
                    "no etag given, for \""
                            + collection.name()
                            + "\" demands one to change a live record";
            throw scope.failed(Reason.ETAG_REQUIRED, message, scope.path("if_match"));
        }
    }

    /** Checks that a live record has the etag asked for, if one is. */
    static void checkEtag(Scope scope, RecordRow row, Precondition precondition) {
        String etag = scope.etag(precondition);
        if (etag != null && !etag.equals(row.etag())) {
            String message =
                    "\""
                            + etag
                            + "\" given, but the record has another etag at version "
                            + row.version();
            throw Stop.failed(
                    ItemError.at(
                            Reason.ETAG_MISMATCH,
                            message,
                            List.of(new Violation(scope.path("if_match"), message))));
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
                "record \"" + key.id() + "\" does not exist in \"" + collection.name() + "\"",
                new Place.OfRecord(collection.name(), key.id()));
    }

    static Stop exists(Scope scope, CollectionRow collection, RecordKey key) {
        String message =
                "record \"" + key.id() + "\" already exists in \"" + collection.name() + "\"";
        return Stop.failed(
                new ItemError(
                        Reason.RECORD_ALREADY_EXISTS,
                        message,
                        List.of(),
                        null,
                        key.id(),
                        scope.set().writer(key)));
    }
}
