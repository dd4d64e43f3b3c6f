package dev.tranche.server.e2e;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A server on a free port with a database of its own, and a channel to it. */
public final class TestServer implements AutoCloseable {
    private final ScratchDatabase database;
    private final App app;
    private final ManagedChannel channel;

    private TestServer(ScratchDatabase database, App app) {
        this.database = database;
        this.app = app;
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", app.port()).usePlaintext().build();
    }

    /** Starts one on a fresh database, with settings as {@code tranche serve} takes them. */
    public static TestServer start(String... settings) throws Exception {
        return on(ScratchDatabase.createEmpty(), settings);
    }

    /** Starts one more on the same database. */
    public TestServer another(String... settings) throws Exception {
        return on(database, settings);
    }

    private static TestServer on(ScratchDatabase database, String... settings)
            throws Exception {
        List<String> all = new ArrayList<>();
        all.add("--port=0");
        all.add("--db-url=" + database.jdbcUrl());
        all.add("--db-user=" + database.user());
        all.add("--db-password-file=" + passwordFile(database));
        all.addAll(List.of(settings));
        return new TestServer(database, App.start(ServeConfig.of(all.toArray(String[]::new))));
    }

    /** The channel to it. */
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

    /** A connection to its database, past the server. */
    public Connection connection() throws SQLException {
        return database.connect();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        app.close();
    }

    /** The file the server reads the password from. */
    private static Path passwordFile(ScratchDatabase database) throws IOException {
        Path file = Files.createTempFile("tranche-test", ".password");
        file.toFile().deleteOnExit();
        return Files.writeString(file, database.password());
    }
}
