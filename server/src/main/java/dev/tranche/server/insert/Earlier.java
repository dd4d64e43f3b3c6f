package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.Chunk.Work;
import java.util.HashMap;
import java.util.Map;

/**
 * Results of indexes that the first attempt has not come to: retries with replacements may have been
 * there before it.
 *
 * @param batch the batch as the first attempt goes on with it
 */
record Earlier(Reading reading, Batch batch) {

    /** Those of some indexes. */
    record Window(Map<Integer, ItemResult> results) {

        /** A record's place in its chunk: what has succeeded is not done again. */
        Entry entry(int index, Work work) {
            ItemResult before = results.get(index);
            boolean done = before != null && before.isInForce();
            return new Entry(index, done ? new Work.Keep() : work, before);
        }
    }

    Window window(int from, int count) {
        Map<Integer, ItemResult> results = new HashMap<>();
        if (batch.attempt() > 1 && count > 0) {
            reading.run(tx -> tx.results(batch.id(), from, from + count - 1))
                    .forEach(one -> results.put(one.index(), one));
        }
        return new Window(results);
    }
}
