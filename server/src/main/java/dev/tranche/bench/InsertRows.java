package dev.tranche.bench;

import dev.tranche.bench.Goal.RatioAtLeast;
import dev.tranche.bench.Row.Casting;
import dev.tranche.bench.Row.Group;
import dev.tranche.bench.Sample.Metric;
import java.util.List;

/** Inserts of new records, in chunks of 1,000 that each commit. */
final class InsertRows {
    private static final int CLIENTS = 4;

    private InsertRows() {}

    static List<Row> all() {
        return List.of(
                row("insert-json-1", true, 1, new RatioAtLeast(0.85)),
                row("insert-json-4", false, CLIENTS, new RatioAtLeast(0.8)),
                structs("insert-struct-1", 1, new RatioAtLeast(0.75)),
                structs("insert-struct-4", CLIENTS, new RatioAtLeast(0.65)),
                checked("insert-schema-1", 1, new RatioAtLeast(0.8)),
                checked("insert-schema-4", CLIENTS, new RatioAtLeast(0.75)),
                violations("insert-violations-1", false, 1, new RatioAtLeast(0.85)),
                violations("insert-violations-10", true, 10, new RatioAtLeast(0.7)),
                large(),
                streamed());
    }

    private static Row row(String name, boolean quick, int clients, Goal goal) {
        return row(
                name,
                quick,
                stage -> Loaders.of(stage, Load.of(stage, Stage.PLAIN, clients)),
                stage -> InsertCalls.of(stage, Load.of(stage, Stage.PLAIN, clients)),
                goal,
                Worth.LOADER);
    }

    private static Row structs(String name, int clients, Goal goal) {
        return row(
                name,
                false,
                stage -> Loaders.of(stage, Load.of(stage, Stage.PLAIN, clients)),
                stage -> InsertCalls.of(stage, Load.of(stage, Stage.PLAIN, clients).asStruct()),
                goal,
                Worth.LOADER);
    }

    /** The loader checks nothing, and does not become slower by a schema. */
    private static Row checked(String name, int clients, Goal goal) {
        return row(
                name,
                false,
                stage -> Loaders.of(stage, Load.of(stage, Stage.CHECKED, clients)),
                stage -> InsertCalls.of(stage, Load.of(stage, Stage.CHECKED, clients)),
                goal,
                Worth.LOADER);
    }

    /** Both with the same records in the tables before; those of the baseline are in nobody's way. */
    private static Row violations(String name, boolean quick, int percent, Goal goal) {
        return row(
                name,
                quick,
                stage -> InsertCalls.of(stage, seeded(stage, percent)),
                stage -> InsertCalls.of(stage, seeded(stage, percent).withClashes()),
                goal,
                Worth.ANY);
    }

    private static Load seeded(Stage stage, int percent) {
        return Load.of(stage, Stage.PLAIN, 1).withSeeds(stage.records() / 100 * percent);
    }

    private static Row large() {
        return row(
                "insert-large-1",
                false,
                stage ->
                        Loaders.of(
                                stage,
                                Load.of(stage, Stage.PLAIN, 1).withBytes(Product.LARGE_BYTES)),
                stage ->
                        InsertCalls.of(
                                stage,
                                Load.of(stage, Stage.PLAIN, 1).withBytes(Product.LARGE_BYTES)),
                new Goal.Unset(),
                Worth.ANY);
    }

    private static Row streamed() {
        return row(
                "insert-stream-1",
                false,
                stage -> Loaders.of(stage, Load.of(stage, Stage.PLAIN, 1)),
                stage -> StreamCall.of(stage, Load.of(stage, Stage.PLAIN, 1)),
                new Goal.Unset(),
                Worth.LOADER);
    }

    private static Row row(
            String name, boolean quick, Casting baseline, Casting variant, Goal goal, Worth worth) {
        return new Row(
                Group.INSERT,
                name,
                quick,
                "record",
                Metric.ITEMS_PER_SECOND,
                baseline,
                variant,
                goal,
                worth);
    }
}
