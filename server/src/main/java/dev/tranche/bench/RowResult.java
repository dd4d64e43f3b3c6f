package dev.tranche.bench;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A row, and what was measured for it. */
record RowResult(Row row, Side baseline, Side variant) {

    /** What became of the row's goal. */
    enum Verdict {
        MET,
        MISSED,
        /** There is no goal. */
        NONE,
        /** The baseline is too slow to say anything. */
        VOID
    }

    /**
     * One contender.
     *
     * @param samples a round each, the warm-up not among them
     */
    record Side(String name, List<Sample> samples) {
        Side {
            samples = List.copyOf(samples);
        }

        Series series(ToDoubleFunction<Sample> figure) {
            return new Series(samples.stream().mapToDouble(figure).boxed().toList());
        }

        /** The median of something that may not be known. */
        @Nullable Double median(Function<Sample, @Nullable Double> figure) {
            List<Double> known = samples.stream().map(figure).filter(Objects::nonNull).toList();
            return known.isEmpty() ? null : new Series(known).median();
        }

        /** Whether its calls were timed one by one. */
        boolean hasLatencies() {
            return samples.stream().noneMatch(sample -> sample.work().latencyMillis().isEmpty());
        }
    }

    double baselineMedian() {
        return median(baseline);
    }

    double variantMedian() {
        return median(variant);
    }

    /** Variant by baseline, of the medians. */
    double ratio() {
        return variantMedian() / baselineMedian();
    }

    Verdict verdict() {
        if (slowBaseline() != null) {
            return Verdict.VOID;
        }
        if (row.goal() instanceof Goal.Unset) {
            return Verdict.NONE;
        }
        return row.goal().isMet(baselineMedian(), variantMedian()) ? Verdict.MET : Verdict.MISSED;
    }

    /** Why the ratio is void; null if it is not. */
    @Nullable String slowBaseline() {
        Worth worth = row.worth();
        double figure = baseline.series(sample -> sample.figure(worth.metric())).median();
        return worth.isReached(figure) ? null : worth.text(figure, row.item());
    }

    private double median(Side side) {
        return side.series(sample -> sample.figure(row.metric())).median();
    }
}
