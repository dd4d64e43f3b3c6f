package dev.tranche.server.e2e;

import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.ScratchDatabase;
import dev.tranche.server.App;
import dev.tranche.server.config.ServeConfig;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingV2Stub;
import dev.tranche.v1.RecordServiceGrpc;
import dev.tranche.v1.RecordServiceGrpc.RecordServiceBlockingV2Stub;
import dev.tranche.v1.WorkspaceServiceGrpc;
import dev.tranche.v1.WorkspaceServiceGrpc.WorkspaceServiceBlockingV2Stub;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The whole server in this JVM, on a free port of loopback, and a connection to it. */
public final class TestServer implements AutoCloseable {
    private final Source source;
    private final App app;
    private final ManagedChannel channel;
    private final Runnable afterwards;

    /** Where the data is. */
    private record Source(String url, String user, String password) {}

    private TestServer(Source source, App app, Runnable afterwards) {
        this.source = source;
        this.app = app;
        this.afterwards = afterwards;
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", app.port()).usePlaintext().build();
    }

    /**
     * Starts one on a fresh database, which goes with it.
     *
     * @param settings as {@code tranche serve} takes them: {@code --chunk-records-max=10}
     */
    public static TestServer start(String... settings) throws Exception {
        ScratchDatabase database = ScratchDatabase.createEmpty();
        return start(
                new Source(database.jdbcUrl(), database.user(), database.password()),
                database::close,
                settings);
    }

    /** Starts one on a database that others start and stop. */
    public static TestServer on(EmbeddedMariaDb database, String... settings) throws Exception {
        return start(
                new Source(database.jdbcUrl(), database.user(), database.password()),
                () -> {},
                settings);
    }

    /** Starts a further one on the same database. */
    public TestServer another(String... settings) throws Exception {
        return start(source, () -> {}, settings);
    }

    /** Starts a further one that reaches the same database by this port of loopback. */
    public TestServer behind(int port, String... settings) throws Exception {
        String url = source.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/");
        return start(new Source(url, source.user(), source.password()), () -> {}, settings);
    }

    /** Where its database listens. */
    public InetSocketAddress database() {
        URI url = URI.create(source.url().substring("jdbc:".length()));
        return new InetSocketAddress(url.getHost(), url.getPort());
    }

    private static TestServer start(Source source, Runnable afterwards, String... settings)
            throws Exception {
        Path password = Files.createTempFile("tranche", ".password");
        try {
            Files.writeString(password, source.password());
            List<String> arguments = new ArrayList<>(List.of(settings));
            arguments.add("--port=0");
            arguments.add("--db-url=" + source.url());
            arguments.add("--db-user=" + source.user());
            arguments.add("--db-password-file=" + password);
            ServeConfig config = ServeConfig.of(arguments.toArray(String[]::new));
            return new TestServer(source, App.start(config), afterwards);
        } finally {
            Files.delete(password);
        }
    }

    public ManagedChannel channel() {
        return channel;
    }

    public BatchServiceBlockingV2Stub batches() {
        return BatchServiceGrpc.newBlockingV2Stub(channel);
    }

    public RecordServiceBlockingV2Stub records() {
        return RecordServiceGrpc.newBlockingV2Stub(channel);
    }

    public WorkspaceServiceBlockingV2Stub workspaces() {
        return WorkspaceServiceGrpc.newBlockingV2Stub(channel);
    }

    /** A connection to its database, past the server; commits by itself. */
    public Connection connection() throws SQLException {
        return DriverManager.getConnection(source.url(), source.user(), source.password());
    }

    @Override
    public void close() {
        app.close();
        channel.shutdownNow();
        afterwards.run();
    }
}
