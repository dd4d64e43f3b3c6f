package dev.tranche.server.batch;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Port: accounts, read without locks. Every method is a short transaction of its own, and may throw
 * {@link dev.tranche.server.operation.CallFailure} DATABASE_UNAVAILABLE.
 */
public interface BatchReader {

    /** The account of an id. */
    Optional<Batch> find(long workspaceId, String batchId);

    /** The account a request id stands for. */
    Optional<Batch> findByRequestId(long workspaceId, String requestId);

    /**
     * A page of the accounts that a filter lets through.
     *
     * @param after where the page before ended; null for the first one
     * @param limit at most this many, at least 1
     * @param bytesMax stops before the account with which the texts of all of them take more bytes
     *     than this, but answers at least one
     */
    BatchPage list(
            BatchFilter filter, BatchPage.@Nullable Position after, int limit, long bytesMax);

    /** The newest results of the indexes {@code from..to}, both inclusive, ascending. */
    List<ItemResult> results(String batchId, int from, int to);
}
