package dev.tranche.server;

import dev.tranche.server.batch.Janitor;
import dev.tranche.server.config.Listen;
import dev.tranche.server.config.ServeConfig;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchPreview;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.execute.ExecuteBatch;
import dev.tranche.server.execute.PromoteCollections;
import dev.tranche.server.insert.BatchInserts;
import dev.tranche.server.insert.InsertPreview;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.schema.JsonLimits;
import dev.tranche.server.schema.JsonSchemas;
import dev.tranche.server.store.Database;
import dev.tranche.server.transport.GrpcServer;
import dev.tranche.server.transport.UseCases;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A service that runs: the one place where the rooms are joined, and the order in which they end. */
public final class App implements AutoCloseable {
    private final Listen listen;
    private final DatabaseServer mariaDb;
    private final Database database;
    private final Janitor janitor;
    private final GrpcServer grpc;

    private App(
            Listen listen,
            DatabaseServer mariaDb,
            Database database,
            Janitor janitor,
            GrpcServer grpc) {
        this.listen = listen;
        this.mariaDb = mariaDb;
        this.database = database;
        this.janitor = janitor;
        this.grpc = grpc;
    }

    /**
     * Starts the database if it is ours, brings its tables up to date, and listens.
     *
     * @throws dev.tranche.db.DatabaseUnusableException if there is no database to work with
     * @throws ServerFailure if the address is taken or cannot be used
     */
    public static App start(ServeConfig config) throws ServerFailure {
        Thread.ofPlatform().daemon().name("prepare").start(App::prepare);
        DatabaseServer mariaDb = DatabaseServer.at(config.database());
        App started = null;
        try {
            if (config.migrate()) {
                mariaDb.migrate();
            } else {
                mariaDb.check();
            }
            started = wire(config, mariaDb).listening();
            return started;
        } finally {
            if (started == null) {
                mariaDb.close();
            }
        }
    }

    /** What needs no database, done while that starts: it takes as long. */
    private static void prepare() {
        Database.prepare();
        GrpcServer.prepare();
    }

    private static App wire(ServeConfig config, DatabaseServer mariaDb) {
        RoomLimits limits = new RoomLimits(config);
        Database database = Database.open(limits.database(mariaDb), limits.loads());
        GrpcServer grpc =
                GrpcServer.on(
                        new InetSocketAddress(config.listen().address(), config.listen().port()),
                        limits.server(),
                        useCases(limits, database),
                        database::isReachable);
        Janitor janitor = Janitor.start(database.remains(), limits.retention(), limits.janitor());
        return new App(config.listen(), mariaDb, database, janitor, grpc);
    }

    private static UseCases useCases(RoomLimits limits, Database database) {
        JsonSchemas schemas = new JsonSchemas(JsonLimits.DEFAULTS);
        Interpreter interpreter = new Interpreter(schemas, limits.operations());
        Engine engine = new Engine(interpreter, limits.loadRoundsMax());
        Reruns<BatchTransaction> reruns = new Reruns<>(database.transactions());
        Reruns<BatchPreview> previews = new Reruns<>(database.previews());
        FreshIds ids = new FreshIds();
        InstantSource clock = InstantSource.system();
        return new UseCases(
                new ExecuteBatch(reruns, previews, engine, ids, clock, limits.execute()),
                new BatchInserts(reruns, engine, ids, clock, limits.inserts()),
                new InsertPreview(previews, engine, ids, clock, limits.inserts()),
                new PromoteCollections(reruns, previews, engine, ids, clock, limits.promotions()),
                database.batches(),
                database.accountRemoval(),
                database.catalog(),
                database.records(),
                database.relationships(),
                ids,
                clock);
    }

    private App listening() throws ServerFailure {
        App started = null;
        try {
            grpc.start();
            started = this;
            return started;
        } catch (IOException e) {
            throw new ServerFailure(
                    "cannot listen on %s: %s".formatted(text(listen.port()), rootCause(e)), e);
        } finally {
            if (started == null) {
                close();
            }
        }
    }

    /** The port it listens on. */
    public int port() {
        return grpc.port();
    }

    /** Where it listens, as callers write it. */
    public String address() {
        return text(port());
    }

    /**
     * Waits as long as it can go on.
     *
     * @throws ServerFailure when its database has ended by itself
     * @throws InterruptedException if this thread is to stop waiting
     */
    public void awaitEnd() throws ServerFailure, InterruptedException {
        mariaDb.awaitEnd();
    }

    /**
     * Stops: health first, then calls once they have ended, the janitor after its step, the pool, and
     * the database if ours.
     */
    @Override
    public void close() {
        try (mariaDb;
                database;
                janitor;
                grpc) {
            // They close themselves, the last one first.
        }
    }

    private String text(int port) {
        InetAddress address = listen.address();
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
    }

    private static @Nullable String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
