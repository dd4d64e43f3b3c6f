package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at the records of a batch, chunk by chunk: each is one transaction, and its results
 * are true when {@link #nextResults} answers them. Nothing waits for whoever asks but the lease.
 *
 * <p>The transaction of the next chunk may begin while one still runs, so that the database and this
 * server work at the same time. That is a try: if either does not get through at once, the later one
 * is rolled back, and its chunk is written when it is its turn, as if nothing had been.
 *
 * <p>Closing a run that did not come to its end leaves the batch INTERRUPTED.
 */
public final class InsertRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InsertRun.class);
    private static final Executor THREADS =
            task -> Thread.ofVirtual().name("chunk-ahead").start(task);

    private final Reruns<BatchTransaction> reruns;
    private final Reading reading;
    private final ChunkSource source;
    private final ChunkWriter writer;
    private final Call call;
    private final InsertLimits limits;
    private final InstantSource clock;
    private final Semaphore aheadPermits;
    private final LeaseKeeper keeper;
    private final boolean first;
    private final int nextIndex;

    /** The batch as this attempt began with it. */
    private final Batch claimed;

    /** Who writes the account: a chunk of this run, or the keeper of its lease. */
    private final ReentrantLock account = new ReentrantLock();

    private Batch batch;
    private Claim.Standing standing;
    private StoredResults stored;
    private boolean exhausted;
    private boolean broken;

    /** The chunk after the one that is written, or was last; nothing in it if it has not begun. */
    private volatile @Nullable CompletableFuture<@Nullable Begun> ahead;

    /**
     * A chunk whose transaction has begun ahead of its turn.
     *
     * @param outcome completed when that has ended, one way or the other
     */
    private record Begun(ChunkWriter.Draft draft, CompletableFuture<ChunkWriter.Written> outcome) {}

    /**
     * @param aheadPermits how many more transactions may begin ahead of their turn
     * @param stored results of earlier calls that this one answers first
     */
    InsertRun(
            Reruns<BatchTransaction> reruns,
            Reading reading,
            ChunkSource source,
            ChunkWriter writer,
            Call call,
            InsertLimits limits,
            InstantSource clock,
            Semaphore aheadPermits,
            Claim claim,
            StoredResults stored) {
        this.reruns = reruns;
        this.reading = reading;
        this.source = source;
        this.writer = writer;
        this.call = call;
        this.limits = limits;
        this.clock = clock;
        this.aheadPermits = aheadPermits;
        this.claimed = claim.batch();
        this.batch = claimed;
        this.first = claim.first();
        this.nextIndex = batch.nextIndex();
        this.standing = claim.standing();
        this.stored = stored;
        this.exhausted = standing == Claim.Standing.COMPLETE;
        this.keeper = LeaseKeeper.start(limits.lease(), this::renewLease);
    }

    /** The account as of the last chunk. */
    public Batch batch() {
        return batch;
    }

    /** The index of the first record that no earlier call has attempted. */
    public int nextIndex() {
        return nextIndex;
    }

    /** Whether results are left to answer, or records to insert. */
    public boolean hasNext() {
        return stored.hasNext() || !exhausted;
    }

    /**
     * Answers results of earlier calls; after them inserts the next records and commits them.
     *
     * @return ascending by index; may be empty
     * @throws CallFailure if the chunk could not be committed; the run is over then
     */
    public List<ItemResult> nextResults() {
        try {
            return stored.hasNext() ? answerStored() : commitNextChunk();
        } catch (CallFailure failure) {
            account.lock();
            try {
                breakOff(failure);
            } finally {
                account.unlock();
            }
            throw failure.of(batch.id());
        }
    }

    /** Ends the attempt; if it is not at its end, the batch is INTERRUPTED. */
    @Override
    public void close() {
        keeper.close();
        account.lock();
        try {
            breakOff(new CallFailure(new Failure.Cancelled()));
        } finally {
            account.unlock();
        }
    }

    private List<ItemResult> answerStored() {
        List<ItemResult> results = stored.next();
        writer.remember(results);
        return results;
    }

    private List<ItemResult> commitNextChunk() {
        // Not while the account is held: a caller may take his time to send the next records.
        Begun begun = begunAhead();
        ChunkWriter.Draft draft =
                begun == null ? writer.draft(claimed, source.next()) : begun.draft();
        account.lock();
        try {
            if (broken) {
                throw new CallFailure(new Failure.Cancelled());
            }
            ahead = draft.isLast() ? null : draft.followable().thenApplyAsync(this::begin, THREADS);
            return commit(draft, begun).results();
        } finally {
            account.unlock();
        }
    }

    /** Waits until it has begun; null if nothing has. */
    private @Nullable Begun begunAhead() {
        CompletableFuture<@Nullable Begun> beginning = ahead;
        try {
            return beginning == null ? null : beginning.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CallFailure failure ? failure : e;
        }
    }

    /** Begins the transaction of the next chunk, behind that of the one before. */
    private @Nullable Begun begin(Headway before) {
        if (before.isLost() || !aheadPermits.tryAcquire()) {
            return null;
        }
        boolean begun = false;
        try {
            call.budget(limits.transactionTime()).check();
            ChunkWriter.Draft draft = writer.draft(claimed, source.next());
            CompletableFuture<ChunkWriter.Written> outcome =
                    CompletableFuture.supplyAsync(() -> writeBehind(before, draft), THREADS);
            begun = true;
            return new Begun(draft, outcome);
        } finally {
            if (!begun) {
                aheadPermits.release();
            }
        }
    }

    private ChunkWriter.Written writeBehind(Headway before, ChunkWriter.Draft draft) {
        try {
            Budget budget = call.uncancelled().budget(limits.transactionTime());
            return reruns.once(budget, tx -> draft.behind(before, tx, budget));
        } finally {
            aheadPermits.release();
        }
    }

    /** Commits a chunk, or finds that the transaction that was begun for it has done so. */
    private ChunkWriter.Written commit(ChunkWriter.Draft draft, @Nullable Begun begun) {
        boolean done = false;
        try {
            ChunkWriter.Written written = begun == null ? null : outcome(begun);
            if (written == null) {
                call.budget(limits.transactionTime()).check();
                written = write(draft);
            }
            takeNote(written);
            draft.committed(written);
            done = true;
            return written;
        } finally {
            if (!done) {
                draft.lost();
            }
        }
    }

    /** What became of a transaction that was begun ahead; null if it was rolled back. */
    private ChunkWriter.@Nullable Written outcome(Begun begun) {
        try {
            return begun.outcome().join();
        } catch (CompletionException e) {
            return switch (e.getCause()) {
                case CommitUnknown unknown -> settle(begun.draft().written(), unknown);
                case Error error -> throw error;
                case null, default -> null;
            };
        }
    }

    private void takeNote(ChunkWriter.Written written) {
        writer.remember(written);
        batch = written.batch();
        standing = Claim.Standing.BOUND;
        exhausted = written.last();
        if (exhausted && first) {
            int total = batch.counts().total();
            stored = new StoredResults(reading, batch, batch.nextIndex(), total);
        }
    }

    /** A caller who goes away stops the run at the next chunk, not inside this one. */
    private ChunkWriter.Written write(ChunkWriter.Draft draft) {
        Budget budget = call.uncancelled().budget(limits.transactionTime());
        try {
            return reruns.run(budget, tx -> draft.in(tx, batch, standing.isStored(), budget));
        } catch (CommitUnknown unknown) {
            return settle(draft.written(), unknown);
        }
    }

    /** Raises the epoch, so that a transaction that still runs cannot commit; then looks. */
    private ChunkWriter.Written settle(ChunkWriter.Written written, CommitUnknown unknown) {
        boolean repeatable = batch.submission().requestId() != null;
        try {
            Budget budget = new Budget(limits.transactionTime(), () -> false);
            switch (reruns.run(budget, tx -> writer.fate(tx, batch, written))) {
                case STANDS -> {
                    return written.fenced();
                }
                case LOST -> batch = batch.raiseEpoch();
                case FENCED -> broken = true;
                case UNKNOWN -> throw new CallFailure(new Failure.OutcomeUnknown(repeatable));
            }
        } catch (CallFailure | CommitUnknown away) {
            away.addSuppressed(unknown);
            throw new CallFailure(new Failure.OutcomeUnknown(repeatable), away);
        }
        throw new CallFailure(
                new Failure.TryAgain(
                        Reason.DATABASE_UNAVAILABLE,
                        "the connection to the database broke; this chunk was not written",
                        limits.transactionTime()),
                unknown);
    }

    private void breakOff(CallFailure failure) {
        if (!exhausted && !broken) {
            takeWhatIsAhead();
        }
        if (exhausted || broken) {
            return;
        }
        broken = true;
        boolean isAnothers = failure.failure().reason() == Reason.REQUEST_IN_PROGRESS;
        if (standing == Claim.Standing.NEW && isAnothers) {
            return;
        }
        try {
            Batch end =
                    standing == Claim.Standing.BOUND
                            ? batch.interrupt(now())
                            : batch.fail(cause(failure), batch.counts(), now());
            Budget budget = new Budget(limits.transactionTime(), () -> false);
            reruns.run(budget, tx -> writer.breakOff(tx, end, standing.isStored()));
            batch = end;
        } catch (CallFailure | CommitUnknown e) {
            LOG.warn("batch {} could not be marked as interrupted", batch.id(), e);
        }
    }

    /** What has begun ends by itself, and belongs to the account if it is committed. */
    private void takeWhatIsAhead() {
        CompletableFuture<@Nullable Begun> beginning = ahead;
        ahead = null;
        try {
            Begun begun = beginning == null ? null : beginning.exceptionally(any -> null).join();
            ChunkWriter.Written written = begun == null ? null : outcome(begun);
            if (written != null) {
                takeNote(written);
            }
        } catch (CallFailure e) {
            LOG.warn("a chunk of batch {} may not have been written", batch.id(), e);
        }
    }

    private static Batch.Cause cause(CallFailure failure) {
        return new Batch.Cause(failure.failure().reason(), failure.failure().message());
    }

    /** While the reader is slow no chunk renews the lease; whoever is in a chunk does so himself. */
    private void renewLease() {
        if (account.tryLock()) {
            try {
                if (standing.isStored() && !exhausted && !broken && !isRenewedAhead()) {
                    Budget budget = new Budget(limits.transactionTime(), call.cancelled());
                    reruns.run(budget, tx -> writer.renew(tx, batch));
                }
            } catch (CallFailure | CommitUnknown e) {
                LOG.warn("the lease of batch {} could not be renewed", batch.id(), e);
            } finally {
                account.unlock();
            }
        }
    }

    /** Whether a transaction that has begun renews the lease itself, or has ended the batch. */
    private boolean isRenewedAhead() {
        CompletableFuture<@Nullable Begun> beginning = ahead;
        if (beginning == null || !beginning.isDone() || beginning.isCompletedExceptionally()) {
            return false;
        }
        Begun begun = beginning.join();
        return begun != null && (!begun.outcome().isDone() || begun.draft().isLast());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
