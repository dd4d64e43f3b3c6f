package dev.tranche.server.transport;

import com.google.protobuf.ByteString;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.StreamInsertResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A server over HTTP/2 whose handlers a test plays, and a caller who sends what bytes he likes. */
final class Wire implements AutoCloseable {
    private static final long SECONDS_MAX = 30;

    final GrpcServer server;
    final ManagedChannel channel;

    private Wire(GrpcServer server, ManagedChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /** The stream of BatchInsert and GetBatch, answered by these. */
    static Wire of(
            ServerLimits limits,
            Handler<BatchInsertRequest, BatchInsertResponse> stream,
            Handler<GetBatchRequest, dev.tranche.v1.Batch> unary) {
        return serving(
                limits,
                service ->
                        service.method(BatchServiceGrpc.getBatchInsertMethod(), stream)
                                .method(BatchServiceGrpc.getGetBatchMethod(), unary));
    }

    /** StreamInsert, answered by this; its messages are taken as such of GetBatch. */
    static Wire of(
            ServerLimits limits, StreamHandler<GetBatchRequest, StreamInsertResponse> streamed) {
        return serving(
                limits,
                service ->
                        service.streaming(
                                BatchServiceGrpc.getStreamInsertMethod(),
                                RequestParser.of(GetBatchRequest.getDefaultInstance()),
                                streamed));
    }

    /** GetBatch, answered by this, and everything seen by the interceptor. */
    static Wire of(
            ServerLimits limits,
            Handler<GetBatchRequest, dev.tranche.v1.Batch> unary,
            ServerInterceptor interceptor) {
        return serving(
                limits,
                service -> service.method(BatchServiceGrpc.getGetBatchMethod(), unary),
                interceptor);
    }

    private static Wire serving(
            ServerLimits limits,
            UnaryOperator<ServiceAssembly> methods,
            ServerInterceptor... interceptors) {
        ServerServiceDefinition service =
                methods.apply(
                                new ServiceAssembly(
                                        BatchServiceGrpc.getServiceDescriptor(), limits.calls()))
                        .build();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ServerBuilder<?> transport = GrpcServer.netty(address, limits.connection());
        List.of(interceptors).forEach(transport::intercept);
        GrpcServer server = GrpcServer.of(transport, limits, List.of(service), () -> true);
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Wire(
                server,
                NettyChannelBuilder.forAddress(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), server.port()))
                        .usePlaintext()
                        .flowControlWindow(65_535)
                        .build());
    }

    /** Calls the stream; nothing is read before the caller asks for it. */
    Caller stream(CallOptions options) {
        return Caller.of(channel, BatchServiceGrpc.getBatchInsertMethod(), options);
    }

    /** Calls the method whose caller streams. */
    Caller streamed(CallOptions options) {
        return Caller.of(channel, BatchServiceGrpc.getStreamInsertMethod(), options);
    }

    /** Calls the unary method, naming a workspace in the header before the message. */
    Caller routed(String workspace) {
        Metadata headers = new Metadata();
        headers.put(RoutingHeader.KEY, "collection=x&workspace=" + workspace);
        return Caller.of(
                channel, BatchServiceGrpc.getGetBatchMethod(), CallOptions.DEFAULT, headers);
    }

    /** Calls the unary method. */
    Caller unary(CallOptions options) {
        return Caller.of(channel, BatchServiceGrpc.getGetBatchMethod(), options);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }

    /** One call, byte by byte and message by message. */
    static final class Caller extends ClientCall.Listener<ByteString> {
        private final ClientCall<ByteString, ByteString> call;
        private final CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();
        private final AtomicInteger messages = new AtomicInteger();

        private Caller(ClientCall<ByteString, ByteString> call) {
            this.call = call;
        }

        private static Caller of(
                ManagedChannel channel, MethodDescriptor<?, ?> method, CallOptions options) {
            return of(channel, method, options, new Metadata());
        }

        private static Caller of(
                ManagedChannel channel,
                MethodDescriptor<?, ?> method,
                CallOptions options,
                Metadata headers) {
            Caller caller =
                    new Caller(
                            channel.newCall(
                                    method.toBuilder(new Bytes(), new Bytes())
                                            // Or nothing leaves before the message.
                                            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                                            .build(),
                                    options));
            caller.call.start(caller, headers);
            return caller;
        }

        /** Sends bytes as the one message. */
        Caller send(ByteString bytes) {
            call.sendMessage(bytes);
            call.halfClose();
            return this;
        }

        /** Sends bytes as one message of several. */
        Caller sendOne(ByteString bytes) {
            call.sendMessage(bytes);
            return this;
        }

        /** Whether what was sent has left. */
        boolean hasSent() {
            return call.isReady();
        }

        /** Ends the request without a message. */
        Caller sendNothing() {
            call.halfClose();
            return this;
        }

        Caller read(int count) {
            call.request(count);
            return this;
        }

        void cancel() {
            call.cancel("the test", null);
        }

        int messages() {
            return messages.get();
        }

        /** How the call ends. */
        StatusRuntimeException end() {
            try {
                return end.get(SECONDS_MAX, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("the call does not end", e);
            }
        }

        @Override
        public void onMessage(ByteString message) {
            messages.incrementAndGet();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status.asRuntimeException(trailers));
        }
    }

    private static final class Bytes implements Marshaller<ByteString> {
        @Override
        public InputStream stream(ByteString value) {
            return value.newInput();
        }

        @Override
        public ByteString parse(InputStream stream) {
            try {
                return ByteString.readFrom(stream);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
