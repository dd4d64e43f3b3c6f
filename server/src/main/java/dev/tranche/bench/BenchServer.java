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
 * A server in a process of its own: the class path and the options for Java of this one but for the
 * heap, default settings but for those given, on a free port of 127.0.0.1.
 */
record BenchServer(Process process, int port) implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("Tranche [0-9.]+ listens on 127\\.0\\.0\\.1:([0-9]+), database: .*");

    /** The last line of a histogram of classes, with the number of objects before the bytes. */
    private static final Pattern TOTAL_BYTES = Pattern.compile("Total +[0-9]+ +([0-9]+) *");

    private static final Pattern COMPILE_NANOS = Pattern.compile("java\\.ci\\.totalTime=([0-9]+)");
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    /**
     * What there is to run.
     *
     * @param mainClass of {@code tranche}
     * @param folder for what the server says on stderr, and its password file
     * @param javaOptions for Java, beside those of this process
     */
    record Program(String mainClass, Path folder, List<String> javaOptions) {
        /** Of this process alone: its heap, and what looks into it. */
        private static final Pattern NOT_INHERITED = Pattern.compile("-Xm.*|-agent.*|-javaagent.*");

        /** The same with another folder. */
        Program in(Path other) {
            return new Program(mainClass, other, javaOptions);
        }

        /** Starts {@code tranche} with these arguments. */
        Process start(List<String> arguments) throws IOException {
            List<String> words = new ArrayList<>(List.of(java("java")));
            words.addAll(inheritedOptions());
            words.add("-Xmx256m");
            words.addAll(javaOptions);
            words.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
            words.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors().toFile());
            // Settings of whoever runs the bench are not those that are measured.
            builder.environment().keySet().removeIf(name -> name.startsWith("TRANCHE_"));
            return builder.start();
        }

        /** What the launcher gave this process, the AOT cache among it. */
        private static List<String> inheritedOptions() {
            return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option -> !NOT_INHERITED.matcher(option).matches())
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
    static BenchServer embedded(Program program, Path folder, String... settings)
            throws IOException, BenchFailure {
        List<String> arguments = new ArrayList<>(List.of("--embedded=" + folder));
        arguments.addAll(List.of(settings));
        return start(program, arguments);
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
        return number(TOTAL_BYTES, "GC.class_histogram");
    }

    /** For how long its compilers have worked; zero without a JDK to ask. */
    Duration compileTime() throws IOException, InterruptedException {
        return Duration.ofNanos(number(COMPILE_NANOS, "PerfCounter.print").orElse(0));
    }

    /** What the JDK's tool says about it; empty without that tool. */
    private OptionalLong number(Pattern line, String question)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(java("jcmd")))) {
            return OptionalLong.empty();
        }
        Process jcmd = new ProcessBuilder(java("jcmd"), "" + process.pid(), question).start();
        OptionalLong number =
                jcmd.inputReader()
                        .lines()
                        .map(line::matcher)
                        .filter(Matcher::matches)
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .reduce((earlier, last) -> last);
        return jcmd.waitFor() == 0 ? number : OptionalLong.empty();
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
