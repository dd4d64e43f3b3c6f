package dev.tranche.server.e2e;

import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.EmbeddedSettings;
import java.io.IOException;
import java.nio.file.Path;

/** A server and its database, each in a process of its own, that are killed and come back. */
final class Killable implements AutoCloseable {
    private final Path folder;
    private final String[] settings;
    private EmbeddedMariaDb database;
    private ServerProcess server;

    private Killable(Path folder, String[] settings, EmbeddedMariaDb database) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.database = database;
        this.server = startServer();
    }

    /** Starts both, with what they need in a folder. */
    static Killable in(Path folder, String... settings) throws IOException {
        return new Killable(folder, settings, EmbeddedMariaDb.start(data(folder)));
    }

    /** The server; another one after it was killed. */
    ServerProcess server() {
        return server;
    }

    /** A server in this process on the same database. */
    TestServer another() throws Exception {
        return TestServer.on(database, settings);
    }

    /** Ends the server, and starts it again on another port. */
    void killServer() throws IOException {
        server.kill();
        server = startServer();
    }

    /** Ends the database, and starts it again on the same port. */
    void killDatabase() {
        ProcessHandle.of(database.pid()).orElseThrow().destroyForcibly();
        int port = database.port();
        database.onExit().join();
        database.close();
        database = EmbeddedMariaDb.start(data(folder).withPort(port));
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }

    private static EmbeddedSettings data(Path folder) {
        return EmbeddedSettings.in(folder.resolve("db"));
    }

    private ServerProcess startServer() throws IOException {
        return ServerProcess.start(
                folder, database.jdbcUrl(), database.user(), database.password(), settings);
    }
}
