package dev.tranche.bench;

import dev.tranche.bench.BenchServer.Program;
import dev.tranche.bench.Goal.SecondsAtMost;
import dev.tranche.bench.Goal.SecondsMoreAtMost;
import dev.tranche.bench.Row.Casting;
import dev.tranche.bench.Row.Group;
import dev.tranche.bench.Sample.Metric;
import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.EmbeddedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** From the start of a process until it is ready for calls. MariaDB's programs are unpacked before. */
final class StartRows {
    private StartRows() {}

    static List<Row> all() {
        return List.of(
                row(
                        "start-external",
                        stage -> Start.later("tranche --version", folder -> sayVersion(stage)),
                        stage ->
                                Start.later(
                                        "serve, tables there",
                                        folder -> BenchServer.on(program(stage), stage.database())),
                        new SecondsAtMost(2)),
                row(
                        "start-embedded-first",
                        stage -> Start.first("MariaDB, first", StartRows::startMariaDb),
                        stage ->
                                Start.first(
                                        "serve --embedded, first",
                                        folder -> BenchServer.embedded(program(stage), folder)),
                        new SecondsMoreAtMost(6)),
                row(
                        "start-embedded-later",
                        stage -> Start.later("MariaDB, later", StartRows::startMariaDb),
                        stage ->
                                Start.later(
                                        "serve --embedded, later",
                                        folder -> BenchServer.embedded(program(stage), folder)),
                        new SecondsMoreAtMost(1)));
    }

    private static AutoCloseable startMariaDb(Path folder) {
        return EmbeddedMariaDb.start(EmbeddedSettings.in(folder));
    }

    /** The least that any command takes. */
    private static AutoCloseable sayVersion(Stage stage) throws Exception {
        Process process = program(stage).start(List.of("--version"));
        if (process.waitFor() != 0) {
            throw new IOException("tranche --version ended with " + process.exitValue());
        }
        return () -> {};
    }

    /** With a folder beside the one where the server of all other rows keeps its files. */
    private static Program program(Stage stage) throws IOException {
        Path folder = stage.program().folder().resolve("starts");
        return stage.program().in(Files.createDirectories(folder));
    }

    private static Row row(String name, Casting baseline, Casting variant, Goal goal) {
        return new Row(
                Group.START,
                name,
                false,
                "start",
                Metric.SECONDS,
                baseline,
                variant,
                goal,
                Worth.ANY);
    }
}
