package dev.tranche.bench;

import dev.tranche.bench.RowResult.Side;
import dev.tranche.terminal.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures rows. Contenders take turns: one round each that does not count, then as many as wanted,
 * and who begins changes with every round, so that what the machine does meanwhile hits both alike.
 *
 * <p>Three processes share the machine: the database, the server, and this one. It is the loader of
 * the baselines and the caller of the service, in turns: both have the same warm JVM, made their
 * data before the clock ran, and while one of them is measured nothing else goes on here.
 */
final class Bench {
    /** One that does not count, of both contenders. */
    private static final int WARM_UP_RUNS = 2;

    private final Stage stage;
    private final int rounds;
    private final Progress progress;

    Bench(Stage stage, int rounds, Progress progress) {
        this.stage = stage;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** All there is to measure. */
    static List<Row> rows() {
        return Stream.of(InsertRows.all()).flatMap(List::stream).toList();
    }

    /** How many runs it takes. */
    static int runs(List<Row> rows, int rounds) {
        return rows.size() * (WARM_UP_RUNS + 2 * rounds);
    }

    /**
     * Measures one.
     *
     * @throws Exception if a contender could not do its work
     */
    RowResult measure(Row row) throws Exception {
        progress.say(row.name());
        try (Contender baseline = row.baseline().on(stage);
                Contender variant = row.variant().on(stage)) {
            run(baseline);
            run(variant);
            List<Sample> baselines = new ArrayList<>();
            List<Sample> variants = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    baselines.add(run(baseline));
                    variants.add(run(variant));
                } else {
                    variants.add(run(variant));
                    baselines.add(run(baseline));
                }
            }
            return new RowResult(
                    row, new Side(baseline.name(), baselines), new Side(variant.name(), variants));
        }
    }

    private Sample run(Contender contender) throws Exception {
        contender.prepare();
        try {
            Clock clock = Clock.start(stage);
            return clock.stop(contender.run());
        } finally {
            contender.tidyUp();
            progress.step();
        }
    }
}
