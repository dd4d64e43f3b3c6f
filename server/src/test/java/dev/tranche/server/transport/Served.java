package dev.tranche.server.transport;

import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.execute.ExecuteBatch;
import dev.tranche.server.execute.ExecuteLimits;
import dev.tranche.server.execute.PromoteCollections;
import dev.tranche.server.execute.PromotionLimits;
import dev.tranche.server.insert.BatchInserts;
import dev.tranche.server.insert.InsertLimits;
import dev.tranche.server.insert.InsertPreview;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.schema.JsonLimits;
import dev.tranche.server.schema.JsonSchemas;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingStub;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.RecordServiceGrpc;
import dev.tranche.v1.RecordServiceGrpc.RecordServiceBlockingStub;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.WorkspaceServiceGrpc;
import dev.tranche.v1.WorkspaceServiceGrpc.WorkspaceServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** A server over a store in memory, and a channel to it. */
final class Served implements AutoCloseable {
    static final int OPERATIONS_MAX = 100;
    static final int RECORDS_MAX = 10_000;
    static final int CHUNK_RECORDS_MAX = 1_000;
    static final int RECORD_BYTES_MAX = 1 << 20;
    static final Duration TRANSACTION_TIME = Duration.ofSeconds(3);

    private static final OperationLimits OPERATION =
            new OperationLimits(RECORD_BYTES_MAX, 10_000, 64 << 20, 64 << 20, 1_000);

    final MemoryStore store;
    final GrpcServer server;
    final ManagedChannel channel;

    private Served(MemoryStore store, GrpcServer server, ManagedChannel channel) {
        this.store = store;
        this.server = server;
        this.channel = channel;
    }

    /** Without a network. */
    static Served inProcess() {
        return inProcess(limits(CALLS));
    }

    static Served inProcess(ServerLimits limits) {
        String name = UUID.randomUUID().toString();
        MemoryStore store = new MemoryStore();
        GrpcServer server =
                GrpcServer.of(
                        InProcessServerBuilder.forName(name),
                        limits,
                        GrpcServer.services(useCases(store), limits),
                        () -> true);
        return started(store, server, () -> InProcessChannelBuilder.forName(name).build());
    }

    /** Over HTTP/2 on loopback. */
    static Served netty(ServerLimits limits) {
        MemoryStore store = new MemoryStore();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        GrpcServer server = GrpcServer.on(address, limits, useCases(store), () -> true);
        return started(
                store,
                server,
                () ->
                        NettyChannelBuilder.forAddress(
                                        new InetSocketAddress(
                                                InetAddress.getLoopbackAddress(), server.port()))
                                .usePlaintext()
                                .flowControlWindow(65_535)
                                .build());
    }

    private static Served started(
            MemoryStore store, GrpcServer server, Supplier<ManagedChannel> channel) {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Served(store, server, channel.get());
    }

    static final ServerLimits.Calls CALLS =
            new ServerLimits.Calls(
                    16 << 20,
                    4 << 20,
                    200,
                    64 << 20,
                    200,
                    64 << 20,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20));

    static ServerLimits limits(ServerLimits.Calls calls) {
        return new ServerLimits(batches(true), calls, CONNECTION);
    }

    static final ServerLimits.Connection CONNECTION =
            new ServerLimits.Connection(
                    100,
                    16 << 10,
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(15),
                    Duration.ofHours(1),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(20),
                    500,
                    Duration.ofSeconds(10));

    static ServerLimits.Batches batches(boolean enabled) {
        return new ServerLimits.Batches(
                enabled,
                new ExecuteLimits(OPERATIONS_MAX, TRANSACTION_TIME),
                insertLimits(),
                OPERATION,
                16,
                64 << 20,
                Duration.ofDays(30),
                Duration.ofMillis(10));
    }

    private static InsertLimits insertLimits() {
        return new InsertLimits(
                RECORDS_MAX,
                RECORDS_MAX,
                CHUNK_RECORDS_MAX,
                1 << 20,
                0,
                TRANSACTION_TIME,
                Duration.ofSeconds(10),
                64 << 20,
                Duration.ofDays(7));
    }

    private static UseCases useCases(MemoryStore store) {
        Interpreter interpreter = new Interpreter(new JsonSchemas(JsonLimits.DEFAULTS), OPERATION);
        Engine engine = new Engine(interpreter, 16);
        Reruns<BatchTransaction> reruns = new Reruns<>(store);
        FreshIds ids = new FreshIds();
        InstantSource clock = InstantSource.system();
        return new UseCases(
                new ExecuteBatch(
                        reruns,
                        new Reruns<>(store),
                        engine,
                        ids,
                        clock,
                        new ExecuteLimits(OPERATIONS_MAX, TRANSACTION_TIME)),
                new BatchInserts(reruns, engine, ids, clock, insertLimits()),
                new InsertPreview(new Reruns<>(store), engine, ids, clock, insertLimits()),
                new PromoteCollections(
                        reruns,
                        new Reruns<>(store),
                        engine,
                        ids,
                        clock,
                        new PromotionLimits(OPERATIONS_MAX, 64 << 20, TRANSACTION_TIME)),
                store,
                store,
                store,
                store,
                (ends, after, limit, bytesMax) -> List.of(),
                ids,
                clock);
    }

    BatchServiceBlockingStub batches() {
        return BatchServiceGrpc.newBlockingStub(channel);
    }

    RecordServiceBlockingStub records() {
        return RecordServiceGrpc.newBlockingStub(channel);
    }

    WorkspaceServiceBlockingStub workspaces() {
        return WorkspaceServiceGrpc.newBlockingStub(channel);
    }

    /** Runs operations in the default workspace. */
    ExecuteBatchResponse execute(Operation... operations) {
        return batches()
                .executeBatch(
                        ExecuteBatchRequest.newBuilder()
                                .setWorkspace("default")
                                .addAllOperations(List.of(operations))
                                .build());
    }

    /** Makes a collection; if fields are given, they are unique together. */
    void collection(String name, String... uniqueFields) {
        UpsertCollection.Builder upsert = UpsertCollection.newBuilder().setCollection(name);
        if (uniqueFields.length > 0) {
            upsert.addUniqueConstraints(
                    UniqueConstraint.newBuilder()
                            .setName("unique")
                            .addAllFields(List.of(uniqueFields)));
        }
        execute(Operation.newBuilder().setUpsertCollection(upsert).build());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}
