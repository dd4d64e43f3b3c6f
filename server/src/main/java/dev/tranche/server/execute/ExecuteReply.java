package dev.tranche.server.execute;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch came to.
 *
 * @param batch null after a dry run
 * @param results one per operation, ascending by index; after STOP they end with the failure
 * @param replayed whether this is the first reply to the same request id, given again
 */
public record ExecuteReply(@Nullable Batch batch, List<ItemResult> results, boolean replayed) {}
