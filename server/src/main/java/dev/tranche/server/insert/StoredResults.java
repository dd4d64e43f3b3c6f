package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchResults;
import dev.tranche.server.batch.ItemResult;
import java.util.List;

/** Results that are not this call's work, and that it answers all the same. */
final class StoredResults {
    private static final int PAGE = 1_000;

    private final Reading reading;
    private final Batch batch;
    private final int to;
    private int next;

    /**
     * @param from the first index
     * @param to the index after the last one
     */
    StoredResults(Reading reading, Batch batch, int from, int to) {
        this.reading = reading;
        this.batch = batch;
        this.next = from;
        this.to = to;
    }

    boolean hasNext() {
        return next < to;
    }

    /** Those of the next indexes, each with one: what was never tried is NOT_ATTEMPTED. */
    List<ItemResult> next() {
        int from = next;
        int last = Math.min(to, from + PAGE) - 1;
        List<ItemResult> stored = reading.run(tx -> tx.results(batch.id(), from, last));
        next = last + 1;
        return BatchResults.complete(batch, stored, from, last);
    }
}
