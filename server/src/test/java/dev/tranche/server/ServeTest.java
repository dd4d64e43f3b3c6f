package dev.tranche.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tranche serve}, most of it as a process of its own, each with a database of its own. */
class ServeTest {
    private static final Pattern READY =
            Pattern.compile("Tranche [0-9.]+ listens on 127\\.0\\.0\\.1:([0-9]+), database: (.*)");

    @TempDir Path folder;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endWhatStillRuns() throws Exception {
        for (Process process : processes) {
            process.destroy();
            assertThat(process.waitFor(60, SECONDS)).isTrue();
        }
    }

    @Test
    void servesUntilItIsToldToStop() throws Exception {
        Process process = start();
        awaitServing(port(process));

        process.destroy();
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("db/mariadb.pid")).doesNotExist();
    }

    @Test
    void endsWithAFailureWhenItsDatabaseDies() throws Exception {
        Process process = start();
        awaitServing(port(process));

        String pid = Files.readString(folder.resolve("db/mariadb.pid")).strip();
        assertThat(ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly()).isTrue();

        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err")))
                .contains("tranche: the embedded MariaDB ended by itself with code 137");
    }

    @Test
    void saysThatItsAddressIsTakenAndEndsItsDatabase() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String said = failure("--embedded=" + database(), "--port=" + taken.getLocalPort());
            assertThat(said)
                    .startsWith("tranche: cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("already in use")
                    .doesNotContain("\tat ");
        }
        assertThat(folder.resolve("db/mariadb.pid")).doesNotExist();
    }

    @Test
    void saysThatTheDatabaseCannotBeReached() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        String said =
                failure("--db-url=jdbc:mariadb://127.0.0.1:" + nobody + "/tranche", "--db-user=me");
        assertThat(said)
                .startsWith("tranche: ")
                .contains("127.0.0.1:" + nobody)
                .doesNotContain("\tat ");
    }

    private Path database() {
        return folder.resolve("db");
    }

    private Process start() throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "serve",
                                "--port=0",
                                "--embedded=" + database())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        processes.add(process);
        return process;
    }

    /** The port in the one line that says it is ready. */
    private int port(Process process) throws IOException {
        BufferedReader out = process.inputReader();
        Matcher ready = READY.matcher(String.valueOf(out.readLine()));
        assertThat(ready.matches()).as(() -> err()).isTrue();
        assertThat(ready.group(2)).isEqualTo("embedded MariaDB in " + database());
        return Integer.parseInt(ready.group(1));
    }

    private String err() {
        try {
            return Files.readString(folder.resolve("err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void awaitServing(int port) throws InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            Iterator<HealthCheckResponse> health =
                    HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(60, SECONDS)
                            .watch(HealthCheckRequest.getDefaultInstance());
            ServingStatus status = ServingStatus.UNKNOWN;
            while (status != ServingStatus.SERVING) {
                status = health.next().getStatus();
            }
        } finally {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(60, SECONDS)).isTrue();
        }
    }

    private static String failure(String... arguments) {
        List<String> words = new ArrayList<>(List.of("serve"));
        words.addAll(List.of(arguments));
        StringWriter err = new StringWriter();
        int code =
                Main.commands(Map.of())
                        .setErr(new PrintWriter(err, true))
                        .execute(words.toArray(String[]::new));
        assertThat(code).isEqualTo(1);
        return err.toString();
    }
}
