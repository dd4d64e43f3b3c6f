package dev.tranche.bench;

import dev.tranche.bench.Goal.RatioAtMost;
import dev.tranche.bench.Row.Group;
import dev.tranche.bench.Sample.Metric;
import java.util.List;

/** What a record costs in a small and in a large table. The baseline is the small one. */
final class GrowthRows {
    private static final int SMALL = 10_000;
    private static final int LARGE = 1_000_000;

    /** Few beside what is there. */
    private static final int RECORDS = 20_000;

    private static final Load LOAD = new Load(Stage.PLAIN, 1, RECORDS, Product.BYTES, false, 0, 0);

    private GrowthRows() {}

    static List<Row> all() {
        return List.of(
                row("growth-insert", stage -> InsertCalls.of(stage, LOAD), new RatioAtMost(1.3)),
                // The database's own part.
                row("growth-loader", stage -> Loaders.of(stage, LOAD), new Goal.Unset()));
    }

    private static Row row(String name, Row.Casting inner, Goal goal) {
        return new Row(
                Group.GROWTH,
                name,
                false,
                "record",
                Metric.MICROS_PER_ITEM,
                stage -> GrownTable.of(stage, inner.on(stage), SMALL),
                stage -> GrownTable.of(stage, inner.on(stage), LARGE),
                goal,
                Worth.ANY);
    }
}
