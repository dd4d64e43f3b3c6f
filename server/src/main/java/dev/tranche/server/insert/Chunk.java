package dev.tranche.server.insert;

import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that commit together.
 *
 * @param entries ascending by index
 * @param last whether nothing comes after it
 */
record Chunk(List<Entry> entries, boolean last) {

    /**
     * One record's place in a chunk.
     *
     * @param before its result so far; null if it was never tried
     */
    record Entry(int index, Work work, @Nullable ItemResult before) {}

    /** What is to be done about a record. */
    sealed interface Work {

        /**
         * Insert it.
         *
         * @param givenId the id it was given; null if the server made one
         */
        record Insert(Item item, @Nullable String givenId) implements Work {
            CreateRecord operation() {
                return (CreateRecord) item.operation();
            }
        }

        /** Nothing can be done: it fails. */
        record Fail(ItemError error) implements Work {}

        /** Nothing is to be done: it has succeeded before. */
        record Keep(Outcome outcome) implements Work {}
    }

    List<Item> items() {
        return entries.stream()
                .map(Entry::work)
                .filter(Work.Insert.class::isInstance)
                .map(work -> ((Work.Insert) work).item())
                .toList();
    }
}
