package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.RecordServiceGrpc;
import dev.tranche.v1.WorkspaceServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server from its start to its stop, as operators and tools see it. */
class ServeTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void saysThatItServes() throws Exception {
        assertThat(health(server, "")).isEqualTo(ServingStatus.SERVING);
        assertThat(health(server, BatchServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void listsItsServicesAndDescribesThem() throws Exception {
        BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
                ServerReflectionGrpc.newBlockingV2Stub(server.channel()).serverReflectionInfo();
        call.write(ServerReflectionRequest.newBuilder().setListServices("").build());
        List<String> services =
                call.read().getListServicesResponse().getServiceList().stream()
                        .map(ServiceResponse::getName)
                        .toList();
        assertThat(services)
                .contains(
                        BatchServiceGrpc.SERVICE_NAME,
                        RecordServiceGrpc.SERVICE_NAME,
                        WorkspaceServiceGrpc.SERVICE_NAME,
                        HealthGrpc.SERVICE_NAME);
        call.write(
                ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol(BatchServiceGrpc.SERVICE_NAME)
                        .build());
        assertThat(call.read().getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
        call.halfClose();
    }

    @Test
    void letsARunningCallFinishWhenItStops() throws Exception {
        Inserter inserter = Inserter.into(server, Ops.collection("items"));
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "a", "{}"));
        ExecuteBatchRequest request = caller.request(Ops.update("items", "a", "{\"n\":1}")).build();
        TestServer stopping = server.another();
        ManagedChannel own =
                NettyChannelBuilder.forTarget(stopping.channel().authority())
                        .usePlaintext()
                        .build();
        var watch =
                HealthGrpc.newBlockingV2Stub(own).watch(HealthCheckRequest.getDefaultInstance());
        assertThat(watch.read().getStatus()).isEqualTo(ServingStatus.SERVING);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ExecuteBatchResponse> reply;
            Future<?> stopped;
            try (RowLock lock = RowLock.ofRecord(inserter, "a")) {
                reply =
                        threads.submit(() ->
                                BatchServiceGrpc.newBlockingV2Stub(own).executeBatch(request));
                lock.awaitWaiter();
                stopped = threads.submit(stopping::close);
                assertThat(nextStatus(watch)).isNotEqualTo(ServingStatus.SERVING);
                assertThat(stopped.isDone()).as("it waits for the call").isFalse();
            }
            assertThat(reply.get(10, TimeUnit.SECONDS).getResults(0).getVersion()).isEqualTo(2);
            stopped.get(20, TimeUnit.SECONDS);
        } finally {
            own.shutdownNow();
        }
        assertThat(caller.data("items", "a")).isEqualTo("{\"n\":1}");
    }

    /** The next status, or UNKNOWN if the stream ends first. */
    private static ServingStatus nextStatus(BlockingClientCall<?, HealthCheckResponse> watch)
            throws Exception {
        try {
            HealthCheckResponse next = watch.read(10, TimeUnit.SECONDS);
            return next == null ? ServingStatus.UNKNOWN : next.getStatus();
        } catch (StatusException ended) {
            return ServingStatus.UNKNOWN;
        }
    }

    static ServingStatus health(TestServer server, String service) throws Exception {
        return HealthGrpc.newBlockingV2Stub(server.channel())
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }
}
