package dev.tranche.bench;

import java.time.Duration;

/**
 * Runs that do not count, until nothing becomes faster any more. The first contenders need many, for
 * the server's code is compiled while the same processors do its work; later ones need few.
 */
final class WarmUp {
    /** Less is the noise of the machine. */
    private static final double FASTER = 0.97;

    /** Runs in a row that must not have been faster; four have ended while the compiler was at it. */
    private static final int STEADY_RUNS = 8;

    private final Duration max;

    /**
     * @param max for a contender: a common one would be used up by those who come first
     */
    WarmUp(Duration max) {
        this.max = max;
    }

    /** Something that takes time. */
    @FunctionalInterface
    interface Run {
        Duration time() throws Exception;
    }

    /** Runs it at least once. */
    void of(Run run) throws Exception {
        Duration fastest = run.time();
        Duration all = fastest;
        int steady = 1;
        while (steady < STEADY_RUNS && all.compareTo(max) < 0) {
            Duration time = run.time();
            all = all.plus(time);
            boolean faster = time.toNanos() < fastest.toNanos() * FASTER;
            fastest = faster ? time : fastest;
            steady = faster ? 0 : steady + 1;
        }
    }
}
