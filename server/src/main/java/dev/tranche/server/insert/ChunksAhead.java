package dev.tranche.server.insert;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes each chunk, and foresees what it comes to, while the one before it is written: that takes
 * time, and no connection.
 */
final class ChunksAhead implements ChunkSource {
    private final ChunkSource source;
    private final ChunkPrograms programs;
    private @Nullable FutureTask<Chunk> ahead;

    /**
     * @param source must not have to wait for anybody
     */
    ChunksAhead(ChunkSource source, ChunkPrograms programs) {
        this.source = source;
        this.programs = programs;
    }

    @Override
    public Chunk next() {
        Chunk chunk = ahead == null ? source.next() : made(ahead);
        ahead = chunk.last() ? null : begin();
        return chunk;
    }

    private FutureTask<Chunk> begin() {
        FutureTask<Chunk> task = new FutureTask<>(() -> programs.foresee(source.next()));
        Thread.ofVirtual().name(Thread.currentThread().getName()).start(task);
        return task;
    }

    private static Chunk made(FutureTask<Chunk> task) {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            throw switch (failed.getCause()) {
                case RuntimeException failure -> failure;
                case Error error -> throw error;
                case null, default -> new IllegalStateException(failed);
            };
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a call", e);
        }
    }
}
