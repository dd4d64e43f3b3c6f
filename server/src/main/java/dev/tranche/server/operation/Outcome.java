package dev.tranche.server.operation;

import dev.tranche.server.operation.Rows.RecordRow;
import org.jspecify.annotations.Nullable;

/** What became of one item. Exactly one per index, in the order of the request. */
public sealed interface Outcome {

    /**
     * It succeeded.
     *
     * @param recordId the record it was about; null for relationships and collections
     * @param version of what it was about; 0 if that is not there
     * @param etag of the record; null if there is none
     * @param read what {@code GetRecord} answers, else null
     */
    record Applied(
            Effect effect,
            @Nullable String recordId,
            long version,
            @Nullable String etag,
            @Nullable ReadRecord read)
            implements Outcome {

        /** The result of writing a record. */
        static Applied of(Effect effect, RecordRow row) {
            return new Applied(effect, row.key().id(), row.version(), row.etag(), null);
        }
    }

    /** It failed, and left no trace. */
    record Failed(ItemError error) implements Outcome {}

    /** Nothing was tried. */
    record NotAttempted() implements Outcome {}

    /** It had succeeded, but the transaction did not stand. */
    record RolledBack() implements Outcome {}

    /** A record together with the name of its collection. */
    record ReadRecord(String collection, RecordRow row) {}
}
