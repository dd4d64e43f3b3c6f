package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.transport.Wire.Caller;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.GetBatchRequest;
import io.grpc.CallOptions;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class GrpcServerTest {
    private static final Handler<BatchInsertRequest, BatchInsertResponse> NO_STREAM =
            (request, replies) -> {};

    /** A handler that works until it is told to stop, or its caller is gone. */
    private static final class Worker implements Handler<GetBatchRequest, Batch> {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch done = new CountDownLatch(1);
        final CompletableFuture<Boolean> abandoned = new CompletableFuture<>();

        @Override
        public void handle(GetBatchRequest request, Replies<Batch> replies) {
            begun.countDown();
            try {
                while (!done.await(1, TimeUnit.MILLISECONDS)) {
                    if (replies.call().cancelled().getAsBoolean()) {
                        break;
                    }
                }
                replies.send(Batch.getDefaultInstance());
            } catch (CallFailure failure) {
                abandoned.complete(true);
                throw failure;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void letsRunningCallsFinishWhenItStops() throws InterruptedException {
        Worker worker = new Worker();
        try (Wire wire = Wire.of(Served.limits(grace(Duration.ofSeconds(30))), NO_STREAM, worker)) {
            Caller caller = wire.unary(CallOptions.DEFAULT).send(ByteString.EMPTY).read(2);
            worker.begun.await();
            Thread stop = Thread.ofVirtual().start(wire.server::close);
            worker.done.countDown();
            stop.join();

            assertThat(caller.end().getStatus().getCode()).isEqualTo(Code.OK);
        }
    }

    @Test
    void cutsOffCallsThatOutliveTheGrace() throws InterruptedException {
        Worker worker = new Worker();
        try (Wire wire = Wire.of(Served.limits(grace(Duration.ofMillis(50))), NO_STREAM, worker)) {
            Caller caller = wire.unary(CallOptions.DEFAULT).send(ByteString.EMPTY).read(2);
            worker.begun.await();
            wire.server.close();

            assertThat(worker.abandoned.join()).isTrue();
            assertThat(caller.end().getStatus().getCode()).isNotEqualTo(Code.OK);
        }
    }

    @Test
    void doesNotWaitForWhoeverWatchesItsHealth() {
        try (Served served = Served.netty(Served.limits(grace(Duration.ofMinutes(10))))) {
            Iterator<HealthCheckResponse> health =
                    HealthGrpc.newBlockingStub(served.channel)
                            .watch(HealthCheckRequest.getDefaultInstance());
            ServingStatus status = health.next().getStatus();
            while (status != ServingStatus.SERVING) {
                status = health.next().getStatus();
            }
            long begun = System.nanoTime();
            served.server.close();

            assertThat(health.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void describesItself() {
        try (Served served = Served.netty(Served.limits(Served.CALLS))) {
            CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
            StreamObserver<ServerReflectionRequest> ask =
                    ServerReflectionGrpc.newStub(served.channel)
                            .serverReflectionInfo(first(answer));
            ask.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());

            assertThat(
                            answer.orTimeout(30, TimeUnit.SECONDS)
                                    .join()
                                    .getListServicesResponse()
                                    .getServiceList())
                    .extracting(ServiceResponse::getName)
                    .contains(
                            "tranche.v1.BatchService",
                            "tranche.v1.RecordService",
                            "tranche.v1.WorkspaceService",
                            "grpc.health.v1.Health");
            ask.onCompleted();
        }
    }

    @Test
    void showsTheContractByReflection() {
        try (Served served = Served.netty(Served.limits(Served.CALLS))) {
            CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
            StreamObserver<ServerReflectionRequest> ask =
                    ServerReflectionGrpc.newStub(served.channel)
                            .serverReflectionInfo(first(answer));
            ask.onNext(
                    ServerReflectionRequest.newBuilder()
                            .setFileContainingSymbol("tranche.v1.BatchService.BatchInsert")
                            .build());

            assertThat(
                            answer.orTimeout(30, TimeUnit.SECONDS)
                                    .join()
                                    .getFileDescriptorResponse()
                                    .getFileDescriptorProtoCount())
                    .isPositive();
            ask.onCompleted();
        }
    }

    @Test
    void takesNoMoreHeadersThanItMay() {
        try (Served served = Served.netty(Served.limits(Served.CALLS))) {
            assertThat(withHeader(served, 12_000).getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
            assertThat(withHeader(served, 20_000).getStatus().getCode())
                    .isNotIn(Code.OK, Code.NOT_FOUND);
        }
    }

    @Test
    void closesAConnectionThatResetsTooManyCalls() {
        ServerLimits.Connection connection = Served.CONNECTION;
        ServerLimits limits =
                new ServerLimits(
                        Served.batches(true),
                        Served.CALLS,
                        new ServerLimits.Connection(
                                connection.callsMax(),
                                connection.headerBytesMax(),
                                connection.handshakeTimeMax(),
                                connection.idleMax(),
                                connection.ageMax(),
                                connection.ageGrace(),
                                connection.keepaliveIntervalMin(),
                                connection.keepaliveInterval(),
                                connection.keepaliveTimeMax(),
                                5,
                                Duration.ofSeconds(60)));
        Worker worker = new Worker();
        try (Wire wire = Wire.of(limits, NO_STREAM, worker)) {
            Caller running = wire.unary(CallOptions.DEFAULT).send(ByteString.EMPTY).read(2);
            worker.begun.await();
            for (int i = 0; i < 20; i++) {
                Caller caller = wire.unary(CallOptions.DEFAULT).send(ByteString.EMPTY);
                caller.cancel();
                caller.end();
            }

            assertThat(running.end().getStatus().getCode()).isNotEqualTo(Code.OK);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readsOnTheThreadsOfTheNetworkButNothingThatIsCompressedOrAboutHealth() {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        Handler<GetBatchRequest, Batch> answer =
                (request, replies) -> replies.send(Batch.getDefaultInstance());
        try (Wire wire =
                Wire.of(Served.limits(Served.CALLS), answer, new ThreadsOfMessages(threads))) {
            wire.unary(CallOptions.DEFAULT).send(ByteString.EMPTY).read(2).end();
            wire.unary(CallOptions.DEFAULT.withCompression("gzip"))
                    .send(ByteString.EMPTY)
                    .read(2)
                    .end();
            HealthGrpc.newBlockingStub(wire.channel).check(HealthCheckRequest.getDefaultInstance());
        }
        assertThat(threads)
                .map(name -> name.replaceFirst("-[-0-9]*$", ""))
                .containsExactly("grpc-default-worker-ELG", "grpc-decompression", "grpc-health");
    }

    /** Takes down the name of the thread on which each message is looked at first. */
    private record ThreadsOfMessages(Queue<String> names) implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
                @Override
                public void onMessage(Q message) {
                    names.add(Thread.currentThread().getName());
                    super.onMessage(message);
                }
            };
        }
    }

    private static StatusRuntimeException withHeader(Served served, int bytes) {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(bytes));
        return Failures.of(() ->
                served.workspaces()
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .getWorkspace(
                                dev.tranche.v1.GetWorkspaceRequest.newBuilder()
                                        .setWorkspace("nobody")
                                        .build()));
    }

    private static <T> StreamObserver<T> first(CompletableFuture<T> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                answer.completeExceptionally(new AssertionError("no answer"));
            }
        };
    }

    private static ServerLimits.Calls grace(Duration grace) {
        return new ServerLimits.Calls(
                Served.CALLS.requestBytesMax(),
                Served.CALLS.replyBytesMax(),
                Served.CALLS.atOnceMax(),
                Served.CALLS.bytesMax(),
                Served.CALLS.workspaceAtOnceMax(),
                Served.CALLS.workspaceBytesMax(),
                Served.CALLS.stallMax(),
                Served.CALLS.heartbeatInterval(),
                grace);
    }
}
