package dev.tranche.server.batch;

import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Port: the accounts of batches, inside one open transaction. */
public interface Accounts {

    /** A workspace, not locked; empty if none of this name lives. */
    Optional<WorkspaceRow> workspace(String name);

    /**
     * Locks a workspace, shared: until the transaction ends it lives. After the batch's row, where
     * that is locked, and before anything in the workspace.
     *
     * @return empty if none of this name lives
     */
    Optional<WorkspaceRow> lockWorkspace(String name);

    /**
     * Locks the account a request id stands for, without waiting; empty if there is none.
     *
     * @throws dev.tranche.server.operation.CallFailure REQUEST_IN_PROGRESS if another transaction
     *     holds it
     */
    Optional<Batch> lockByRequestId(long workspaceId, String requestId);

    /**
     * Locks an account, one that was deleted too, waiting for whoever holds it; empty if the
     * workspace has none of this id.
     */
    Optional<Batch> lock(long workspaceId, String batchId);

    /** As {@link #lock}, and empty also if the account was deleted. */
    Optional<Batch> lockVisible(long workspaceId, String batchId);

    /**
     * Stores a new account. If it is RUNNING, its lease begins.
     *
     * @param lease how long from now, by the database's clock, it counts as running
     * @throws RuntimeException the engine's Conflict if its id or request id is taken
     */
    void insert(Batch batch, Duration lease);

    /**
     * Stores an account anew. If it is RUNNING, its lease begins again.
     *
     * @param epochBefore the epoch the stored account must still have
     * @throws dev.tranche.server.operation.CallFailure BATCH_BUSY if it has another: somebody else
     *     took the batch over
     */
    void update(Batch batch, int epochBefore, Duration lease);

    /**
     * Begins the lease of a RUNNING account again.
     *
     * @throws dev.tranche.server.operation.CallFailure BATCH_BUSY if it has run out, or somebody else
     *     took the batch over
     */
    void renew(Batch batch, Duration lease);

    /**
     * Stores how far an account has come that this server works on: its state, counts and times. If
     * it is RUNNING still, its lease begins again.
     *
     * @throws dev.tranche.server.operation.CallFailure BATCH_BUSY as {@link #renew}
     */
    void progress(Batch batch, Duration lease);

    /**
     * Stores results, packed. Each (batch, attempt, first index) goes in once.
     *
     * @param results ascending by index; at least one
     */
    void appendResults(String batchId, List<ItemResult> results);

    /** Removes all results, before a request id is run again. */
    void clearResults(String batchId);

    /** The newest results of the indexes {@code from..to}, both inclusive, ascending. */
    List<ItemResult> results(String batchId, int from, int to);

    /** Stores what failed, for indexes of which nothing is kept. */
    void keepFailed(String batchId, List<KeptPayload> payloads);

    /** Forgets what no longer counts as failed. */
    void forgetFailed(String batchId, List<Integer> indexes);

    /** Every failed index, ascending. */
    List<Integer> failedIndexes(String batchId);

    /** UTF-8 bytes of all payloads that are kept for a batch. */
    long keptBytes(String batchId);

    /** UTF-8 bytes of the payloads that are kept for these indexes of a batch. */
    long keptBytes(String batchId, List<Integer> indexes);

    /**
     * What is kept for these indexes, ascending; nothing for those that did not fail.
     *
     * @param keptTime since when a payload has expired, by the database's clock
     * @param bytesMax stops before the payload that makes the UTF-8 bytes together exceed this, but
     *     answers at least one
     */
    Kept failed(String batchId, List<Integer> indexes, Duration keptTime, long bytesMax);

    /**
     * Kept payloads.
     *
     * @param complete whether none was left out because of the bytes
     */
    record Kept(List<KeptPayload> payloads, boolean complete) {}
}
