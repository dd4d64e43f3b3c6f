package dev.tranche.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.ExecuteBatchRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecuteBatchTest {
    private static final ExecuteBatchRequest REQUEST =
            ExecuteBatchRequest.newBuilder()
                    .setWorkspace("default")
                    .addOperations(Operations.createRecord("posts", "", "{}"))
                    .build();

    private final StatusRuntimeException gone = Status.UNAVAILABLE.asRuntimeException();
    private final List<Duration> pauses = new ArrayList<>();
    private FakeBatchService server;
    private BatchClient client;

    @BeforeEach
    void start() throws IOException {
        server = new FakeBatchService();
        client = BatchClient.on(server.channel, new Repeats(RetryPolicy.STANDARD, pauses::add));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> requestIds() {
        return server.executed.stream().map(ExecuteBatchRequest::getRequestId).toList();
    }

    @Test
    void sendsARequestIdByDefault() {
        client.executeBatch(REQUEST);
        client.executeBatch(REQUEST);

        assertThat(requestIds()).doesNotHaveDuplicates().allMatch(id -> id.length() == 36);
    }

    @Test
    void keepsTheCallersRequestId() {
        client.executeBatch(REQUEST.toBuilder().setRequestId("order-4711").build());

        assertThat(requestIds()).containsExactly("order-4711");
    }

    @Test
    void repeatsWithTheSameRequestIdWhenTheServerWasAway() {
        server.failures.addAll(List.of(gone, gone));

        client.executeBatch(REQUEST);

        assertThat(requestIds()).hasSize(3);
        assertThat(Collections.frequency(requestIds(), requestIds().get(0))).isEqualTo(3);
    }

    @Test
    void waitsAtLeastAsLongAsTheServerAsks() {
        server.failures.add(
                Failures.with(
                        Status.Code.ABORTED,
                        "it still runs",
                        Failures.reason("REQUEST_IN_PROGRESS", Map.of()),
                        Failures.retryAfterMillis(700)));

        client.executeBatch(REQUEST);

        assertThat(pauses).hasSize(1);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(700), Duration.ofMillis(800));
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        server.failures.addAll(Collections.nCopies(9, gone));

        TrancheException failure =
                catchThrowableOfType(TrancheException.class, () -> client.executeBatch(REQUEST));

        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(server.executed).hasSize(RetryPolicy.STANDARD.attemptsMax());
    }

    @Test
    void givesUpWhenTheWaitWouldOutlastTheTimeout() {
        server.failures.add(
                Failures.with(
                        Status.Code.UNAVAILABLE, "too much", Failures.retryAfterMillis(60_000)));

        TrancheException failure =
                catchThrowableOfType(TrancheException.class, () -> client.executeBatch(REQUEST));

        assertThat(failure).hasMessage("UNAVAILABLE: too much");
        assertThat(pauses).isEmpty();
    }

    @Test
    void repeatsNothingThatWouldFailAgain() {
        server.failures.add(
                Failures.with(
                        Status.Code.FAILED_PRECONDITION,
                        "other content",
                        Failures.reason("REQUEST_ID_REUSED", Map.of())));

        TrancheException failure =
                catchThrowableOfType(TrancheException.class, () -> client.executeBatch(REQUEST));

        assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED);
        assertThat(server.executed).hasSize(1);
    }

    @Test
    void sendsOnceAndUnchangedIfToldSo() {
        server.failures.add(gone);

        TrancheException failure =
                catchThrowableOfType(
                        TrancheException.class, () -> client.executeBatchOnce(REQUEST));

        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(server.executed).containsExactly(REQUEST);
    }

    @Test
    void stopsWaitingWhenInterrupted() {
        BatchClient impatient =
                BatchClient.on(
                        server.channel,
                        new Repeats(
                                RetryPolicy.STANDARD,
                                time -> {
                                    throw new InterruptedException();
                                }));
        server.failures.add(gone);

        TrancheException failure =
                catchThrowableOfType(TrancheException.class, () -> impatient.executeBatch(REQUEST));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(Status.Code.CANCELLED);
        assertThat(server.executed).hasSize(1);
    }
}
