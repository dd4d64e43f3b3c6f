package dev.tranche.server.store;

import dev.tranche.server.batch.Accounts;
import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.batch.KeptPayload;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everything a use case can do inside one transaction. */
final class StoreTransaction implements BatchTransaction {
    private final RowLoader loader;
    private final RowFlusher flusher;
    private final Accounts accounts;
    private final CollectionReader collections;

    StoreTransaction(
            RowLoader loader, RowFlusher flusher, Accounts accounts, CollectionReader collections) {
        this.loader = loader;
        this.flusher = flusher;
        this.accounts = accounts;
        this.collections = collections;
    }

    @Override
    public void load(long workspace, Needs needs, Snapshot snapshot) {
        loader.load(workspace, needs, snapshot);
    }

    @Override
    public void flush(long workspace, Changes changes) {
        flusher.flush(workspace, changes);
    }

    @Override
    public Optional<WorkspaceRow> workspace(String name) {
        return accounts.workspace(name);
    }

    @Override
    public List<String> collectionNames(long workspace, int limit) {
        return collections.names(workspace, limit);
    }

    @Override
    public List<CollectionRow> collections(long workspace, List<String> names) {
        return collections.named(workspace, names);
    }

    @Override
    public Optional<WorkspaceRow> lockWorkspace(String name) {
        return accounts.lockWorkspace(name);
    }

    @Override
    public Optional<Batch> lockByRequestId(long workspaceId, String requestId) {
        return accounts.lockByRequestId(workspaceId, requestId);
    }

    @Override
    public Optional<Batch> lock(long workspaceId, String batchId) {
        return accounts.lock(workspaceId, batchId);
    }

    @Override
    public Optional<Batch> lockVisible(long workspaceId, String batchId) {
        return accounts.lockVisible(workspaceId, batchId);
    }

    @Override
    public void insert(Batch batch, Duration lease) {
        accounts.insert(batch, lease);
    }

    @Override
    public void update(Batch batch, int epochBefore, Duration lease) {
        accounts.update(batch, epochBefore, lease);
    }

    @Override
    public void renew(Batch batch, Duration lease) {
        accounts.renew(batch, lease);
    }

    @Override
    public void progress(Batch batch, Duration lease) {
        accounts.progress(batch, lease);
    }

    @Override
    public void appendResults(String batchId, List<ItemResult> results) {
        accounts.appendResults(batchId, results);
    }

    @Override
    public void clearResults(String batchId) {
        accounts.clearResults(batchId);
    }

    @Override
    public List<ItemResult> results(String batchId, int from, int to) {
        return accounts.results(batchId, from, to);
    }

    @Override
    public void keepFailed(String batchId, List<KeptPayload> payloads) {
        accounts.keepFailed(batchId, payloads);
    }

    @Override
    public void forgetFailed(String batchId, List<Integer> indexes) {
        accounts.forgetFailed(batchId, indexes);
    }

    @Override
    public List<Integer> failedIndexes(String batchId) {
        return accounts.failedIndexes(batchId);
    }

    @Override
    public long keptBytes(String batchId) {
        return accounts.keptBytes(batchId);
    }

    @Override
    public long keptBytes(String batchId, List<Integer> indexes) {
        return accounts.keptBytes(batchId, indexes);
    }

    @Override
    public Kept failed(String batchId, List<Integer> indexes, Duration keptTime, long bytesMax) {
        return accounts.failed(batchId, indexes, keptTime, bytesMax);
    }
}
