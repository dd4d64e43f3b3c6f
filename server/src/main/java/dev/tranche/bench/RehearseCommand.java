package dev.tranche.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tranche.db.EphemeralFolders;
import dev.tranche.terminal.Stopwatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/**
 * {@code tranche rehearse}, for the launcher: a server does for a while what callers want most, and
 * Java keeps what it learned of it: classes, and which code is worth compiling, and how (JEP 483, 515).
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Makes an AOT cache of a server that was busy for a while.")
public final class RehearseCommand implements Callable<Integer> {
    /** Rows that together do what callers do. */
    static final Set<String> PLAYED =
            Set.of(
                    "insert-json-1",
                    "insert-struct-1",
                    "insert-schema-1",
                    "insert-violations-10",
                    "insert-stream-1",
                    "batch-1-bare",
                    "batch-100-optimal",
                    "batch-100-optimal-8");

    private static final Duration ROW_TIME = Duration.ofSeconds(1);

    private final String mainClass;

    @Parameters(paramLabel = "FILE", description = "The cache.")
    private Path cache = Path.of("");

    /**
     * With the program whose {@code serve} is rehearsed.
     *
     * @param mainClass the class that runs every command
     */
    public RehearseCommand(String mainClass) {
        this.mainClass = mainClass;
    }

    /**
     * Rehearses.
     *
     * @return 0; whether there is a cache now is Java's business
     * @throws Exception if it could not be done to its end; the message is for people
     */
    @Override
    public Integer call() throws Exception {
        ((Logger) LoggerFactory.getLogger("dev.tranche")).setLevel(Level.WARN);
        Path folder = Files.createTempDirectory("tranche-rehearsal-");
        BenchServer.Program program =
                new BenchServer.Program(
                        mainClass, folder, List.of("-XX:AOTCacheOutput=" + cache.toAbsolutePath()));
        Path data = folder.resolve("data");
        try (BenchServer server = BenchServer.embedded(program, data, Stage.SETTINGS)) {
            BenchDatabase database = BenchDatabase.of(data, Files.readString(program.errors()));
            Stage stage = new Stage(program, database, server, true);
            stage.build();
            for (Row row : Bench.rows()) {
                if (row.isIn(PLAYED)) {
                    play(row.variant(), stage);
                }
            }
        } finally {
            EphemeralFolders.delete(folder);
        }
        return ExitCode.OK;
    }

    private static void play(Row.Casting part, Stage stage) throws Exception {
        try (Contender service = part.on(stage)) {
            Stopwatch watch = Stopwatch.started();
            while (watch.elapsed().compareTo(ROW_TIME) < 0) {
                service.prepare();
                service.run();
                service.tidyUp();
            }
        }
    }
}
