package dev.tranche.server.store;

import org.apache.ibatis.session.ResultHandler;
import org.jspecify.annotations.Nullable;

/** Statements on the table {@code batch}. */
interface BatchMapper {

    @Nullable BatchLine find(long workspaceId, String id);

    @Nullable BatchLine findByRequestId(long workspaceId, String requestId);

    /** As {@link dev.tranche.server.batch.BatchReader#list} says, without a limit of bytes. */
    void list(ListedBatches.Query query, ResultHandler<BatchLine> rows);

    /** How many accounts there are, whatever the page. */
    int count(ListedBatches.Query query);

    /** Locks the account, waiting for whoever holds it. */
    @Nullable BatchLine lock(long workspaceId, String id);

    /** Locks the account unless it was deleted, waiting for whoever holds it. */
    @Nullable BatchLine lockVisible(long workspaceId, String id);

    /** Locks the account, or fails at once if somebody holds it. */
    @Nullable BatchLine lockByRequestId(long workspaceId, String requestId);

    /**
     * Stores a new account.
     *
     * @param leaseMicros from now; null for no lease
     */
    void insert(BatchLine line, @Nullable Long leaseMicros);

    /**
     * Stores an account anew, if it has the epoch.
     *
     * @param leaseMicros from now; null for no lease
     */
    void update(BatchLine line, int epochBefore, @Nullable Long leaseMicros);

    /** Begins the lease of an account again, if it has the epoch and the lease has not run out. */
    void renew(String id, int epoch, long leaseMicros);

    /**
     * Stores how far an account has come, if it has the epoch and the lease has not run out.
     *
     * @param leaseMicros from now; null for no lease
     */
    void progress(BatchLine line, @Nullable Long leaseMicros);

    /** Takes the account out of sight unless somebody works on it; raises its epoch. */
    void delete(long workspaceId, String id);
}
