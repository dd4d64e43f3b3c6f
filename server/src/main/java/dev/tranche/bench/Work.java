package dev.tranche.bench;

import java.util.List;

/**
 * What a contender did in one run.
 *
 * @param items records or operations
 * @param latencyMillis of each transaction or call; empty if only the whole was timed
 */
record Work(long items, List<Double> latencyMillis) {
    Work {
        latencyMillis = List.copyOf(latencyMillis);
    }

    static Work of(long items) {
        return new Work(items, List.of());
    }
}
