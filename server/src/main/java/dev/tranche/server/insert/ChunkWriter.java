package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Counts;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Locks;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.RowKey.CollectionKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes the chunks of one attempt, each in a transaction that is fenced by the batch's epoch. */
final class ChunkWriter {
    private static final Duration CLAIMED_DELAY = Duration.ofMillis(200);

    private final ChunkPrograms programs;
    private final InstantSource clock;
    private final InsertLimits limits;
    private final Verdicts verdicts;
    private final boolean first;

    /** Null before the first chunk of this run: the batch may have kept some before. */
    private @Nullable Long keptBytes;

    /**
     * @param first whether this is the first attempt, or goes on with it
     */
    ChunkWriter(
            ChunkPrograms programs,
            InstantSource clock,
            InsertLimits limits,
            Verdicts verdicts,
            boolean first) {
        this.programs = programs;
        this.clock = clock;
        this.limits = limits;
        this.verdicts = verdicts;
        this.first = first;
    }

    /**
     * A chunk that was written.
     *
     * @param results all of them, also those that were there before
     * @param keptBytes UTF-8 bytes of failed records that the batch keeps now
     * @param last whether no chunk comes after it
     */
    record Written(Batch batch, List<ItemResult> results, long keptBytes, boolean last) {

        /** The same after its epoch was raised to find out whether it stands. */
        Written fenced() {
            return new Written(batch.raiseEpoch(), results, keptBytes, last);
        }
    }

    /**
     * Begins to write a chunk; the draft may go through several tries of its transaction.
     *
     * @param batch as it was when this attempt began
     */
    Draft draft(Batch batch, Chunk chunk) {
        return new Draft(batch, chunk);
    }

    /** Takes note of what is committed. */
    void remember(Written written) {
        keptBytes = written.keptBytes();
        verdicts.remember(written.results());
    }

    /** Takes note of results that an earlier call committed. */
    void remember(List<ItemResult> results) {
        verdicts.remember(results);
    }

    /** Keeps others from taking the batch over. */
    Batch renew(BatchTransaction tx, Batch batch) {
        tx.renew(batch, limits.lease());
        return batch;
    }

    /** Writes the account of an attempt that broke off. */
    Batch breakOff(BatchTransaction tx, Batch end, boolean stored) {
        if (stored) {
            tx.update(end, end.epoch(), Duration.ZERO);
        } else if (!isTaken(tx, end)) {
            tx.insert(end, Duration.ZERO);
        }
        return end;
    }

    /** Whether its request id stands for another batch by now. */
    private static boolean isTaken(BatchTransaction tx, Batch batch) {
        String requestId = batch.submission().requestId();
        return requestId != null && tx.lockByRequestId(batch.workspaceId(), requestId).isPresent();
    }

    /** What became of a chunk whose COMMIT broke off. */
    enum Fate {
        /** It was committed. */
        STANDS,
        /** It was not, and never will be. */
        LOST,
        /** It was not, and never will be, nor anything of the batch: its account says FAILED. */
        FENCED,
        /** Somebody else took the batch over since, and wrote over its traces. */
        UNKNOWN
    }

    /** Finds out, and keeps a transaction that still runs from being committed. */
    Fate fate(BatchTransaction tx, Batch before, Written written) {
        Batch batch = written.batch();
        Optional<Batch> found = tx.lock(batch.workspaceId(), batch.id());
        if (found.isEmpty()) {
            fence(tx, before);
            return Fate.FENCED;
        }
        Batch stored = found.get();
        if (stored.epoch() != batch.epoch()) {
            return Fate.UNKNOWN;
        }
        tx.update(stored.raiseEpoch(), stored.epoch(), limits.lease());
        boolean stands =
                stored.state() == batch.state()
                        && stored.nextIndex() == batch.nextIndex()
                        && stored.counts().equals(batch.counts())
                        && stored.updatedAt().equals(batch.updatedAt());
        return stands ? Fate.STANDS : Fate.LOST;
    }

