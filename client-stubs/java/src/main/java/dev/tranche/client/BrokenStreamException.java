package dev.tranche.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream of results that did not keep to the contract: it lacks its beginning or end, or its
 * results are not one per index, ascending. What it said can't be relied on; {@code
 * ListBatchResults} tells the truth.
 */
public final class BrokenStreamException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final @Nullable String batchId;

    BrokenStreamException(@Nullable String batchId, String message) {
        super(
                (batchId == null ? "insert stream" : "insert stream of batch " + batchId)
                        + ": "
                        + message);
        this.batchId = batchId;
    }

    /** The batch whose stream it was. Empty if the stream broke before it named one. */
    public Optional<String> batchId() {
        return Optional.ofNullable(batchId);
    }
}
