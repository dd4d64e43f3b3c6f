package dev.tranche.terminal;

import java.time.Duration;

/** Measures how long something took. */
public record Stopwatch(long startNanos) {
    /** One that runs from now on. */
    public static Stopwatch started() {
        return new Stopwatch(System.nanoTime());
    }

    /** The time since then. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
