package dev.tranche.server.operation;

import dev.tranche.server.operation.Rows.RecordRow;
import org.jspecify.annotations.Nullable;

/** What became of one item. Exactly one per index, in the order of the request. */
public sealed interface Outcome {

    /** The same without what an operation left; what it read stays. */
    default Outcome brief() {
        return this;
    }

    /**
     * It succeeded.
     *
     * @param recordId the record it was about; null for relationships and collections
     * @param version of what it was about; 0 if that is not there
     * @param etag of the record; null if there is none
     * @param resource what it read, or left; null if there is nothing, or nobody wants to know
     */
    record Applied(
            Effect effect,
            @Nullable String recordId,
            long version,
            @Nullable String etag,
            @Nullable Resource resource)
            implements Outcome {

        /** The result of reading or writing a record. */
        static Applied of(Effect effect, String collection, RecordRow row) {
            return new Applied(
                    effect,
                    row.key().id(),
                    row.version(),
                    row.etag(),
                    new Resource.OfRecord(collection, row));
        }

        @Override
        public Applied brief() {
            return resource == null || effect == Effect.READ
                    ? this
                    : new Applied(effect, recordId, version, etag, null);
        }
    }

    /**
     * It was left out on purpose.
     *
     * @param recordId the record that was in its way
     */
    record Skipped(String recordId) implements Outcome {}

    /** It failed, and left no trace. */
    record Failed(ItemError error) implements Outcome {}

    /** Nothing was tried. */
    record NotAttempted() implements Outcome {}

    /** It had succeeded, but the transaction did not stand. */
    record RolledBack() implements Outcome {}
}
