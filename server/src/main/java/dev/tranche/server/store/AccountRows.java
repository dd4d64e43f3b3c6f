package dev.tranche.server.store;

import dev.tranche.server.batch.Accounts;
import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchState;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.batch.KeptPayload;
import dev.tranche.server.engine.Conflict;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts of batches in the tables of one transaction. */
final class AccountRows implements Accounts {
    private static final Duration IN_PROGRESS_DELAY = Duration.ofMillis(200);
    private static final Duration BUSY_DELAY = Duration.ofSeconds(1);

    private final StoreSession session;
    private final ResultRows results;
    private final FailureRows failures;

    AccountRows(StoreSession session) {
        this.session = session;
        this.results = new ResultRows(session);
        this.failures = new FailureRows(session);
    }

    @Override
    public Optional<WorkspaceRow> workspace(String name) {
        return Optional.ofNullable(
                        session.read(() -> session.mapper(WorkspaceMapper.class).find(name)))
                .map(WorkspaceLine::row);
    }

    @Override
    public Optional<WorkspaceRow> lockWorkspace(String name) {
        return Optional.ofNullable(
                        session.read(() -> session.mapper(WorkspaceMapper.class).share(name)))
                .map(WorkspaceLine::row);
    }

    @Override
    public Optional<Batch> lockByRequestId(long workspaceId, String requestId) {
        try {
            return found(session.read(() -> mapper().lockByRequestId(workspaceId, requestId)));
        } catch (Conflict conflict) {
            if (SqlErrors.isLockWait(conflict)) {
                throw inProgress(requestId, conflict);
            }
            throw conflict;
        }
    }

    @Override
    public Optional<Batch> lock(long workspaceId, String batchId) {
        return found(session.read(() -> mapper().lock(workspaceId, batchId)));
    }

    @Override
    public Optional<Batch> lockVisible(long workspaceId, String batchId) {
        return found(session.read(() -> mapper().lockVisible(workspaceId, batchId)));
    }

    @Override
    public void insert(Batch batch, Duration lease) {
        session.write(() -> mapper().insert(BatchLine.of(batch), leaseMicros(batch, lease)));
    }

    @Override
    public void update(Batch batch, int epochBefore, Duration lease) {
        int count =
                session.write(() ->
                        mapper().update(
                                        BatchLine.of(batch),
                                        epochBefore,
                                        leaseMicros(batch, lease)));
        if (count == 0) {
            throw lost(batch, " was taken over by another call");
        }
    }

    @Override
    public void renew(Batch batch, Duration lease) {
        long micros = micros(lease);
        int count = session.write(() -> mapper().renew(batch.id(), batch.epoch(), micros));
        requireHeld(batch, count);
    }

    @Override
    public void progress(Batch batch, Duration lease) {
        int count =
                session.write(
                        () -> mapper().progress(BatchLine.of(batch), leaseMicros(batch, lease)));
        requireHeld(batch, count);
    }

    private static void requireHeld(Batch batch, int count) {
        if (count == 0) {
            throw lost(batch, " was not heard of for longer than its lease, or taken over");
        }
    }

    @Override
    public void appendResults(String batchId, List<ItemResult> more) {
        results.append(batchId, more);
    }

    @Override
    public void clearResults(String batchId) {
        results.clear(batchId);
    }

    @Override
    public List<ItemResult> results(String batchId, int from, int to) {
        return results.newest(batchId, from, to);
    }

    @Override
    public void keepFailed(String batchId, List<KeptPayload> payloads) {
        failures.keep(batchId, payloads);
    }

    @Override
    public void forgetFailed(String batchId, List<Integer> indexes) {
        failures.forget(batchId, indexes);
    }

    @Override
    public List<Integer> failedIndexes(String batchId) {
        return failures.indexes(batchId);
    }

    @Override
    public long keptBytes(String batchId) {
        return failures.bytes(batchId);
    }

    @Override
    public long keptBytes(String batchId, List<Integer> indexes) {
        return failures.bytes(batchId, indexes);
    }

    @Override
    public Kept failed(String batchId, List<Integer> indexes, Duration keptTime, long bytesMax) {
        return failures.find(batchId, indexes, keptTime, bytesMax);
    }

    private BatchMapper mapper() {
        return session.mapper(BatchMapper.class);
    }

    private static Optional<Batch> found(@Nullable BatchLine line) {
        return Optional.ofNullable(line).map(BatchLine::batch);
    }

    private static CallFailure lost(Batch batch, String how) {
        return new CallFailure(
                        new Failure.TryAgain(
                                Reason.BATCH_BUSY, "batch " + batch.id() + how, BUSY_DELAY))
                .of(batch.id());
    }

    private static @Nullable Long leaseMicros(Batch batch, Duration lease) {
        return batch.state() == BatchState.RUNNING ? micros(lease) : null;
    }

    private static long micros(Duration lease) {
        return lease.toNanos() / 1_000;
    }

    private static CallFailure inProgress(String requestId, Conflict conflict) {
        return new CallFailure(
                new Failure.TryAgain(
                        Reason.REQUEST_IN_PROGRESS,
                        "request_id \"" + requestId + "\" is being worked on",
                        IN_PROGRESS_DELAY),
                conflict);
    }
}
