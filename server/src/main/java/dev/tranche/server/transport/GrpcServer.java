package dev.tranche.server.transport;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service on the network: {@code tranche.v1}, health and reflection, over HTTP/2 in plain text.
 * Every call is an {@link Exchange}, which runs a handler of one of the services.
 */
public final class GrpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

    /** What the last replies have to leave the server when no call is worked on any more. */
    private static final Duration FLUSH_TIME = Duration.ofSeconds(1);

    /** What calls that were cut off have to roll back. */
    private static final Duration ROLLBACK_TIME = Duration.ofSeconds(5);

    private final ServerLimits limits;
    private final Admission admission;
    private final Readiness readiness;
    private final ExecutorService decompression;
    private final ExecutorService health;
    private final Server server;

    private GrpcServer(
            ServerLimits limits,
            Admission admission,
            Readiness readiness,
            ExecutorService decompression,
            ExecutorService health,
            Server server) {
        this.limits = limits;
        this.admission = admission;
        this.readiness = readiness;
        this.decompression = decompression;
        this.health = health;
        this.server = server;
    }

    /**
     * A server that listens once it is started.
     *
     * @param address where; port 0 takes a free one
     * @param database whether it answers; asked every second from a thread of its own, so it should
     *     say no within seconds
     */
    public static GrpcServer on(
            InetSocketAddress address,
            ServerLimits limits,
            UseCases useCases,
            BooleanSupplier database) {
        return of(
                netty(address, limits.connection()), limits, services(useCases, limits), database);
    }

    /** The services of the contract. */
    static List<ServerServiceDefinition> services(UseCases useCases, ServerLimits limits) {
        return List.of(
                new BatchService(useCases, limits).definition(),
                new RecordService(useCases, limits).definition(),
                new WorkspaceService(useCases, limits).definition());
    }

    /** Any services on any transport. */
    static GrpcServer of(
            ServerBuilder<?> transport,
            ServerLimits limits,
            List<ServerServiceDefinition> services,
            BooleanSupplier database) {
        List<String> names =
                services.stream().map(one -> one.getServiceDescriptor().getName()).toList();
        Admission admission = new Admission(limits.calls());
        Readiness readiness = new Readiness(names, database, PROBE_INTERVAL);
        ExecutorService decompression =
                Executors.newFixedThreadPool(
                        Runtime.getRuntime().availableProcessors(),
                        Thread.ofPlatform().name("grpc-decompression-", 0).daemon().factory());
        ExecutorService health =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("grpc-health").daemon().factory());
        transport
                .maxInboundMessageSize(limits.calls().requestBytesMax())
                .addStreamTracerFactory(admission)
                // Its own direct executor gRPC does not let calls leave again.
                .executor(Runnable::run)
                .callExecutor(new Threads(decompression, health))
                .addServices(services)
                .addService(readiness.service())
                .addService(ProtoReflectionServiceV1.newInstance())
                .addService(olderReflection());
        return new GrpcServer(
                limits, admission, readiness, decompression, health, transport.build());
    }

    /** Makes Netty find out what it can do here, which else the first server waits for. */
    public static void prepare() {
        ByteBufAllocator.DEFAULT.buffer().release();
    }

    /** HTTP/2 within limits. */
    static ServerBuilder<?> netty(InetSocketAddress address, ServerLimits.Connection limits) {
        return NettyServerBuilder.forAddress(address)
                .maxConcurrentCallsPerConnection(limits.callsMax())
                .maxInboundMetadataSize(limits.headerBytesMax())
                .handshakeTimeout(limits.handshakeTimeMax().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(limits.idleMax().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(limits.ageMax().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(limits.ageGrace().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(
                        limits.keepaliveIntervalMin().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(limits.keepaliveInterval().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(limits.keepaliveTimeMax().toMillis(), TimeUnit.MILLISECONDS)
                .maxRstFramesPerWindow(
                        limits.resetsMax(), Math.toIntExact(limits.resetsWindow().toSeconds()));
    }

    // Deprecated, but the only one that grpcurl before 1.8.9, Postman and others ask for.
    @SuppressWarnings("deprecation")
    private static BindableService olderReflection() {
        return ProtoReflectionService.newInstance();
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if the address is taken or cannot be used
     */
    public void start() throws IOException {
        readiness.start();
        server.start();
    }

    /** The port it listens on; -1 before the start. */
    public int port() {
        return server.getPort();
    }

    /** What its calls take. */
    Admission admission() {
        return admission;
    }

    /**
     * Stops: says so to whoever asks about health, takes no new calls, lets running ones finish for
     * the grace, cuts off the rest and waits until they have rolled back.
     */
    @Override
    public void close() {
        readiness.close();
        server.shutdown();
        try {
            boolean finished = admission.awaitIdle(limits.calls().shutdownGrace());
            if (finished) {
                server.awaitTermination(FLUSH_TIME.toNanos(), TimeUnit.NANOSECONDS);
            }
            server.shutdownNow();
            if (!admission.awaitIdle(ROLLBACK_TIME)) {
                LOG.warn("calls that were cut off have not ended after {}", ROLLBACK_TIME);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        decompression.shutdown();
        health.shutdown();
    }

    /**
     * Where gRPC calls back if not on the thread that reads from the network. On that one an {@link
     * Exchange} only leaves word, but messages may have to be decompressed before. Health has a thread of
     * its own: it answers also when everything else is busy.
     */
    private record Threads(Executor decompression, Executor health)
            implements ServerCallExecutorSupplier {
        /** By the protocol of gRPC over HTTP/2: there if messages may be compressed. */
        private static final Metadata.Key<String> ENCODING =
                Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

        @Override
        public <Q, R> @Nullable Executor getExecutor(ServerCall<Q, R> call, Metadata headers) {
            String service = call.getMethodDescriptor().getServiceName();
            if (HealthGrpc.SERVICE_NAME.equals(service)) {
                return health;
            }
            return headers.containsKey(ENCODING) ? decompression : null;
        }
    }
}
