package dev.tranche.db;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that has a database open until it is killed, or says why it could not. Without a folder
 * the database is an ephemeral one.
 */
final class OtherServer {
    static final String OPEN = "open, pid";

    private OtherServer() {}

    public static void main(String[] arguments) throws Exception {
        try {
            EmbeddedMariaDb database =
                    arguments.length == 0
                            ? EmbeddedMariaDb.ephemeral()
                            : EmbeddedMariaDb.start(EmbeddedSettings.in(Path.of(arguments[0])));
            System.out.println(OPEN + " " + database.pid());
            database.onExit().get(1, TimeUnit.MINUTES);
        } catch (DatabaseUnusableException e) {
            System.out.println(e.getMessage());
        }
    }

    /** Starts one; its first line is what became of it. */
    static Process start(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                OtherServer.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
