package dev.tranche.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.GetLimitsRequest;
import dev.tranche.v1.Limits;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrancheChannelTest {
    private static final Limits REPLY = Limits.newBuilder().setOperationsMax(100).build();

    private Server server;

    @BeforeEach
    void start() throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = NettyServerBuilder.forAddress(anyPort).addService(new LimitsService()).build();
        server.start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private static final class LimitsService extends BatchServiceGrpc.BatchServiceImplBase {
        @Override
        public void getLimits(GetLimitsRequest request, StreamObserver<Limits> reply) {
            reply.onNext(REPLY);
            reply.onCompleted();
        }
    }

    private static Limits call(ManagedChannel channel) {
        try {
            return BatchServiceGrpc.newBlockingStub(channel)
                    .getLimits(GetLimitsRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
    }

    private String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Test
    void callsAServerInPlaintext() {
        assertThat(call(TrancheChannel.plaintext(target()).build())).isEqualTo(REPLY);
    }

    @Test
    void doesNotFallBackToPlaintextWhenTlsIsAskedFor() {
        StatusRuntimeException failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> call(TrancheChannel.tls(target()).build()));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void refusesSettingsOutOfRange() {
        TrancheChannel channel = TrancheChannel.plaintext(target());

        channel.keepaliveInterval(Duration.ofSeconds(10)).replyBytesMax(65_536);
        assertThatThrownBy(() -> channel.keepaliveInterval(Duration.ofMillis(9_999)))
                .hasMessage("keepalive interval: PT9.999S given, at least PT10S allowed");
        assertThatThrownBy(() -> channel.replyBytesMax(65_535))
                .hasMessage("reply bytes: 65535 given, at least 65536 allowed");
        assertThatThrownBy(() -> channel.keepaliveTimeMax(Duration.ZERO))
                .hasMessage("keepalive time: PT0S given, more than 0 allowed");
    }

    @Test
    void refusesPoliciesOutOfRange() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new RetryPolicy(0, second, second))
                .hasMessage("attempts: 0 given, 1 to 10 allowed");
        assertThatThrownBy(() -> new RetryPolicy(11, second, second))
                .hasMessage("attempts: 11 given, 1 to 10 allowed");
        assertThatThrownBy(() -> new RetryPolicy(2, second, Duration.ofMillis(999)))
                .hasMessage("first wait: PT1S given, more than 0 and at most PT0.999S allowed");
    }
}
