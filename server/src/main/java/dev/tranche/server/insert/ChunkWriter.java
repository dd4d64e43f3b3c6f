package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Counts;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.Locks;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.Chunk.Work;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.IndexedOutcome;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the chunks of one attempt, each in a transaction that is fenced by the batch's epoch. */
final class ChunkWriter {
    private final Engine engine;
    private final InstantSource clock;
    private final InsertLimits limits;

    /** Index by record id of what this attempt inserted, to name the twin of a record that fails. */
    private final Map<String, Integer> inserted = new HashMap<>();

    private long keptBytes;

    ChunkWriter(Engine engine, InstantSource clock, InsertLimits limits) {
        this.engine = engine;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * A chunk that was written.
     *
     * @param results all of them, also those that were there before
     * @param firstStored first index of the results this chunk stored; null if it stored none
     * @param keptBytes UTF-8 bytes of failed records this attempt has kept so far
     * @param last whether no chunk comes after it
     */
    record Written(
            Batch batch,
            List<ItemResult> results,
            @Nullable Integer firstStored,
            long keptBytes,
            boolean last) {

        /** The same after its epoch was raised to find out whether it stands. */
        Written fenced() {
            return new Written(batch.raiseEpoch(), results, firstStored, keptBytes, last);
        }
    }

    /** Begins to write a chunk; the draft may go through several tries of its transaction. */
    Draft draft(Batch batch, boolean stored, Chunk chunk) {
        return new Draft(batch, stored, chunk);
    }

    /** Takes note of what is committed. */
    void remember(Written written) {
        keptBytes = written.keptBytes();
        for (ItemResult result : written.results()) {
            if (result.outcome() instanceof Outcome.Applied applied && applied.recordId() != null) {
                inserted.put(applied.recordId(), result.index());
            }
        }
    }

    /** Keeps others from taking the batch over. */
    Batch renew(BatchTransaction tx, Batch batch) {
        tx.update(batch, batch.epoch(), limits.lease());
        return batch;
    }

    /** Writes the account of an attempt that broke off. */
    Batch breakOff(BatchTransaction tx, Batch end, boolean stored) {
        if (stored) {
            tx.update(end, end.epoch(), Duration.ZERO);
        } else {
            tx.insert(end, Duration.ZERO);
        }
        return end;
    }

    /** Whether a chunk whose COMMIT broke off was committed; if not, it never will be. */
    boolean standsIn(BatchTransaction tx, Written written) {
        Batch batch = written.batch();
        Optional<Batch> stored = tx.lock(batch.workspaceId(), batch.id());
        if (stored.isEmpty()) {
            Batch.Cause why =
                    new Batch.Cause(
                            Reason.DATABASE_UNAVAILABLE,
                            "the connection to the database broke before COMMIT");
            Counts nothing = Counts.none(batch.counts().total());
            tx.insert(batch.fail(why, nothing, now()), Duration.ZERO);
            return false;
        }
        Batch now = stored.get();
        tx.update(now.raiseEpoch(), now.epoch(), limits.lease());
        Integer first = written.firstStored();
        return first != null && tx.hasResults(batch.id(), batch.attempt(), first);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** One chunk on its way through its transaction. */
    final class Draft {
        private final Batch before;
        private final boolean stored;
        private final Chunk chunk;
        private final Locks locks = new Locks();
        private @Nullable Written written;

        private Draft(Batch before, boolean stored, Chunk chunk) {
            this.before = before;
            this.stored = stored;
            this.chunk = chunk;
        }

        /** What the last try wrote. */
        Written written() {
            return Objects.requireNonNull(written, "no COMMIT before it is written");
        }

        /** Does everything inside one transaction. */
        Written in(BatchTransaction tx, Budget budget) {
            if (stored) {
                tx.update(before, before.epoch(), limits.lease());
            }
            lockWorkspace(tx);
            Stamp stamp = new Stamp(now(), before.updatedBy().id());
            Program program = new Program(before.workspaceId(), chunk.items(), stamp, Rules.EACH);
            Pass.Complete pass = engine.apply(tx, program, locks, budget);
            List<ItemResult> results = results(pass);
            Batch after = after(results);
            budget.check();
            tx.flush(before.workspaceId(), pass.changes());
            Written done = account(tx, after, results);
            written = done;
            return done;
        }

        /** It may have been deleted since the last chunk, and its name given to another one. */
        private void lockWorkspace(BatchTransaction tx) {
            String name = before.submission().workspace();
            boolean lives =
                    tx.lockWorkspace(name)
                            .filter(row -> row.id() == before.workspaceId())
                            .isPresent();
            if (!lives) {
                throw new CallFailure(
                        Failure.Refused.missing(Reason.WORKSPACE_NOT_FOUND, "workspace", name));
            }
        }

        private List<ItemResult> results(Pass.Complete pass) {
            Iterator<IndexedOutcome> outcomes = pass.outcomes().iterator();
            List<ItemResult> results = new ArrayList<>(chunk.entries().size());
            for (Entry entry : chunk.entries()) {
                results.add(
                        switch (entry.work()) {
                            case Work.Insert insert -> fresh(entry, outcomes.next().outcome());
                            case Work.Fail fail -> fresh(entry, new Outcome.Failed(fail.error()));
                            case Work.Keep keep -> Objects.requireNonNull(entry.before());
                        });
            }
            return results;
        }

        private ItemResult fresh(Entry entry, Outcome outcome) {
            if (outcome instanceof Outcome.Failed failed) {
                ItemError error = failed.error();
                if (error.reason() == Reason.COLLECTION_NOT_FOUND) {
                    throw new CallFailure(new Failure.Refused(error.reason(), error.message()));
                }
                return new ItemResult(
                        entry.index(), new Outcome.Failed(twin(error)), before.attempt());
            }
            return new ItemResult(entry.index(), outcome.brief(), before.attempt());
        }

        private ItemError twin(ItemError error) {
            return error.existingRecordId() == null || error.earlierIndex() != null
                    ? error
                    : error.causedBy(inserted.get(error.existingRecordId()));
        }

        private Batch after(List<ItemResult> results) {
            Counts counts = before.counts();
            for (int i = 0; i < results.size(); i++) {
                ItemResult earlier = chunk.entries().get(i).before();
                counts = earlier == null ? counts : counts.minus(earlier.outcome());
                counts = counts.plus(results.get(i).outcome());
            }
            return chunk.last() ? before.finish(counts, now()) : before.progress(counts, now());
        }

        private Written account(BatchTransaction tx, Batch after, List<ItemResult> results) {
            if (stored) {
                tx.update(after, before.epoch(), limits.lease());
            } else {
                tx.insert(after, limits.lease());
            }
            Ledger ledger = new Ledger(keptBytes, limits.keptBytesMax());
            for (int i = 0; i < results.size(); i++) {
                ledger.add(chunk.entries().get(i), results.get(i));
            }
            ledger.write(tx, after.id());
            return new Written(
                    after, results, ledger.firstStored(), ledger.keptBytes(), chunk.last());
        }
    }
}