    /** A first chunk that is not there never will be: its account is taken, or so is its request id. */
    private void fence(BatchTransaction tx, Batch before) {
        if (isTaken(tx, before)) {
            return;
        }
        Batch.Cause why =
                new Batch.Cause(
                        Reason.DATABASE_UNAVAILABLE,
                        "the connection to the database broke before COMMIT");
        tx.insert(before.fail(why, before.counts(), now()), Duration.ZERO);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** One chunk on its way through its transaction. */
    final class Draft {
        private final Batch batch;
        private final Chunk whole;
        private final Locks locks;
        private final CompletableFuture<Headway> followable = new CompletableFuture<>();

        /** Of the last try. */
        private Headway headway = new Headway();

        private @Nullable Written written;

        private Draft(Batch batch, Chunk whole) {
            this.batch = batch;
            this.whole = whole;
            this.locks = new Locks().foreseeing(collection(batch));
        }

        /** All records are of the same one: what is the matter with them shows at once. */
        private static Needs collection(Batch batch) {
            String name = batch.submission().collection();
            Needs needs = new Needs();
            needs.add(
                    new CollectionKey(Objects.requireNonNull(name, "every insert has one")),
                    LockMode.SHARED);
            return needs;
        }

        boolean isLast() {
            return whole.last();
        }

        /** Completed by the first try that can be followed, as soon as it can. */
        CompletableFuture<Headway> followable() {
            return followable;
        }

        /** What the last try wrote. */
        Written written() {
            return Objects.requireNonNull(written, "no COMMIT before it is written");
        }

        /** Tells who follows it that it is committed. */
        void committed(Written done) {
            headway.committed(done);
            followable.complete(headway);
        }

        /** Tells who follows it, or waits to, that it never will be. */
        void lost() {
            headway.lost();
            followable.cancel(false);
        }

        /**
         * Does everything inside one transaction.
         *
         * @param before the batch without this chunk
         * @param stored whether the database has it
         */
        Written in(BatchTransaction tx, Batch before, boolean stored, Budget budget) {
            headway.lost();
            headway = new Headway();
            claim(tx, before, stored);
            lockWorkspace(tx);
            Chunk chunk = whole;
            Pass.Complete pass = programs.apply(tx, chunk, locks, budget);
            List<ItemResult> results = verdicts.of(chunk, pass);
            int end = Verdicts.end(before.counts(), chunk, results, programs.failuresMax());
            if (end >= 0) {
                chunk = chunk.endingAfter(end);
                pass = end == results.size() ? pass : programs.apply(tx, chunk, locks, budget);
                results = verdicts.of(chunk, pass);
            }
            budget.check();
            if (verdicts.stand(results)) {
                flush(tx, pass.changes());
            }
            List<ItemResult> standing = verdicts.standing(results);
            Batch after = after(before, chunk, standing);
            if (stored) {
                tx.update(after, before.epoch(), limits.lease());
            } else {
                tx.insert(after, limits.lease());
            }
            return account(tx, after, stored, chunk, standing);
        }

        /**
         * The same while the transaction of the chunk before is still on its way. Only for chunks
         * that stand whatever their records come to. What has the account's row locked is the last
         * thing it does, and who lost the lease meanwhile finds out then.
         *
         * @throws dev.tranche.server.engine.Conflict if the chunk before was not committed
         */
        Written behind(Headway ahead, BatchTransaction tx, Budget budget) {
            lockWorkspace(tx);
            Pass.Complete pass = programs.apply(tx, whole, locks, budget);
            ahead.awaitFlushed(budget);
            flush(tx, pass.changes());
            Batch before = ahead.awaitCommitted(budget).batch();
            List<ItemResult> results = verdicts.of(whole, pass);
            Batch after = after(before, whole, results);
            tx.progress(after, limits.lease());
            return account(tx, after, true, whole, results);
        }

        /**
         * What others could look for is written first, if that can be told apart: who finds it
         * waits until it is committed. Ids that were made here nobody knows, until they are sent.
         */
        private void flush(BatchTransaction tx, Changes changes) {
            boolean unknown =
                    changes.records().updated().isEmpty()
                            && whole.entries().stream().noneMatch(Draft::hasGivenId);
            if (unknown) {
                tx.flush(batch.workspaceId(), changes.ofKeys());
                followable.complete(headway);
                tx.flush(batch.workspaceId(), changes.besidesKeys());
            } else {
                tx.flush(batch.workspaceId(), changes);
            }
            headway.flushed();
            followable.complete(headway);
        }

        private static boolean hasGivenId(Chunk.Entry entry) {
            return entry.work() instanceof Chunk.Work.Insert insert && insert.givenId() != null;
        }

        /** Whoever may not write finds out. */
        private void claim(BatchTransaction tx, Batch before, boolean stored) {
            if (stored) {
                tx.renew(before, limits.lease());
            } else if (isTaken(tx, before)) {
                String requestId = before.submission().requestId();
                throw new CallFailure(
                        new Failure.TryAgain(
                                Reason.REQUEST_IN_PROGRESS,
                                "request_id \"" + requestId + "\" is being worked on",
                                CLAIMED_DELAY));
            }
        }

        /** It may have been deleted since the last chunk, and its name given to another one. */
        private void lockWorkspace(BatchTransaction tx) {
            String name = batch.submission().workspace();
            boolean lives =
                    tx.lockWorkspace(name)
                            .filter(row -> row.id() == batch.workspaceId())
                            .isPresent();
            if (!lives) {
                throw new CallFailure(
                        Failure.Refused.missing(Reason.WORKSPACE_NOT_FOUND, "workspace", name));
            }
        }

        /** Writes the results beside the batch's row. */
        private Written account(
                BatchTransaction tx,
                Batch after,
                boolean stored,
                Chunk chunk,
                List<ItemResult> results) {
            Ledger ledger = new Ledger(keptBesides(tx, stored, chunk), limits.keptBytesMax());
            for (int i = 0; i < results.size(); i++) {
                ledger.add(chunk.entries().get(i), results.get(i));
            }
            ledger.write(tx, after.id());
            Written done = new Written(after, results, ledger.keptBytes(), chunk.last());
            written = done;
            return done;
        }

        /** What the batch keeps without the records of this chunk, whose rows are written anew. */
        private long keptBesides(BatchTransaction tx, boolean stored, Chunk chunk) {
            long kept = 0;
            if (keptBytes != null) {
                kept = keptBytes;
            } else if (stored) {
                kept = tx.keptBytes(batch.id());
            }
            List<Integer> again =
                    chunk.entries().stream()
                            .filter(entry -> entry.before() != null)
                            .map(Chunk.Entry::index)
                            .toList();
            return again.isEmpty() ? kept : Math.max(0, kept - tx.keptBytes(batch.id(), again));
        }

        private Batch after(Batch before, Chunk chunk, List<ItemResult> results) {
            Counts counts = Verdicts.counts(before.counts(), chunk.entries(), results);
            Batch reached = before;
            if (first) {
                // A stream says how many records it has only by sending them.
                counts = counts.of(Math.max(counts.total(), whole.nextIndex()));
                reached = before.reached(chunk.nextIndex());
                reached = chunk.last() ? reached.seal() : reached;
            }
            return chunk.last() ? reached.finish(counts, now()) : reached.progress(counts, now());
        }
    }
}
