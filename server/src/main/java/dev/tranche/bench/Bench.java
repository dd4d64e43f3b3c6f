package dev.tranche.bench;

import dev.tranche.bench.Row.Group;
import dev.tranche.bench.RowResult.Side;
import dev.tranche.terminal.Progress;
import dev.tranche.terminal.Stopwatch;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures rows. Contenders take turns: first they warm up, then as many rounds as wanted,
 * and who begins changes with every round, so that what the machine does meanwhile hits both alike.
 *
 * <p>Three processes share the machine: the database, the server, and this one. It is the loader of
 * the baselines and the caller of the service, in turns: both have the same warm JVM, made their
 * data before the clock ran, and while one of them is measured nothing else goes on here.
 */
final class Bench {
    private static final Duration WARM_UP_MAX = Duration.ofMinutes(3);
    private static final Duration QUICK_WARM_UP_MAX = Duration.ofMillis(2500);

    private final Stage stage;
    private final int rounds;
    private final Progress progress;
    private final WarmUp warmUp;

    Bench(Stage stage, int rounds, Progress progress) {
        this.stage = stage;
        this.rounds = rounds;
        this.progress = progress;
        this.warmUp = new WarmUp(stage.quick() ? QUICK_WARM_UP_MAX : WARM_UP_MAX);
    }

    /** All there is to measure. */
    static List<Row> rows() {
        return Stream.of(InsertRows.all(), BatchRows.all(), GrowthRows.all(), StartRows.all())
                .flatMap(List::stream)
                .toList();
    }

    /** How many runs count. */
    static int runs(List<Row> rows, int rounds) {
        return rows.size() * 2 * rounds;
    }

    /**
     * Measures one.
     *
     * @throws Exception if a contender could not do its work
     */
    RowResult measure(Row row) throws Exception {
        try (Contender baseline = row.baseline().on(stage);
                Contender variant = row.variant().on(stage)) {
            progress.say(row.name() + " warms up");
            warmUp(row, baseline);
            warmUp(row, variant);
            progress.say(row.name());
            List<Sample> baselines = new ArrayList<>();
            List<Sample> variants = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    baselines.add(measure(row, baseline));
                    variants.add(measure(row, variant));
                } else {
                    variants.add(measure(row, variant));
                    baselines.add(measure(row, baseline));
                }
            }
            return new RowResult(
                    row, new Side(baseline.name(), baselines), new Side(variant.name(), variants));
        }
    }

    private void warmUp(Row row, Contender contender) throws Exception {
        if (contender.warmsUp()) {
            warmUp.of(() -> {
                Duration before = compiling();
                Stopwatch watch = Stopwatch.started();
                run(row, contender);
                return new WarmUp.Round(watch.elapsed(), compiling().minus(before));
            });
        } else {
            run(row, contender);
        }
    }

    /** For how long the compilers of the server worked, and of this process, which is the loader. */
    private Duration compiling() throws Exception {
        long here = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
        return stage.server().compileTime().plusMillis(here);
    }

    private Sample measure(Row row, Contender contender) throws Exception {
        Sample sample = run(row, contender);
        progress.step();
        return sample;
    }

    private Sample run(Row row, Contender contender) throws Exception {
        contender.prepare();
        try {
            Clock clock = Clock.start(stage);
            Sample sample = clock.stop(contender.run());
            // What is started is not the server whose processor time the clock reads.
            return row.group() == Group.START ? sample.withoutCpu() : sample;
        } finally {
            contender.tidyUp();
        }
    }
}
