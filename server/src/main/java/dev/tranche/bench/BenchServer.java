package dev.tranche.bench;

import dev.tranche.client.TrancheChannel;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own: the class path of this one, the launcher's options for Java, default
 * settings but for those given, on a free port of 127.0.0.1.
 */
record BenchServer(Process process, int port) implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("Tranche [0-9.]+ listens on 127\\.0\\.0\\.1:([0-9]+), database: .*");
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    /**
     * What there is to run.
     *
     * @param mainClass of {@code tranche}
     * @param folder for what the server says on stderr, and its password file
     * @param javaOptions for Java, beside the launcher's
     */
    record Program(String mainClass, Path folder, List<String> javaOptions) {

        /** With the AOT cache that the launcher found for this process: servers start faster with it. */
        static Program withCache(String mainClass, Path folder) {
            return new Program(mainClass, folder, cacheOptions());
        }

        /** The same with another folder. */
        Program in(Path other) {
            return new Program(mainClass, other, javaOptions);
        }

        /** Starts {@code tranche} with these arguments. */
        Process start(List<String> arguments) throws IOException {
            List<String> words =
                    new ArrayList<>(
                            List.of(
                                    java("java"),
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-XX:SurvivorRatio=2",
                                    "-XX:+UseCompactObjectHeaders",
                                    "-XX:CompileThresholdScaling=0.2",
                                    "-Xmx256m"));
            words.addAll(javaOptions);
            words.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
            words.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors().toFile());
            // Settings of whoever runs the bench are not those that are measured.
            builder.environment().keySet().removeIf(name -> name.startsWith("TRANCHE_"));
            return builder.start();
        }

        private static List<String> cacheOptions() {
            return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option ->
                            option.startsWith("-XX:AOTCache=") || option.startsWith("-Xlog:aot"))
                    .toList();
        }

        Path errors() {
            return folder.resolve("stderr");
        }
    }

    /** Starts one on a database that is there, and returns when it is ready. */
    static BenchServer on(Program program, BenchDatabase database, String... settings)
            throws IOException, BenchFailure {
        Path passwordFile =
                Files.writeString(program.folder().resolve("password"), database.password());
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--db-url=" + database.url(),
                                "--db-user=" + database.user(),
                                "--db-password-file=" + passwordFile));
        arguments.addAll(List.of(settings));
        return start(program, arguments);
    }

    /** Starts one with a database of its own in a folder, and returns when it is ready. */
    static BenchServer embedded(Program program, Path folder) throws IOException, BenchFailure {
        return start(program, List.of("--embedded=" + folder));
    }

    private static BenchServer start(Program program, List<String> settings)
            throws IOException, BenchFailure {
        List<String> arguments = new ArrayList<>(List.of("serve", "--port=0"));
        arguments.addAll(settings);
        Process process = program.start(arguments);
        Matcher ready = READY.matcher(String.valueOf(process.inputReader().readLine()));
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new BenchFailure(
                    "the server does not start: " + Files.readString(program.errors()).strip());
        }
        return new BenchServer(process, Integer.parseInt(ready.group(1)));
    }

    /** A connection of its own; the caller shuts it down. */
    ManagedChannel connect() {
        return TrancheChannel.plaintext("127.0.0.1:" + port).build();
    }

    /** Bytes of the objects that live in it once the garbage is gone; empty without a JDK to ask. */
    OptionalLong liveHeapBytes() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(java("jcmd")))) {
            return OptionalLong.empty();
        }
        Process histogram =
                new ProcessBuilder(java("jcmd"), "" + process.pid(), "GC.class_histogram").start();
        List<String> lines = histogram.inputReader().lines().toList();
        if (histogram.waitFor() != 0 || !lines.getLast().startsWith("Total")) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(lines.getLast().trim().split("\\s+", -1)[2]));
    }

    /** Stops it in good order. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }
}
