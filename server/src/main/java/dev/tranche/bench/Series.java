package dev.tranche.bench;

import java.util.List;

/**
 * Figures of one kind, in the order in which they were measured.
 *
 * @param values at least one
 */
record Series(List<Double> values) {
    Series {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values: 0 given, at least 1 allowed");
        }
    }

    /** The one in the middle; of an even number the mean of both. */
    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * The smallest one that at least so many percent do not exceed.
     *
     * @param percent above 0, at most 100
     */
    double percentile(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException(
                    "percent: %s given, above 0 to 100 allowed".formatted(percent));
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(percent / 100 * sorted.size()) - 1);
    }
}
