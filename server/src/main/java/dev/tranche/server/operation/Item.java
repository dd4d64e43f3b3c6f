package dev.tranche.server.operation;

import org.jspecify.annotations.Nullable;

/**
 * An operation with its place in the request and what was drawn for it before the first load.
 *
 * @param index the caller's index, from 0
 * @param alias the name other operations may use for it; null for none
 * @param group neighbours with the same one stand or fall together; null for none
 * @param path where it stands in the request, {@code operations[1].create_record} for one; empty
 *     if it is the request itself
 * @param fresh what it needs if it creates something
 */
public record Item(
        int index,
        @Nullable String alias,
        @Nullable String group,
        String path,
        Operation operation,
        Fresh fresh) {

    /**
     * Drawn once, so that every pass over the operations gives the same answer.
     *
     * @param recordId id of a record that was given none (UUIDv7)
     * @param number surrogate id of a new collection, life of a new record; positive and random
     */
    public record Fresh(String recordId, long number) {}
}
