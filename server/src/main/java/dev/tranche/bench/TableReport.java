package dev.tranche.bench;

import dev.tranche.bench.RowResult.Side;
import dev.tranche.bench.Sample.Metric;
import dev.tranche.terminal.Screen;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report as people read it. */
final class TableReport {
    private static final List<String> HEAD =
            List.of(
                    "row",
                    "baseline",
                    "",
                    "tranche",
                    "",
                    "ratio",
                    "goal",
                    "",
                    "server CPU",
                    "before",
                    "database CPU");

    private TableReport() {}

    /** Prints it. */
    static void show(Report report, Before before, Screen screen) {
        screen.heading("Medians of %d rounds".formatted(report.rounds()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        report.rows().forEach(row -> rows.add(row(row, before)));
        screen.table(rows);
        screen.say("");
        screen.say(
                "CPU: microseconds a record or operation, user and system, while tranche was"
                        + " measured; database: "
                        + report.database());
        report.rows().forEach(row -> sayIfVoid(row, screen));
        report.heapBytes()
                .ifPresent(bytes ->
                        screen.say(
                                "Live heap of the server at the end: %,d KiB of 256 MiB"
                                        .formatted(bytes >> 10)));
        screen.say(
                String.format(
                        Locale.ROOT,
                        "Load average of the machine before and after: %.1f, %.1f",
                        report.load().getFirst(),
                        report.load().getLast()));
    }

    private static List<String> row(RowResult result, Before before) {
        Row row = result.row();
        return List.of(
                row.name(),
                result.baseline().name(),
                figure(result.baseline(), result.baselineMedian(), row),
                result.variant().name(),
                figure(result.variant(), result.variantMedian(), row),
                String.format(Locale.ROOT, "%.2f", result.ratio()),
                row.goal().text(),
                result.verdict().name().toLowerCase(Locale.ROOT),
                micros(result.variant().median(Sample::serverCpuMicros)),
                micros(before.serverCpuMicros(row.name())),
                micros(result.variant().median(Sample::databaseCpuMicros)));
    }

    private static String figure(Side side, double median, Row row) {
        String text = row.metric().text(median, row.item());
        if (!side.hasLatencies()) {
            return text;
        }
        String p99 = "p99 " + millis(side, 99);
        return row.metric() == Metric.P50_MILLIS
                ? "p50 %s, %s".formatted(text, p99)
                : "%s (p50 %s, %s)".formatted(text, millis(side, 50), p99);
    }

    private static String millis(Side side, double percent) {
        double median = side.series(sample -> sample.latencyMillis(percent)).median();
        return Metric.P50_MILLIS.text(median, "");
    }

    private static String micros(@Nullable Double micros) {
        return micros == null ? "-" : String.format(Locale.ROOT, "%.1f", micros);
    }

    private static void sayIfVoid(RowResult result, Screen screen) {
        String why = result.slowBaseline();
        if (why != null) {
            screen.say(result.row().name() + ": " + why);
        }
    }
}
