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

    private Duration left;

    /**
     * @param max for all contenders together; then each has one run
     */
    WarmUp(Duration max) {
        this.left = max;
    }

    /** Something that takes time. */
    @FunctionalInterface
    interface Run {
        Duration time() throws Exception;
    }

    /** Runs it at least once. */
    void of(Run run) throws Exception {
        Duration fastest = run(run);
        int steady = 1;
        while (steady < STEADY_RUNS && left.isPositive()) {
            Duration time = run(run);
            boolean faster = time.toNanos() < fastest.toNanos() * FASTER;
            fastest = faster ? time : fastest;
            steady = faster ? 0 : steady + 1;
        }
    }

    private Duration run(Run run) throws Exception {
        Duration time = run.time();
        left = left.minus(time);
        return time;
    }
}
