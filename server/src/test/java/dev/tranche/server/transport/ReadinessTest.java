package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
    private final String name = UUID.randomUUID().toString();
    private final Readiness readiness =
            new Readiness(List.of("tranche.v1.BatchService"), () -> false, Duration.ofDays(1));
    private final Server server =
            InProcessServerBuilder.forName(name)
                    .directExecutor()
                    .addService(readiness.service())
                    .build();
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName(name).directExecutor().build();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        readiness.close();
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void isReadyAsSoonAsTheDatabaseAnswersForTheFirstTime() {
        readiness.observe(true);

        assertThat(status("")).isEqualTo(ServingStatus.SERVING);
        assertThat(status("tranche.v1.BatchService")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void doesNotMindAnAnswerOrTwoThatStayOut() {
        readiness.observe(true);
        readiness.observe(false);
        readiness.observe(false);
        readiness.observe(true);
        readiness.observe(false);
        readiness.observe(false);

        assertThat(status("")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void leavesAfterThreeAndReturnsAfterTwo() {
        readiness.observe(true);
        readiness.observe(false);
        readiness.observe(false);
        readiness.observe(false);
        assertThat(status("")).isEqualTo(ServingStatus.NOT_SERVING);

        readiness.observe(true);
        assertThat(status("")).isEqualTo(ServingStatus.NOT_SERVING);

        readiness.observe(true);
        assertThat(status("")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void isNeverReadyAgainOnceClosed() {
        readiness.observe(true);
        readiness.close();
        readiness.observe(true);

        assertThat(status("")).isEqualTo(ServingStatus.NOT_SERVING);
    }

    private ServingStatus status(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }
}
