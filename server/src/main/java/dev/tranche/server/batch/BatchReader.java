package dev.tranche.server.batch;

import java.util.List;
import java.util.Optional;

/**
 * Port: accounts, read without locks. Every method is a short transaction of its own, and may throw
 * {@link dev.tranche.server.operation.CallFailure} DATABASE_UNAVAILABLE.
 */
public interface BatchReader {

    /** The account of an id. */
    Optional<Batch> find(long workspaceId, String batchId);

    /** The account a request id stands for. */
    Optional<Batch> findByRequestId(long workspaceId, String requestId);

    /** The newest results of the indexes {@code from..to}, both inclusive, ascending. */
    List<ItemResult> results(String batchId, int from, int to);
}
