package dev.tranche.db;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs MariaDB's programs on a folder that this process holds. */
final class Mariadbd {
    private static final Logger log = LoggerFactory.getLogger(Mariadbd.class);

    private static final Duration POLL = Duration.ofMillis(10);

    private static final int LOG_LINES_SHOWN = 20;

    /** Names that need no quotes in SQL or a shell. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private final Binaries binaries;
    private final DatabaseFolder folder;
    private final EmbeddedSettings settings;

    Mariadbd(Binaries binaries, DatabaseFolder folder, EmbeddedSettings settings) {
        this.binaries = binaries;
        this.folder = folder;
        this.settings = settings;
    }

    /** Makes the system tables, unless they are there. A run that was killed over it left none. */
    void install() throws IOException, InterruptedException {
        if (Files.isDirectory(folder.data())) {
            return;
        }
        FileTree.delete(folder.dataInTheMaking());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                binaries.installer().toString(),
                                "--no-defaults",
                                "--basedir=" + binaries.base(),
                                DatabaseFolder.argument(folder.dataInTheMaking()),
                                "--force",
                                "--skip-name-resolve",
                                "--skip-test-db"));
        command.addAll(asThisUser());
        String user = System.getProperty("user.name");
        if (PLAIN_NAME.matcher(user).matches()) {
            command.add("--auth-root-socket-user=" + user);
        }
        Process process = launch(command);
        if (!process.waitFor(settings.startMax().toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.waitFor() != 0) {
            throw failed("cannot make its system tables");
        }
        Files.move(folder.dataInTheMaking(), folder.data(), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Starts it, and returns when it answers.
     *
     * @param url at which it will
     * @param statements run by it before it listens
     */
    Process start(int port, String url, String user, String password, List<String> statements)
            throws IOException, InterruptedException {
        folder.write(folder.initFile(), String.join("\n", statements) + "\n");
        Process process = launch(command(port));
        try {
            awaitAnswer(process, url, user, password);
            return process;
        } catch (RuntimeException | InterruptedException e) {
            process.destroyForcibly();
            throw e;
        } finally {
            Files.deleteIfExists(folder.initFile());
        }
    }

    private void awaitAnswer(Process process, String url, String user, String password)
            throws InterruptedException {
        long deadline = System.nanoTime() + settings.startMax().toNanos();
        Configuration address = address(url, user, password);
        while (true) {
            try (Connection connection = Driver.connect(address)) {
                log.debug("{} answers", connection.getMetaData().getDatabaseProductVersion());
                return;
            } catch (SQLException e) {
                if (!process.isAlive()) {
                    throw failed("ended with code %d at its start".formatted(process.waitFor()));
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw failed(
                            "did not answer within %d s (%s)"
                                    .formatted(settings.startMax().toSeconds(), e.getMessage()));
                }
            }
            Thread.sleep(POLL);
        }
    }

    /** Read once: that takes the driver longer than to find nobody there. */
    private static Configuration address(String url, String user, String password) {
        Properties account = new Properties();
        account.setProperty("user", user);
        account.setProperty("password", password);
        try {
            return Configuration.parse(url, account);
        } catch (SQLException e) {
            throw new IllegalArgumentException(url, e);
        }
    }

    private List<String> command(int port) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                binaries.server().toString(),
                                "--no-defaults",
                                DatabaseFolder.argument(folder.data()),
                                "--basedir=" + binaries.base(),
                                "--tmpdir=" + folder.temporary(),
                                "--pid-file=" + folder.pidFile(),
                                "--init-file=" + folder.initFile(),
                                "--port=" + port,
                                "--bind-address=" + EmbeddedMariaDb.HOST,
                                // Within the data folder: a longer path may not fit (107 bytes).
                                "--socket=mariadb.sock",
                                "--skip-name-resolve",
                                "--skip-ssl",
                                "--local-infile=OFF",
                                "--skip-log-bin",
                                "--innodb-flush-log-at-trx-commit=1",
                                "--innodb-doublewrite=ON",
                                "--innodb-buffer-pool-size=" + settings.bufferPoolMebibytes() + "M",
                                // A small log makes a table of a million rows slower with every
                                // row.
                                "--innodb-log-file-size=512M",
                                "--max-allowed-packet=64M",
                                "--default-time-zone=+00:00",
                                "--character-set-server=utf8mb4",
                                "--collation-server=utf8mb4_nopad_bin",
                                "--transaction-isolation=READ-COMMITTED"));
        command.addAll(asThisUser());
        return command;
    }

    /** MariaDB refuses to run as root unless told so. */
    private static List<String> asThisUser() {
        return System.getProperty("user.name").equals("root") ? List.of("--user=root") : List.of();
    }

    private Process launch(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .directory(binaries.base().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
                .start();
    }

    private DatabaseUnusableException failed(String what) {
        return new DatabaseUnusableException(
                "the embedded MariaDB in %s %s. The end of %s:%n%s"
                        .formatted(folder.root(), what, folder.log(), endOfLog()));
    }

    private String endOfLog() {
        try {
            String text =
                    new String(Files.readAllBytes(folder.log()), StandardCharsets.UTF_8).strip();
            List<String> lines = text.lines().toList();
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            log.debug("no log to show", e);
            return "(cannot be read)";
        }
    }
}
