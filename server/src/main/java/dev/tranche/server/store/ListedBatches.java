package dev.tranche.server.store;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchFilter;
import dev.tranche.server.batch.BatchPage;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.ibatis.session.ResultContext;
import org.apache.ibatis.session.ResultHandler;
import org.jspecify.annotations.Nullable;

/** Takes accounts as they come out of the database, until the page is full. */
final class ListedBatches implements ResultHandler<BatchLine> {
    /** About what an account takes beside its labels and the reason why it failed. */
    private static final long ROW_BYTES = 512;

    private final int limit;
    private final long bytesMax;
    private final List<Batch> batches = new ArrayList<>();
    private long bytes;
    private boolean more;

    ListedBatches(int limit, long bytesMax) {
        this.limit = limit;
        this.bytesMax = bytesMax;
    }

    /**
     * What the statements are told.
     *
     * @param kinds names; empty means any
     * @param states names, as callers see them; empty means any
     * @param labels JSON: an object of texts, all of which must be there; null means none
     * @param afterAt where the page before ended; null for the first one
     * @param limit rows
     */
    record Query(
            long workspaceId,
            List<String> kinds,
            List<String> states,
            @Nullable String createdBy,
            @Nullable LocalDateTime from,
            @Nullable LocalDateTime before,
            @Nullable String labels,
            @Nullable LocalDateTime afterAt,
            @Nullable String afterId,
            int limit) {

        static Query of(BatchFilter filter, BatchPage.@Nullable Position after, int limit) {
            return new Query(
                    filter.workspaceId(),
                    filter.kinds().stream().map(Enum::name).sorted().toList(),
                    filter.states().stream().map(Enum::name).sorted().toList(),
                    filter.createdBy(),
                    Times.columnOrNull(filter.from()),
                    Times.columnOrNull(filter.before()),
                    StoredLabels.write(filter.labels()),
                    after == null ? null : Times.column(after.createdAt()),
                    after == null ? null : after.batchId(),
                    limit);
        }
    }

    @Override
    public void handleResult(ResultContext<? extends BatchLine> context) {
        Batch batch = context.getResultObject().batch();
        bytes += bytes(batch);
        more = batches.size() == limit || (bytes > bytesMax && !batches.isEmpty());
        if (more) {
            context.stop();
        } else {
            batches.add(batch);
        }
    }

    /** Forgets what a transaction that is run again has read. */
    void clear() {
        batches.clear();
        bytes = 0;
        more = false;
    }

    BatchPage page(int total) {
        return new BatchPage(List.copyOf(batches), more, total);
    }

    private static long bytes(Batch batch) {
        long sum = ROW_BYTES;
        for (Map.Entry<String, String> label : batch.submission().labels().entrySet()) {
            sum += 2L * (label.getKey().length() + label.getValue().length());
        }
        return batch.cause() == null ? sum : sum + 2L * batch.cause().message().length();
    }
}
