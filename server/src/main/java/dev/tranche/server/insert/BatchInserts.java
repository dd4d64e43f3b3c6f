package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.schema.Violation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Starts attempts: the first one at records that are given, and further ones at what failed. */
public final class BatchInserts {
    private static final Duration BUSY_DELAY = Duration.ofSeconds(1);

    private final Reruns<BatchTransaction> reruns;
    private final Engine engine;
    private final FreshIds ids;
    private final InstantSource clock;
    private final InsertLimits limits;

    public BatchInserts(
            Reruns<BatchTransaction> reruns,
            Engine engine,
            FreshIds ids,
            InstantSource clock,
            InsertLimits limits) {
        this.reruns = reruns;
        this.engine = engine;
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Begins a batch. Nothing of it is stored before its first chunk is committed.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, LIMIT_EXCEEDED, INVALID_REQUEST without records
     */
    public InsertRun start(InsertRequest request, Call call) {
        int count = request.records().count();
        if (count == 0) {
            throw invalid("records", "none given, at least 1 allowed");
        }
        if (count > limits.recordsMax()) {
            throw new CallFailure(
                    new Failure.LimitExceeded(
                            "--records-max", "records", count, limits.recordsMax()));
        }
        long workspace = inTransaction(call, tx -> workspaceId(tx, request.workspace()));
        Submission submission =
                new Submission(
                        BatchKind.INSERT,
                        request.workspace(),
                        null,
                        null,
                        request.collection(),
                        null,
                        now(),
                        call.actor(),
                        Map.of());
        Batch batch = Batch.begin(ids.next(), workspace, submission, count);
        return run(new GivenRecords(request, limits, ids), call, batch, false);
    }

    /**
     * Takes a batch over for another attempt at what failed.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, BATCH_NOT_FOUND, BATCH_BUSY while another attempt
     *     runs, INVALID_REQUEST if an index is out of range or given twice
     */
    public InsertRun retry(RetryRequest request, Call call) {
        Taken taken = inTransaction(call, tx -> take(tx, request, call));
        FailedRecords source =
                new FailedRecords(
                        taken.batch(),
                        taken.targets(),
                        request,
                        limits,
                        ids,
                        new FailedRecords.Reading() {
                            @Override
                            public <R> R run(Function<BatchTransaction, R> work) {
                                return inTransaction(call, work);
                            }
                        });
        return run(source, call, taken.batch(), true);
    }

    /** A batch that this call now works on, and at which indexes. */
    private record Taken(Batch batch, List<Integer> targets) {}

    private Taken take(BatchTransaction tx, RetryRequest request, Call call) {
        long workspace = workspaceId(tx, request.workspace());
        Batch batch =
                tx.lock(workspace, request.batchId())
                        .orElseThrow(
                                () -> missing(Reason.BATCH_NOT_FOUND, "batch", request.batchId()));
        if (batch.submission().kind() != BatchKind.INSERT) {
            throw invalid("batch_id", "an ExecuteBatch given, a BatchInsert allowed");
        }
        if (batch.isBusy()) {
            throw new CallFailure(
                            new Failure.TryAgain(
                                    Reason.BATCH_BUSY,
                                    "batch " + batch.id() + " is being worked on",
                                    BUSY_DELAY))
                    .of(batch.id());
        }
        List<Integer> failed =
                request.indexes().isEmpty() ? tx.failedIndexes(batch.id()) : List.of();
        List<Integer> targets = RetryTargets.of(request, batch.counts().total(), failed);
        Batch taken = batch.retry(call.actor(), now());
        tx.update(taken, batch.epoch(), limits.lease());
        return new Taken(taken, targets);
    }

    private InsertRun run(ChunkSource source, Call call, Batch batch, boolean stored) {
        ChunkWriter writer = new ChunkWriter(engine, clock, limits);
        return new InsertRun(reruns, source, writer, call, limits, clock, batch, stored);
    }

    /** A broken COMMIT here leaves at most a lease behind, which runs out by itself. */
    private <R> R inTransaction(Call call, Function<BatchTransaction, R> work) {
        try {
            return reruns.run(call.budget(limits.transactionTime()), work);
        } catch (CommitUnknown unknown) {
            throw new CallFailure(
                    new Failure.TryAgain(
                            Reason.DATABASE_UNAVAILABLE,
                            "the connection to the database broke; no record was written",
                            limits.lease()),
                    unknown);
        }
    }

    private static long workspaceId(BatchTransaction tx, String name) {
        return tx.workspace(name)
                .map(WorkspaceRow::id)
                .orElseThrow(() -> missing(Reason.WORKSPACE_NOT_FOUND, "workspace", name));
    }

    private static CallFailure missing(Reason reason, String what, String name) {
        return new CallFailure(Failure.Refused.missing(reason, what, name));
    }

    private static CallFailure invalid(String path, String description) {
        return new CallFailure(
                new Failure.InvalidRequest(List.of(new Violation(path, description))));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
