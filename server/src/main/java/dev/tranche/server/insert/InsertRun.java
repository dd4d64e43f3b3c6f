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
 * are true when {@link #commitNextChunk} answers them. Between chunks nothing is held but the lease.
 *
 * <p>Closing a run that did not come to its end leaves the batch INTERRUPTED.
 */
public final class InsertRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InsertRun.class);

    private final Reruns<BatchTransaction> reruns;
    private final ChunkSource source;
    private final ChunkWriter writer;
    private final Call call;
    private final InsertLimits limits;
    private final InstantSource clock;
    private final LeaseKeeper keeper;

    /** Who writes the account: a chunk of this run, or the keeper of its lease. */
    private final ReentrantLock account = new ReentrantLock();

    private Batch batch;
    private boolean stored;
    private boolean exhausted;
    private boolean broken;

    /**
     * @param batch its account, RUNNING
     * @param stored whether the account is in the database already
     */
    InsertRun(
            Reruns<BatchTransaction> reruns,
            ChunkSource source,
            ChunkWriter writer,
            Call call,
            InsertLimits limits,
            InstantSource clock,
            Batch batch,
            boolean stored) {
        this.reruns = reruns;
        this.source = source;
        this.writer = writer;
        this.call = call;
        this.limits = limits;
        this.clock = clock;
        this.batch = batch;
        this.stored = stored;
        this.keeper = LeaseKeeper.start(limits.lease(), this::renewLease);
    }

    /** The account as of the last chunk. */
    public Batch batch() {
        return batch;
    }

    /** Whether a chunk is left. */
    public boolean hasNext() {
        return !exhausted;
    }

    /**
     * Inserts the next records and commits them.
     *
     * @return their results, ascending by index
     * @throws CallFailure if the chunk could not be committed; the run is over then
     */
    public List<ItemResult> commitNextChunk() {
        account.lock();
        try {
            call.budget(limits.transactionTime()).check();
            ChunkWriter.Written written = write(source.next());
            writer.remember(written);
            batch = written.batch();
            stored = true;
            exhausted = written.last();
            return written.results();
        } catch (CallFailure failure) {
            broken = true;
            breakOff(failure);
            throw failure.of(batch.id());
        } finally {
            account.unlock();
        }
    }

    /** Ends the attempt; if it is not at its end, the batch is INTERRUPTED. */
    @Override
    public void close() {
        keeper.close();
        account.lock();
        try {
            if (!exhausted && !broken) {
                breakOff(new CallFailure(new Failure.Cancelled()));
            }
        } finally {
            account.unlock();
        }
    }

    /** A caller who goes away stops the run at the next chunk, not inside this one. */
    private ChunkWriter.Written write(Chunk chunk) {
        ChunkWriter.Draft draft = writer.draft(batch, stored, chunk);
        Budget budget = call.uncancelled().budget(limits.transactionTime());
        try {
            return reruns.run(budget, tx -> draft.in(tx, budget));
        } catch (CommitUnknown unknown) {
            return settle(draft.written(), unknown);
        }
    }

    /** Raises the epoch, so that a transaction that still runs cannot commit; then looks. */
    private ChunkWriter.Written settle(ChunkWriter.Written written, CommitUnknown unknown) {
        try {
            Budget budget = new Budget(limits.transactionTime(), () -> false);
            if (reruns.run(budget, tx -> writer.standsIn(tx, written))) {
                return written.fenced();
            }
        } catch (CallFailure | CommitUnknown away) {
            away.addSuppressed(unknown);
            throw new CallFailure(new Failure.OutcomeUnknown(false), away);
        }
        throw new CallFailure(
                new Failure.TryAgain(
                        Reason.DATABASE_UNAVAILABLE,
                        "the connection to the database broke; this chunk was not written",
                        limits.transactionTime()),
                unknown);
    }

    private void breakOff(CallFailure failure) {
        try {
            Batch end =
                    stored
                            ? batch.interrupt(now())
                            : batch.fail(cause(failure), batch.counts(), now());
            Budget budget = new Budget(limits.transactionTime(), () -> false);
            reruns.run(budget, tx -> writer.breakOff(tx, end, stored));
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
                if (stored && !exhausted && !broken) {
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
