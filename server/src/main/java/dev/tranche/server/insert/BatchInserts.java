package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Violation;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Starts attempts: first ones, at records that are given or streamed, and retries of what failed. */
public final class BatchInserts {
    private final Reruns<BatchTransaction> reruns;
    private final Engine engine;
    private final FreshIds ids;
    private final InstantSource clock;
    private final InsertLimits limits;
    private final Claims claims;
    private final Semaphore aheadPermits;

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
        this.claims = new Claims(ids, clock, limits.lease());
        this.aheadPermits = new Semaphore(limits.chunksAheadMax());
    }

    /**
     * Begins a batch, or goes on with the one its request id stands for. Nothing of a new one is
     * stored before its first chunk is committed.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, LIMIT_EXCEEDED, INVALID_REQUEST without records,
     *     REQUEST_ID_REUSED, REQUEST_IN_PROGRESS
     */
    public InsertRun start(InsertRequest request, Call call) {
        checkCount(request, limits);
        InsertOrder order = request.order();
        String hash = InsertHash.of(request);
        int total = request.records().count();
        Claim claim = inTransaction(call, tx -> claims.claim(tx, order, hash, total, call.actor()));
        Batch batch = claim.batch();
        ChunkPrograms programs = programs(claim);
        ChunkSource source =
                new ChunksAhead(
                        new GivenRecords(
                                request.records(),
                                limits.chunk(order.options()),
                                works(batch, false),
                                programs::readTrees,
                                new Earlier(reading(call), batch),
                                batch.nextIndex()),
                        programs);
        int to = claim.standing() == Claim.Standing.COMPLETE ? total : batch.nextIndex();
        StoredResults stored = new StoredResults(reading(call), batch, 0, to);
        return run(source, programs, call, claim, stored, aheadPermits, true);
    }

    /**
     * Begins a batch, or goes on with the one its request id stands for, from {@link
     * InsertRun#nextIndex} on. It is stored at once.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, REQUEST_ID_REUSED, REQUEST_IN_PROGRESS
     */
    public InsertRun stream(StreamRequest request, RecordStream records, Call call) {
        InsertOrder order = request.order();
        String hash = InsertHash.of(request);
        Claim claim = inTransaction(call, tx -> claims.open(tx, order, hash, call.actor()));
        Batch batch = claim.batch();
        ChunkPrograms programs = programs(claim);
        StreamedRecords source =
                new StreamedRecords(
                        records,
                        limits.chunk(order.options()),
                        works(batch, false),
                        programs::readTrees,
                        new Earlier(reading(call), batch),
                        batch.nextIndex());
        boolean complete = claim.standing() == Claim.Standing.COMPLETE;
        int to = complete ? batch.counts().total() : batch.nextIndex();
        int from = request.resultsFrom() == null ? to : request.resultsFrom();
        StoredResults stored = new StoredResults(reading(call), batch, from, to);
        return run(source, programs, call, claim, stored, new Semaphore(0), false);
    }

    /**
     * Takes a batch over for another attempt at what failed.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, BATCH_NOT_FOUND, BATCH_BUSY while another attempt
     *     runs, INVALID_REQUEST if an index is out of range or given twice
     */
    public InsertRun retry(RetryRequest request, Call call) {
        Claims.Retry taken = inTransaction(call, tx -> claims.retry(tx, request, call.actor()));
        Batch batch = taken.claim().batch();
        FailedRecords source =
                new FailedRecords(
                        batch,
                        taken.targets(),
                        request,
                        limits.chunk(batch.insertOptions()),
                        limits.keptTime(),
                        works(batch, request.ignoreConstraints()),
                        reading(call));
        StoredResults stored = new StoredResults(reading(call), batch, 0, 0);
        return run(
                source, programs(taken.claim()), call, taken.claim(), stored, aheadPermits, true);
    }

    /**
     * Refuses what is never begun.
     *
     * @throws CallFailure INVALID_REQUEST, LIMIT_EXCEEDED
     */
    static void checkCount(InsertRequest request, InsertLimits limits) {
        int count = request.records().count();
        InsertOptions options = request.order().options();
        if (count == 0) {
            throw new CallFailure(
                    new Failure.InvalidRequest(
                            List.of(new Violation("records", "none given, at least 1 allowed"))));
        }
        if (count > limits.recordsMax()) {
            throw tooMany("--records-max", count, limits.recordsMax());
        }
        if (options.allOrNothing() && count > limits.allRecordsMax()) {
            throw tooMany("--all-records-max", count, limits.allRecordsMax());
        }
    }

    private static CallFailure tooMany(String limit, int count, int allowed) {
        return new CallFailure(new Failure.LimitExceeded(limit, "records", count, allowed));
    }

    private Works works(Batch batch, boolean ignoreConstraints) {
        String collection = String.valueOf(batch.submission().collection());
        return new Works(ids, collection, batch.insertOptions(), ignoreConstraints);
    }

    private ChunkPrograms programs(Claim claim) {
        return new ChunkPrograms(engine, clock, claim.batch(), claim.first());
    }

    private InsertRun run(
            ChunkSource source,
            ChunkPrograms programs,
            Call call,
            Claim claim,
            StoredResults stored,
            Semaphore ahead,
            boolean namesTwins) {
        Batch batch = claim.batch();
        Verdicts verdicts = new Verdicts(batch.insertOptions(), batch.attempt(), namesTwins);
        ChunkWriter writer = new ChunkWriter(programs, clock, limits, verdicts, claim.first());
        // What stops at a failure is not gone ahead of.
        Semaphore permits = programs.failuresMax() == 0 ? ahead : new Semaphore(0);
        return new InsertRun(
                reruns, reading(call), source, writer, call, limits, clock, permits, claim, stored);
    }

    private Reading reading(Call call) {
        return new Reading() {
            @Override
            public <R> R run(Function<BatchTransaction, R> work) {
                return inTransaction(call, work);
            }
        };
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
}
