package dev.tranche.bench;

import dev.tranche.bench.Sample.Metric;
import java.util.Locale;

/**
 * What a baseline must reach to be worth its name: whoever is faster than a slow one has proved
 * nothing.
 *
 * @param limit in the metric's unit; 0 if every baseline will do
 */
record Worth(Metric metric, double limit) {
    /** Of a loader on one connection, on a quiet machine with 2 cores. */
    static final Worth LOADER = new Worth(Metric.ITEMS_PER_SECOND, 60_000);

    /** Of an optimal transaction of 100 operations on such a machine. */
    static final Worth TRANSACTION = new Worth(Metric.P50_MILLIS, 6);

    /** Of several connections with such transactions: together no slower than one of them alone. */
    static final Worth TRANSACTIONS = new Worth(Metric.ITEMS_PER_SECOND, 100 / 6e-3);

    static final Worth ANY = new Worth(Metric.ITEMS_PER_SECOND, 0);

    /** Whether a baseline will do; with its median in the metric's unit. */
    boolean isReached(double figure) {
        return metric == Metric.ITEMS_PER_SECOND ? figure >= limit : figure <= limit;
    }

    /** Why one will not do. */
    String text(double figure, String item) {
        return String.format(
                Locale.ROOT,
                "slow baseline: %s, %s %s needed",
                metric.text(figure, item),
                metric == Metric.ITEMS_PER_SECOND ? "at least" : "at most",
                metric.text(limit, item));
    }
}
