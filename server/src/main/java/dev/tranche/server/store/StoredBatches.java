package dev.tranche.server.store;

import dev.tranche.server.batch.AccountRemoval;
import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchFilter;
import dev.tranche.server.batch.BatchPage;
import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.batch.ItemResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Accounts, read without locks or removed. */
final class StoredBatches implements BatchReader, AccountRemoval {
    private final ShortTransactions transactions;

    StoredBatches(ShortTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Optional<Batch> find(long workspaceId, String batchId) {
        return find(mapper -> mapper.find(workspaceId, batchId));
    }

    @Override
    public Optional<Batch> findByRequestId(long workspaceId, String requestId) {
        return find(mapper -> mapper.findByRequestId(workspaceId, requestId));
    }

    @Override
    public List<ItemResult> results(String batchId, int from, int to) {
        return transactions.read(session -> new ResultRows(session).newest(batchId, from, to));
    }

    @Override
    public BatchPage list(
            BatchFilter filter, BatchPage.@Nullable Position after, int limit, long bytesMax) {
        ListedBatches rows = new ListedBatches(limit, bytesMax);
        ListedBatches.Query query = ListedBatches.Query.of(filter, after, limit + 1);
        return transactions.read(session -> {
            rows.clear();
            session.read(() -> {
                session.mapper(BatchMapper.class).list(query, rows);
                return rows;
            });
            return rows.page(session.read(() -> session.mapper(BatchMapper.class).count(query)));
        });
    }

    @Override
    public Removal remove(long workspaceId, String batchId) {
        return transactions.write(session -> {
            BatchMapper mapper = session.mapper(BatchMapper.class);
            if (session.write(() -> mapper.delete(workspaceId, batchId)) == 1) {
                return Removal.REMOVED;
            }
            BatchLine line = session.read(() -> mapper.find(workspaceId, batchId));
            return line == null ? Removal.MISSING : Removal.BUSY;
        });
    }

    private Optional<Batch> find(Function<BatchMapper, @Nullable BatchLine> statement) {
        return transactions
                .read(session ->
                        Optional.ofNullable(
                                session.read(
                                        () -> statement.apply(session.mapper(BatchMapper.class)))))
                .map(BatchLine::batch);
    }
}
