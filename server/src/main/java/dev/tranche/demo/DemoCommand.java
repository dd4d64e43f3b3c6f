package dev.tranche.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tranche.client.TrancheChannel;
import dev.tranche.client.TrancheException;
import dev.tranche.db.EphemeralFolders;
import dev.tranche.server.config.ServeConfig;
import dev.tranche.terminal.Screen;
import dev.tranche.terminal.Stopwatch;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code tranche demo}: a server with a database of its own, and the main job done on it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts a MariaDB and a server on free ports, does the main job on real data before"
                        + " your eyes, and stays up for you until Ctrl-C. Nothing of it is kept.")
public final class DemoCommand implements Callable<Integer> {
    private static final String HOST = "127.0.0.1";

    private final DemoServer.Starter starter;

    @Option(
            names = "--exit",
            description = "End when it is done: with 0, or with 1 if a figure is not as expected.")
    private boolean exit;

    /** With what starts its server. */
    public DemoCommand(DemoServer.Starter starter) {
        this.starter = starter;
    }

    /**
     * Runs the demo.
     *
     * @return the exit code
     * @throws Exception if it could not be run to its end; the message is for people
     */
    @Override
    public Integer call() throws Exception {
        quieten();
        Screen screen = Screen.on(System.out);
        screen.say(
                "Starting a MariaDB and a server on free ports; the first time takes longer ...");
        Stopwatch watch = Stopwatch.started();
        Path folder = EphemeralFolders.create();
        try (DemoServer server = starter.start(settings(folder))) {
            String target = HOST + ":" + server.port();
            screen.say("Ready on " + target + " after " + Screen.time(watch.elapsed()) + ".");
            return show(server, target, screen) ? ExitCode.OK : ExitCode.SOFTWARE;
        } finally {
            EphemeralFolders.delete(folder);
        }
    }

    /** Whether all was as expected. An interruption ends it, and is over when the server stops. */
    private boolean show(DemoServer server, String target, Screen screen) throws Exception {
        boolean asExpected = false;
        try {
            Ending ending = run(target, screen);
            asExpected = ending.asExpected();
            if (!exit) {
                new Invitation(target, ending.failedBatchId()).show(screen);
                screen.say("The server stays up until Ctrl-C.");
                server.awaitEnd();
            }
        } catch (InterruptedException e) {
            sayStopping(screen);
        } catch (TrancheException | StatusRuntimeException e) {
            if (!Thread.interrupted()) {
                throw e;
            }
            sayStopping(screen);
        }
        return asExpected;
    }

    private static void sayStopping(Screen screen) {
        screen.say("");
        screen.say("Stopping.");
    }

    /** What the server says of itself at its start and end would stand between the lines. */
    private static void quieten() {
        ((Logger) LoggerFactory.getLogger("dev.tranche")).setLevel(Level.WARN);
    }

    private static ServeConfig settings(Path folder) {
        return ServeConfig.of("--host=" + HOST, "--port=0", "--embedded=" + folder);
    }

    private static Ending run(String target, Screen screen) {
        ManagedChannel channel = TrancheChannel.plaintext(target).build();
        try {
            return new Demo(channel, screen).run();
        } finally {
            channel.shutdownNow();
        }
    }
}
