package dev.tranche.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tranche.bench.Row.Group;
import dev.tranche.db.EphemeralFolders;
import dev.tranche.server.config.DatabaseSource;
import dev.tranche.server.config.ServeConfig;
import dev.tranche.terminal.Progress;
import dev.tranche.terminal.Screen;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tranche bench}: how fast the service is, beside what can be done by hand over JDBC. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the service beside the fastest code we could write by hand for the same work,"
                    + " in turns, on one database: a MariaDB of its own in .tranche/bench, or one in a"
                    + " server of yours. Nothing of it is kept. Give it a machine that does nothing"
                    + " else."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 2;
    private static final int ROUNDS_MAX = 100;

    private final String mainClass;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "COUNT",
            description = "How often everything is measured; 1 to 100, default 5.")
    private @Nullable Integer rounds;

    @Option(
            names = "--quick",
            description = "Only the most important rows, in two rounds: less than a minute.")
    private boolean quick;

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description =
                    "Only insert, batch, growth or start, or the row of that name; may be repeated.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--db-url",
            paramLabel = "URL",
            description =
                    "A MariaDB to use, as tranche serve takes it. The bench makes a database of its"
                            + " own there, and drops it at the end.")
    private @Nullable String dbUrl;

    @Option(
            names = "--db-user",
            paramLabel = "NAME",
            description = "Its user, who may create and drop databases; needed with --db-url.")
    private @Nullable String dbUser;

    @Option(
            names = "--db-password-file",
            paramLabel = "FILE",
            description = "Its user's password, alone in a file.")
    private @Nullable String dbPasswordFile;

    /**
     * With the program whose {@code serve} it measures.
     *
     * @param mainClass the class that runs every command
     */
    public BenchCommand(String mainClass) {
        this.mainClass = mainClass;
    }

    /**
     * Runs the bench.
     *
     * @return 0, whatever the figures are
     * @throws ParameterException if the options make no sense
     * @throws Exception if it could not be run to its end; the message is for people
     */
    @Override
    public Integer call() throws Exception {
        List<Row> rows = rows();
        int count = count();
        DatabaseSource source = source();
        ((Logger) LoggerFactory.getLogger("dev.tranche")).setLevel(Level.WARN);
        Path folder = Files.createTempDirectory("tranche-bench-");
        Report report;
        try (BenchDatabase database = database(source)) {
            report =
                    measure(
                            new BenchServer.Program(mainClass, folder, List.of()),
                            database,
                            rows,
                            count);
        } finally {
            EphemeralFolders.delete(folder);
        }
        if (json) {
            System.out.println(JsonReport.of(report, Before.read()));
        } else {
            TableReport.show(report, Before.read(), Screen.on(System.out));
        }
        return ExitCode.OK;
    }

    private Report measure(
            BenchServer.Program program, BenchDatabase database, List<Row> rows, int count)
            throws Exception {
        Screen err = Screen.on(System.err);
        List<Double> load = new ArrayList<>(List.of(loadAverage()));
        try (BenchServer server = BenchServer.on(program, database, Stage.SETTINGS);
                Progress progress = Progress.of(err, "measuring", Bench.runs(rows, count))) {
            Stage stage = new Stage(program, database, server, quick);
            stage.build();
            Bench bench = new Bench(stage, count, progress);
            List<RowResult> results = new ArrayList<>();
            for (Row row : rows) {
                results.add(bench.measure(row));
            }
            load.add(loadAverage());
            return new Report(
                    quick,
                    count,
                    database.version(),
                    database.pid() != null,
                    load,
                    results,
                    server.liveHeapBytes());
        }
    }

    private List<Row> rows() {
        Set<String> known =
                Stream.concat(
                                Stream.of(Group.values()).map(Group::text),
                                Bench.rows().stream().map(Row::name))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        for (String name : only) {
            if (!known.contains(name)) {
                throw bad("--only: %s given, %s allowed".formatted(name, String.join(", ", known)));
            }
        }
        List<Row> rows =
                Bench.rows().stream()
                        .filter(row -> row.isIn(only) && (row.quick() || !quick))
                        .toList();
        if (rows.isEmpty()) {
            throw bad("--quick: leaves nothing of --only=" + String.join(", --only=", only));
        }
        return rows;
    }

    private int count() {
        if (rounds == null) {
            return quick ? QUICK_ROUNDS : ROUNDS;
        }
        if (quick) {
            throw bad("--rounds and --quick: both given, one of them allowed");
        }
        if (rounds < 1 || rounds > ROUNDS_MAX) {
            throw bad("--rounds: %d given, 1 to %d allowed".formatted(rounds, ROUNDS_MAX));
        }
        return rounds;
    }

    /** What {@code tranche serve} would make of the options of the database; embedded without them. */
    private DatabaseSource source() {
        List<String> options = new ArrayList<>();
        add(options, "--db-url=", dbUrl);
        add(options, "--db-user=", dbUser);
        add(options, "--db-password-file=", dbPasswordFile);
        if (options.isEmpty()) {
            options.add("--embedded=" + BenchDatabase.FOLDER);
        }
        try {
            return ServeConfig.of(options.toArray(String[]::new)).database();
        } catch (ParameterException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private static void add(List<String> options, String name, @Nullable String value) {
        if (value != null) {
            options.add(name + value);
        }
    }

    private static BenchDatabase database(DatabaseSource source) throws Exception {
        return switch (source) {
            case DatabaseSource.Embedded embedded -> BenchDatabase.embedded();
            case DatabaseSource.External external ->
                    BenchDatabase.beside(external.url(), external.user(), external.password());
        };
    }

    private static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private ParameterException bad(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
