package dev.tranche.server.insert;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Conflict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How far a transaction has come with a chunk, for that of the next chunk, which follows it: it
 * writes its records once this one has, and is accounted for once this one is committed. So the one
 * before never waits for the one behind.
 */
final class Headway {
    private final CompletableFuture<Void> flushed = new CompletableFuture<>();
    private final CompletableFuture<ChunkWriter.Written> committed = new CompletableFuture<>();

    /** Its rows are in the database, and it takes no more locks on them. */
    void flushed() {
        flushed.complete(null);
    }

    /** It is committed, and everything that is to be known of it is noted. */
    void committed(ChunkWriter.Written written) {
        committed.complete(written);
    }

    /** It is rolled back, unless it is committed: who follows it has done so in vain. */
    void lost() {
        Conflict lost = new Conflict("the chunk before was rolled back", null);
        flushed.completeExceptionally(lost);
        committed.completeExceptionally(lost);
    }

    boolean isLost() {
        return committed.isCompletedExceptionally();
    }

    /**
     * Waits for it.
     *
     * @throws Conflict if it is lost, or the time has run out
     */
    void awaitFlushed(Budget budget) {
        await(flushed, budget);
    }

    /** Likewise. */
    ChunkWriter.Written awaitCommitted(Budget budget) {
        return await(committed, budget);
    }

    private static <T> T await(CompletableFuture<T> step, Budget budget) {
        try {
            return step.get(budget.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new Conflict("the chunk before was not written in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Conflict("interrupted", e);
        }
    }
}
