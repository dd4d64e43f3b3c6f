package dev.tranche.bench;

import java.time.Duration;

/**
 * Runs that do not count, until there is nothing left to compile. The first contenders need many, for
 * Java compiles what they do on the processors that do it; later ones need few.
 */
final class WarmUp {
    /** A compiler that works less than this part of the time does so for ever. */
    private static final double BUSY = 0.05;

    /** Runs in a row in which none works more: there are pauses, too. */
    private static final int QUIET_RUNS = 3;

    private final Duration max;

    /**
     * @param max for a contender: a common one would be used up by those who come first
     */
    WarmUp(Duration max) {
        this.max = max;
    }

    /**
     * What a run took.
     *
     * @param time all of it
     * @param compiling for how long compilers worked meanwhile, in whatever takes part
     */
    record Round(Duration time, Duration compiling) {
        private boolean isBusy() {
            return compiling.toNanos() >= BUSY * time.toNanos();
        }
    }

    /** What becomes faster by being run. */
    @FunctionalInterface
    interface Run {
        Round run() throws Exception;
    }

    /** Runs it at least once. */
    void of(Run run) throws Exception {
        Duration all = Duration.ZERO;
        int quiet = 0;
        do {
            Round round = run.run();
            all = all.plus(round.time);
            quiet = round.isBusy() ? 0 : quiet + 1;
        } while (quiet < QUIET_RUNS && all.compareTo(max) < 0);
    }
}
