package dev.tranche.server.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.Main;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingV2Stub;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server with 256 MiB of heap, in a process of its own, that can be stopped and killed. */
record ServerProcess(Process process, int port, ManagedChannel channel) implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("Tranche [0-9.]+ listens on 127\\.0\\.0\\.1:([0-9]+), database: .*");

    /**
     * Starts one on a database that is there.
     *
     * @param folder for its password file and what it says
     */
    static ServerProcess start(
            Path folder, String url, String user, String password, String... settings)
            throws IOException {
        Path passwordFile = Files.writeString(folder.resolve("password"), password);
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "serve",
                                "--port=0",
                                "--db-url=" + url,
                                "--db-user=" + user,
                                "--db-password-file=" + passwordFile));
        words.addAll(List.of(settings));
        Path errors = folder.resolve("err");
        Process process = new ProcessBuilder(words).redirectError(errors.toFile()).start();
        Matcher ready = READY.matcher(String.valueOf(process.inputReader().readLine()));
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new AssertionError(Files.readString(errors));
        }
        int port = Integer.parseInt(ready.group(1));
        return new ServerProcess(process, port, connect(port));
    }

    private static ManagedChannel connect(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** A further connection to it. */
    ManagedChannel anotherChannel() {
        return connect(port);
    }

    BatchServiceBlockingV2Stub batches() {
        return BatchServiceGrpc.newBlockingV2Stub(channel);
    }

    /** It ends at once, and nothing in it knows. */
    void kill() {
        process.destroyForcibly();
        end();
    }

    /**
     * Sends it a signal.
     *
     * @param name STOP or CONT
     */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Override
    public void close() {
        process.destroy();
        end();
    }

    private void end() {
        channel.shutdownNow();
        process.onExit().orTimeout(60, SECONDS).join();
    }
}
