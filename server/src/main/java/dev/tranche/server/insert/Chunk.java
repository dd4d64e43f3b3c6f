package dev.tranche.server.insert;

import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.engine.Foresight;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.schema.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that commit together.
 *
 * @param entries ascending by index
 * @param last whether nothing comes after it
 * @param foresight of what they come to; null if there is none
 */
record Chunk(List<Entry> entries, boolean last, @Nullable Foresight foresight) {

    Chunk(List<Entry> entries, boolean last) {
        this(entries, last, null);
    }

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
         * @param data a JSON object
         */
        record Insert(Item item, @Nullable String givenId, Json data) implements Work {}

        /** Nothing can be done: it fails. */
        record Fail(ItemError error) implements Work {}

        /** Nothing is to be done: its result so far stands. */
        record Keep() implements Work {}
    }

    List<Item> items() {
        return entries.stream()
                .map(Entry::work)
                .filter(Work.Insert.class::isInstance)
                .map(work -> ((Work.Insert) work).item())
                .toList();
    }

    /** Whether somebody has looked into the data of the last record. */
    boolean hasTrees() {
        return !entries.isEmpty()
                && entries.getLast().work() instanceof Work.Insert insert
                && insert.data().hasTree();
    }

    Chunk foreseen(Foresight foresight) {
        return new Chunk(entries, last, foresight);
    }

    /** The first of them, and the end. */
    Chunk endingAfter(int count) {
        return new Chunk(entries.subList(0, count), true);
    }

    /** The index after the last one. */
    int nextIndex() {
        return entries.isEmpty() ? 0 : entries.getLast().index() + 1;
    }
}
