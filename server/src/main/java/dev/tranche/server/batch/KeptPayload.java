package dev.tranche.server.batch;

import org.jspecify.annotations.Nullable;

/**
 * A record that failed, as it was given, so that it can be retried without sending it again.
 *
 * @param index the caller's, from 0
 * @param recordId the id it was given; null if none
 * @param data its JSON text; null if it was not kept, or not for so long
 * @param expired whether it was kept for its time, and is no more
 */
public record KeptPayload(
        int index, @Nullable String recordId, @Nullable String data, boolean expired) {

    /** What is kept from now on, or never was. */
    public KeptPayload(int index, @Nullable String recordId, @Nullable String data) {
        this(index, recordId, data, false);
    }
}
