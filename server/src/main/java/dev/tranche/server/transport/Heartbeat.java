package dev.tranche.server.transport;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Keeps a stream from being quiet for long. The thread that sends it is the one that beats. */
final class Heartbeat {
    private final Duration interval;
    private final Runnable beat;
    private long lastNanos = System.nanoTime();

    /**
     * @param interval how long it may be quiet
     * @param beat sends something, if that can be done without waiting
     */
    Heartbeat(Duration interval, Runnable beat) {
        this.interval = interval;
        this.beat = beat;
    }

    /** Something was sent. */
    void sent() {
        lastNanos = System.nanoTime();
    }

    /** Begins what takes its time, on another thread. */
    static <T> FutureTask<T> begin(Supplier<T> step) {
        FutureTask<T> task = new FutureTask<>(step::get);
        Thread.ofVirtual().name(Thread.currentThread().getName()).start(task);
        return task;
    }

    /** Waits for the end of what was begun. */
    <T> T await(FutureTask<T> task) {
        while (true) {
            long left = interval.toNanos() - (System.nanoTime() - lastNanos);
            if (left <= 0) {
                beat.run();
                sent();
                continue;
            }
            try {
                return task.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException quiet) {
                // The next round beats.
            } catch (ExecutionException failed) {
                throw thrown(failed);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a call", e);
            }
        }
    }

    private static RuntimeException thrown(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException(failed);
        };
    }
}
