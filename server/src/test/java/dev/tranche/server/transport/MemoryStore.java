package dev.tranche.server.transport;

import dev.tranche.server.batch.AccountRemoval;
import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchFilter;
import dev.tranche.server.batch.BatchPage;
import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.batch.KeptPayload;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Catalog;
import dev.tranche.server.engine.MemoryRows;
import dev.tranche.server.engine.RecordReader;
import dev.tranche.server.engine.Transactions;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.Snapshot;
import dev.tranche.server.operation.WorkspaceStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The ports of the store, in memory, one transaction at a time; faults can be played. */
final class MemoryStore
        implements Transactions<BatchTransaction>,
                BatchReader,
                AccountRemoval,
                Catalog,
                RecordReader {
    private final MemoryRows rows = new MemoryRows();
    private final Map<String, WorkspaceRow> workspaces = new TreeMap<>();
    private Map<String, Batch> batches = new HashMap<>();
    private Map<String, ItemResult> results = new TreeMap<>();
    private Map<String, KeptPayload> failed = new TreeMap<>();
    private Runnable beforeCommit = () -> {};

    MemoryStore() {
        workspaces.put(
                "default",
                new WorkspaceRow(
                        1, "default", WorkspaceStage.PREVIEW, new Stamp(Instant.EPOCH, "x")));
    }

    /** Runs in every transaction after its work; what it throws rolls back. */
    synchronized void beforeCommit(Runnable fault) {
        beforeCommit = fault;
    }

    synchronized void put(Batch batch) {
        batches.put(batch.id(), batch);
    }

    synchronized List<Batch> batches() {
        return List.copyOf(batches.values());
    }

    synchronized List<RecordRow> records() {
        return rows.records();
    }

    @Override
    public synchronized <R> R once(Budget budget, Function<? super BatchTransaction, R> work) {
        Map<String, Batch> batchesBefore = new HashMap<>(batches);
        Map<String, ItemResult> resultsBefore = new TreeMap<>(results);
        Map<String, KeptPayload> failedBefore = new TreeMap<>(failed);
        boolean committed = false;
        try {
            Transaction transaction = new Transaction();
            R result = work.apply(transaction);
            beforeCommit.run();
            transaction.changes.forEach(changes -> rows.flush(1, changes));
            committed = true;
            return result;
        } finally {
            if (!committed) {
                batches = batchesBefore;
                results = resultsBefore;
                failed = failedBefore;
            }
        }
    }

    @Override
    public synchronized Optional<Batch> find(long workspaceId, String batchId) {
        return Optional.ofNullable(batches.get(batchId));
    }

    @Override
    public synchronized Optional<Batch> findByRequestId(long workspaceId, String requestId) {
        return batches.values().stream()
                .filter(batch -> requestId.equals(batch.submission().requestId()))
                .findFirst();
    }

    @Override
    public synchronized Removal remove(long workspaceId, String batchId) {
        return batches.remove(batchId) == null ? Removal.MISSING : Removal.REMOVED;
    }

    @Override
    public synchronized BatchPage list(
            BatchFilter filter, BatchPage.@Nullable Position after, int limit, long bytesMax) {
        List<Batch> all = List.copyOf(batches.values());
        return new BatchPage(all.subList(0, Math.min(all.size(), limit)), false, all.size());
    }

    @Override
    public synchronized List<ItemResult> results(String batchId, int from, int to) {
        return results.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(batchId))
                .map(Map.Entry::getValue)
                .filter(result -> result.index() >= from && result.index() <= to)
                .toList();
    }

    @Override
    public synchronized boolean create(WorkspaceRow workspace) {
        return workspaces.putIfAbsent(workspace.name(), workspace) == null;
    }

    @Override
    public synchronized Deletion delete(String name, boolean force, Stamp stamp) {
        if (!workspaces.containsKey(name)) {
            return Deletion.MISSING;
        }
        if (!force && !rows.collections().isEmpty()) {
            return Deletion.NOT_EMPTY;
        }
        workspaces.remove(name);
        return Deletion.DELETED;
    }

    @Override
    public synchronized Optional<WorkspaceRow> workspace(String name) {
        return Optional.ofNullable(workspaces.get(name));
    }

    @Override
    public synchronized List<WorkspaceRow> workspaces(String after, int limit) {
        return workspaces.values().stream()
                .filter(row -> row.name().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Optional<CollectionRow> collection(long workspaceId, String name) {
        return rows.collections().stream().filter(row -> row.name().equals(name)).findFirst();
    }

    @Override
    public synchronized List<CollectionRow> collections(long workspaceId, String after, int limit) {
        return rows.collections().stream()
                .filter(row -> row.name().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<RecordRow> find(long collectionId, List<String> ids) {
        return rows.records().stream()
                .filter(row -> row.key().collection() == collectionId)
                .filter(row -> ids.contains(row.key().id()))
                .toList();
    }

    @Override
    public synchronized List<RecordRow> list(
            long collectionId, String after, boolean deletedToo, int limit, long bytesMax) {
        List<RecordRow> page = new ArrayList<>();
        long bytes = 0;
        for (RecordRow row : rows.records()) {
            boolean wanted =
                    row.key().collection() == collectionId
                            && row.key().id().compareTo(after) > 0
                            && (deletedToo || row.lives());
            if (wanted && page.size() < limit) {
                bytes += row.data().sizeBytes();
                if (bytes > bytesMax && !page.isEmpty()) {
                    break;
                }
                page.add(row);
            }
        }
        return page;
    }

    private static String at(String batchId, int index) {
        return "%s %09d".formatted(batchId, index);
    }

    /** What is done in one transaction; rows change at its end. */
    private final class Transaction implements BatchTransaction {
        private final List<Changes> changes = new ArrayList<>();

        @Override
        public void load(long workspace, Needs needs, Snapshot snapshot) {
            rows.load(workspace, needs, snapshot);
        }

        @Override
        public void flush(long workspace, Changes more) {
            changes.add(more);
        }

        @Override
        public Optional<WorkspaceRow> workspace(String name) {
            return MemoryStore.this.workspace(name);
        }

        @Override
        public List<String> collectionNames(long workspace, int limit) {
            return MemoryStore.this.collections(workspace, "", limit).stream()
                    .map(CollectionRow::name)
                    .toList();
        }

        @Override
        public List<CollectionRow> collections(long workspace, List<String> names) {
            return rows.collections().stream().filter(row -> names.contains(row.name())).toList();
        }

        @Override
        public Optional<WorkspaceRow> lockWorkspace(String name) {
            return workspace(name);
        }

        @Override
        public Optional<Batch> lockByRequestId(long workspaceId, String requestId) {
            return findByRequestId(workspaceId, requestId);
        }

        @Override
        public Optional<Batch> lock(long workspaceId, String batchId) {
            return find(workspaceId, batchId);
        }

        @Override
        public Optional<Batch> lockVisible(long workspaceId, String batchId) {
            return find(workspaceId, batchId);
        }

        @Override
        public long keptBytes(String batchId) {
            return 0;
        }

        @Override
        public long keptBytes(String batchId, List<Integer> indexes) {
            return 0;
        }

        @Override
        public void insert(Batch batch, Duration lease) {
            batches.put(batch.id(), batch);
        }

        @Override
        public void update(Batch batch, int epochBefore, Duration lease) {
            batches.put(batch.id(), batch);
        }

        @Override
        public void appendResults(String batchId, List<ItemResult> more) {
            more.forEach(result -> results.put(at(batchId, result.index()), result));
        }

        @Override
        public void clearResults(String batchId) {
            results.keySet().removeIf(key -> key.startsWith(batchId));
        }

        @Override
        public List<ItemResult> results(String batchId, int from, int to) {
            return MemoryStore.this.results(batchId, from, to);
        }

        @Override
        public void renew(Batch batch, Duration lease) {}

        @Override
        public void progress(Batch batch, Duration lease) {
            batches.put(batch.id(), batch);
        }

        @Override
        public void keepFailed(String batchId, List<KeptPayload> payloads) {
            for (KeptPayload payload : payloads) {
                if (failed.putIfAbsent(at(batchId, payload.index()), payload) != null) {
                    throw new IllegalStateException(payload.index() + " is kept already");
                }
            }
        }

        @Override
        public void forgetFailed(String batchId, List<Integer> indexes) {
            indexes.forEach(index -> failed.remove(at(batchId, index)));
        }

        @Override
        public List<Integer> failedIndexes(String batchId) {
            return MemoryStore.this.results(batchId, 0, Integer.MAX_VALUE).stream()
                    .filter(result -> result.outcome() instanceof Outcome.Failed)
                    .map(ItemResult::index)
                    .toList();
        }

        @Override
        public Kept failed(
                String batchId, List<Integer> indexes, Duration keptTime, long bytesMax) {
            List<KeptPayload> payloads =
                    indexes.stream()
                            .filter(index -> failed.containsKey(at(batchId, index)))
                            .map(index -> failed.get(at(batchId, index)))
                            .toList();
            return new Kept(payloads, true);
        }
    }
}
