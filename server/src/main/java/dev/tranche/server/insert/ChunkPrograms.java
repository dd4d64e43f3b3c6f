package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.OnConflict;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.Foresight;
import dev.tranche.server.engine.Locks;
import dev.tranche.server.engine.RowSource;
import dev.tranche.server.operation.IndexedOutcome;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the chunks of one attempt come to. A chunk that is foreseen while the one before it is
 * written costs its own transaction nothing but a look whether the collection is still the same.
 */
final class ChunkPrograms {
    /** How much earlier than it is written a record may be stamped. */
    private static final Duration STAMP_AGE_MAX = Duration.ofSeconds(1);

    /** If one of fewer keys is taken, looking all of them up first is faster than claiming them. */
    private static final int CLAIMS_PER_TAKEN_MIN = 5;

    private final Engine engine;
    private final InstantSource clock;
    private final Batch batch;
    private final int failuresMax;
    private final boolean mayClaim;

    /** Whether keys are claimed by now: after a chunk in which many were taken they are looked up. */
    private volatile boolean claiming;

    /** Whether some were taken in the last chunk: some of the next one's are likely to be, too. */
    private volatile boolean someTaken;

    /** Whether the operations of the last chunk looked into the data of its records. */
    private volatile boolean readTrees;

    /** The rows that the last transaction began with; null before it did. */
    private volatile @Nullable Snapshot begun;

    /**
     * @param first whether this is the first attempt, or goes on with it
     */
    ChunkPrograms(Engine engine, InstantSource clock, Batch batch, boolean first) {
        this.engine = engine;
        this.clock = clock;
        this.batch = batch;
        this.failuresMax = first ? batch.insertOptions().failuresMax() : 0;
        this.mayClaim = mayClaim(batch.insertOptions(), failuresMax);
        this.claiming = mayClaim;
    }

    /** The failure that makes so many ends the batch; 0 for none. */
    int failuresMax() {
        return failuresMax;
    }

    /** What is applied once, and written whatever it comes to, may claim what it needs. */
    private static boolean mayClaim(InsertOptions options, int failuresMax) {
        boolean once = failuresMax == 0 && !options.allOrNothing();
        return once && options.onConflict() != OnConflict.UPDATE;
    }

    /** Whether the trees of records were wanted lately: those of the next ones will be, too. */
    boolean readTrees() {
        return readTrees;
    }

    /** Finds out what a chunk comes to if its transaction begins like the last one. */
    Chunk foresee(Chunk chunk) {
        Snapshot rows = begun;
        if (rows == null) {
            return chunk;
        }
        if (someTaken && claiming) {
            return chunk.foreseen(engine.foreseeClaims(program(chunk), rows));
        }
        Foresight foresight = engine.foresee(program(chunk), rows);
        readTrees = chunk.hasTrees();
        return chunk.foreseen(foresight);
    }

    /** Comes to the outcome of every record of a chunk. */
    Pass.Complete apply(RowSource rows, Chunk chunk, Locks locks, Budget budget) {
        Foresight foresight = chunk.foresight();
        Pass.Complete pass =
                foresight != null && isFresh(foresight)
                        ? engine.apply(rows, foresight, locks, budget)
                        : engine.apply(rows, program(chunk), locks, budget);
        begun = locks.begun();
        if (chunk.hasTrees()) {
            readTrees = true;
        }
        long taken = pass.outcomes().stream().filter(ChunkPrograms::foundTaken).count();
        someTaken = taken > 0;
        claiming = mayClaim && taken * CLAIMS_PER_TAKEN_MIN <= pass.outcomes().size();
        return pass;
    }

    private static boolean foundTaken(IndexedOutcome one) {
        return one.outcome() instanceof Outcome.Failed failed
                && failed.error().reason() == Reason.UNIQUE_CONSTRAINT_VIOLATION;
    }

    private boolean isFresh(Foresight foresight) {
        Instant at = foresight.program().stamp().at();
        return !at.isBefore(clock.instant().minus(STAMP_AGE_MAX));
    }

    private Program program(Chunk chunk) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Stamp stamp = new Stamp(now, batch.updatedBy().id());
        Rules rules = claiming ? Rules.EACH_CREATES : Rules.EACH;
        return new Program(batch.workspaceId(), chunk.items(), stamp, rules);
    }
}
