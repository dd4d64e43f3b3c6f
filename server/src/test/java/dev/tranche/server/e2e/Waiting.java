package dev.tranche.server.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, and no longer than that. */
final class Waiting {
    private static final Duration MAX = Duration.ofSeconds(20);
    private static final Duration BETWEEN = Duration.ofMillis(5);

    private Waiting() {}

    /** Asks until the answer is yes; fails after 20 s. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, BETWEEN, condition);
    }

    /** Asks no more often than that. */
    static void until(String what, Duration between, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + MAX.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + MAX + ": " + what);
            }
            LockSupport.parkNanos(between.toNanos());
        }
    }
}
