package dev.tranche.db;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that has a database open until it is killed, or says why it could not. */
final class OtherServer {
    static final String OPEN = "open";

    private OtherServer() {}

    public static void main(String[] arguments) throws Exception {
        try {
            EmbeddedMariaDb database =
                    EmbeddedMariaDb.start(EmbeddedSettings.in(Path.of(arguments[0])));
            System.out.println(OPEN);
            database.onExit().get(1, TimeUnit.MINUTES);
        } catch (DatabaseUnusableException e) {
            System.out.println(e.getMessage());
        }
    }

    /** Starts one; its first line is what became of it. */
    static Process start(Path folder) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherServer.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
