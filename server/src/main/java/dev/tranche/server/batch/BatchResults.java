package dev.tranche.server.batch;

import dev.tranche.server.operation.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Reads the results of a batch page by page, one for every index. */
public final class BatchResults {
    private final BatchReader reader;

    public BatchResults(BatchReader reader) {
        this.reader = reader;
    }

    /**
     * Results from an index on, ascending. While the batch runs, those that are there; afterwards
     * every index has one: what was never tried is NOT_ATTEMPTED.
     *
     * @param from the first index, from 0
     * @param limit at most this many
     */
    public List<ItemResult> page(Batch batch, int from, int limit) {
        int to = Math.min(batch.counts().total(), from + limit) - 1;
        if (to < from) {
            return List.of();
        }
        List<ItemResult> stored = reader.results(batch.id(), from, to);
        return batch.isBusy() ? stored : complete(batch, stored, from, to);
    }

    /**
     * One result for every index: what was never tried is NOT_ATTEMPTED.
     *
     * @param stored ascending by index
     * @param from the first index
     * @param to the last index
     */
    public static List<ItemResult> complete(
            Batch batch, List<ItemResult> stored, int from, int to) {
        List<ItemResult> all = new ArrayList<>(to - from + 1);
        int next = 0;
        for (int index = from; index <= to; index++) {
            boolean there = next < stored.size() && stored.get(next).index() == index;
            all.add(
                    there
                            ? stored.get(next++)
                            : new ItemResult(index, new Outcome.NotAttempted(), batch.attempt()));
        }
        return all;
    }
}
