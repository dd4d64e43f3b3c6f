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
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at the records of a batch, chunk by chunk: each is one transaction, and its results
 * are true when {@link #nextResults} answers them. Between chunks nothing is held but the lease.
 *
 * <p>Closing a run that did not come to its end leaves the batch INTERRUPTED.
 */
public final class InsertRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InsertRun.class);

    private final Reruns<BatchTransaction> reruns;
    private final Reading reading;
    private final ChunkSource source;
    private final ChunkWriter writer;
    private final Call call;
    private final InsertLimits limits;
    private final InstantSource clock;
    private final LeaseKeeper keeper;
    private final boolean first;
    private final int nextIndex;

    /** Who writes the account: a chunk of this run, or the keeper of its lease. */
    private final ReentrantLock account = new ReentrantLock();

    private Batch batch;
    private Claim.Standing standing;
    private StoredResults stored;
    private boolean exhausted;
    private boolean broken;

    /**
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
            Claim claim,
            StoredResults stored) {
        this.reruns = reruns;
        this.reading = reading;
        this.source = source;
        this.writer = writer;
        this.call = call;
        this.limits = limits;
        this.clock = clock;
        this.batch = claim.batch();
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
        Chunk chunk = source.next();
        account.lock();
        try {
            if (broken) {
                throw new CallFailure(new Failure.Cancelled());
            }
            call.budget(limits.transactionTime()).check();
            ChunkWriter.Written written = write(chunk);
            writer.remember(written);
            batch = written.batch();
            standing = Claim.Standing.BOUND;
            exhausted = written.last();
            if (exhausted && first) {
                int total = batch.counts().total();
                stored = new StoredResults(reading, batch, batch.nextIndex(), total);
            }
            return written.results();
        } finally {
            account.unlock();
        }
    }

    /** A caller who goes away stops the run at the next chunk, not inside this one. */
    private ChunkWriter.Written write(Chunk chunk) {
        ChunkWriter.Draft draft = writer.draft(batch, standing.isStored(), chunk);
        Budget budget = call.uncancelled().budget(limits.transactionTime());
        try {
            return reruns.run(budget, tx -> draft.in(tx, budget));
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

    private static Batch.Cause cause(CallFailure failure) {
        return new Batch.Cause(failure.failure().reason(), failure.failure().message());
    }

    /** While the reader is slow no chunk renews the lease; whoever is in a chunk does so himself. */
    private void renewLease() {
        if (account.tryLock()) {
            try {
                if (standing.isStored() && !exhausted && !broken) {
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

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
