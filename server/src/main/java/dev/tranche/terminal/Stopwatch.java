package dev.tranche.demo;

import java.time.Duration;

/** Measures how long something took. */
record Stopwatch(long startNanos) {
    static Stopwatch started() {
        return new Stopwatch(System.nanoTime());
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
