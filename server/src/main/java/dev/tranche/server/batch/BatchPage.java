package dev.tranche.server.batch;

import java.time.Instant;
import java.util.List;

/**
 * A page of accounts, the newest first: descending by the moment of submission, then by id.
 *
 * @param more whether there are some after the last of these
 * @param total how many there are on all pages
 */
public record BatchPage(List<Batch> batches, boolean more, int total) {

    /**
     * A place in the order, which no account that is added later comes after.
     *
     * @param createdAt to the microsecond
     */
    public record Position(Instant createdAt, String batchId) {

        /** Where an account stands. */
        public static Position of(Batch batch) {
            return new Position(batch.submission().createdAt(), batch.id());
        }
    }
}
