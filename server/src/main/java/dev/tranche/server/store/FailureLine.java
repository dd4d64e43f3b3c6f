package dev.tranche.server.store;

import dev.tranche.server.batch.KeptPayload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@code batch_failure}, column by column.
 *
 * @param payload JSON text; null if it was not kept, or not for so long
 * @param payloadBytes UTF-8 bytes of the payload
 * @param expired whether it was kept for its time, and is no more
 */
record FailureLine(
        String batchId,
        int itemIndex,
        @Nullable String recordId,
        @Nullable String payload,
        int payloadBytes,
        boolean expired) {

    static FailureLine of(String batchId, KeptPayload kept) {
        return new FailureLine(
                batchId,
                kept.index(),
                kept.recordId(),
                kept.data(),
                kept.data() == null ? 0 : kept.data().getBytes(StandardCharsets.UTF_8).length,
                kept.expired());
    }

    KeptPayload kept() {
        return new KeptPayload(itemIndex, recordId, payload, expired);
    }
}
