package dev.tranche.server.store;

import dev.tranche.server.batch.KeptPayload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@code batch_failure}, column by column.
 *
 * @param payload JSON text; null if it was not kept
 */
record FailureLine(
        String batchId, int itemIndex, @Nullable String recordId, @Nullable String payload) {

    static FailureLine of(String batchId, KeptPayload kept) {
        return new FailureLine(batchId, kept.index(), kept.recordId(), kept.data());
    }

    KeptPayload kept() {
        return new KeptPayload(itemIndex, recordId, payload);
    }

    /** UTF-8 bytes of the payload. */
    long bytes() {
        return payload == null ? 0 : payload.getBytes(StandardCharsets.UTF_8).length;
    }
}
