package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.transport.Wire.Caller;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.RecordResults;
import dev.tranche.v1.StreamInsertResponse;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What a call is like for a handler whose caller streams, over HTTP/2. */
final class StreamedRequestsTest {
    private static final int KIB = 1 << 10;
    private static final int MESSAGE_BYTES = 32 * KIB;
    private static final int MESSAGES = 300;
    private static final ByteString MESSAGE = message("x".repeat(MESSAGE_BYTES));
    private static final StreamInsertResponse REPLY =
            StreamInsertResponse.newBuilder()
                    .setResults(RecordResults.getDefaultInstance())
                    .build();

    private final CompletableFuture<Failure> failure = new CompletableFuture<>();
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();

    @Test
    void holdsAFastSenderBackWithAboutAMebibyteTakenAhead() {
        CompletableFuture<Boolean> release = new CompletableFuture<>();
        CompletableFuture<Wire> server = new CompletableFuture<>();
        AtomicLong most = new AtomicLong();
        StreamHandler<GetBatchRequest, StreamInsertResponse> handler =
                (requests, replies) -> {
                    requests.next();
                    release.orTimeout(30, TimeUnit.SECONDS).join();
                    int taken = 1;
                    for (GetBatchRequest next = requests.next();
                            next != null;
                            next = requests.next()) {
                        most.accumulateAndGet(held(server.join()), Math::max);
                        requests.dealtWith(1);
                        taken++;
                    }
                    replies.send(replyOf(taken));
                };
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), handler)) {
            server.complete(wire);
            Caller caller = wire.streamed(CallOptions.DEFAULT).read(2);
            for (int i = 0; i < MESSAGES; i++) {
                caller.sendOne(MESSAGE);
            }
            caller.sendNothing();
            await(() -> held(wire) >= KIB * KIB);
            assertThat(caller.hasSent()).isFalse();
            release.complete(true);

            assertThat(caller.end().getStatus().getCode()).isEqualTo(Code.OK);
            assertThat(most.get()).isLessThan(KIB * KIB + 4 * MESSAGE_BYTES);
            await(() -> held(wire) == 0 && wire.server.admission().calls() == 0);
        }
    }

    @Test
    void holdsManySmallMessagesBackToo() {
        CompletableFuture<Boolean> release = new CompletableFuture<>();
        CompletableFuture<Integer> count = new CompletableFuture<>();
        StreamHandler<GetBatchRequest, StreamInsertResponse> handler =
                (requests, replies) -> {
                    requests.next();
                    release.orTimeout(30, TimeUnit.SECONDS).join();
                    int taken = 1;
                    while (requests.nextIfHere() != null) {
                        requests.dealtWith(1);
                        taken++;
                    }
                    while (requests.next() != null) {
                        requests.dealtWith(1);
                        taken++;
                    }
                    count.complete(taken);
                };
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), handler)) {
            Caller caller = wire.streamed(CallOptions.DEFAULT).read(1);
            for (int i = 0; i < 20_000; i++) {
                caller.sendOne(ByteString.EMPTY);
            }
            caller.sendNothing();
            release.complete(true);

            assertThat(count.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(20_000);
            assertThat(caller.end().getStatus().getCode()).isEqualTo(Code.OK);
        }
    }

    @Test
    void wakesAHandlerWhoseCallerGoesAway() {
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), reading())) {
            Caller caller = wire.streamed(CallOptions.DEFAULT).sendOne(MESSAGE).read(1);
            awaitBlocked();
            caller.cancel();

            assertThat(failure()).isInstanceOf(Failure.Cancelled.class);
            await(() -> held(wire) == 0 && wire.server.admission().calls() == 0);
        }
    }

    @Test
    void wakesAHandlerWhoseCallersTimeRunsOut() {
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), reading())) {
            wire.streamed(CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS))
                    .sendOne(MESSAGE)
                    .read(1);

            assertThat(failure()).isInstanceOfAny(Failure.TimedOut.class, Failure.Cancelled.class);
            await(() -> held(wire) == 0 && wire.server.admission().calls() == 0);
        }
    }

    @Test
    void endsACallWhoseCallerSendsNothingMore() {
        ServerLimits limits = Served.limits(calls(10, 64L << 20, Duration.ofMillis(100)));
        try (Wire wire = Wire.of(limits, reading())) {
            Caller caller = wire.streamed(CallOptions.DEFAULT).sendOne(MESSAGE).read(2);

            assertThat(failure()).isInstanceOf(Failure.Stalled.class);
            assertThat(caller.end().getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
            assertThat(Failures.reason(caller.end())).isEqualTo("BATCH_TIMEOUT");
            assertThat(caller.messages()).isEqualTo(1);
        }
    }

    @Test
    void endsACallThatNeverSentAMessage() {
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), reading())) {
            StatusRuntimeException end =
                    wire.streamed(CallOptions.DEFAULT).sendNothing().read(1).end();

            assertThat(Failures.reason(end)).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void refusesAMessageThatIsNone() {
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), reading())) {
            StatusRuntimeException end =
                    wire.streamed(CallOptions.DEFAULT)
                            .sendOne(MESSAGE)
                            .sendOne(ByteString.copyFrom(new byte[] {(byte) 0xff, 0x13, 0x37}))
                            .read(2)
                            .end();

            assertThat(Failures.reason(end)).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void endsACallThoughItsCallerHasMoreToSend() {
        StreamHandler<GetBatchRequest, StreamInsertResponse> handler =
                (requests, replies) -> {
                    requests.next();
                    replies.send(REPLY);
                };
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), handler)) {
            Caller caller = wire.streamed(CallOptions.DEFAULT).read(2);
            for (int i = 0; i < MESSAGES; i++) {
                caller.sendOne(MESSAGE);
            }

            assertThat(caller.end().getStatus().getCode()).isEqualTo(Code.OK);
            await(() -> held(wire) == 0 && wire.server.admission().calls() == 0);
        }
    }

    @Test
    void endsAStreamWhoseBytesAreTooMany() {
        ServerLimits limits = Served.limits(calls(10, 100 * KIB, Duration.ofSeconds(60)));
        CompletableFuture<Boolean> release = new CompletableFuture<>();
        StreamHandler<GetBatchRequest, StreamInsertResponse> handler =
                (requests, replies) -> {
                    while (requests.next() != null) {
                        replies.sendIfReady(REPLY);
                    }
                    release.orTimeout(30, TimeUnit.SECONDS).join();
                };
        try (Wire wire = Wire.of(limits, handler)) {
            Caller caller = wire.streamed(CallOptions.DEFAULT).read(10);
            for (int i = 0; i < 4; i++) {
                caller.sendOne(MESSAGE);
            }

            assertThat(Failures.reason(caller.end())).isEqualTo("OVERLOADED");
            await(() -> held(wire) == 0 && wire.server.admission().calls() == 0);
        }
    }

    private StreamHandler<GetBatchRequest, StreamInsertResponse> reading() {
        return (requests, replies) -> {
            thread.complete(Thread.currentThread());
            try {
                requests.next();
                replies.send(REPLY);
                while (requests.next() != null) {
                    requests.dealtWith(1);
                }
            } catch (CallFailure e) {
                failure.complete(e.failure());
                throw e;
            }
        };
    }

    private static StreamInsertResponse replyOf(int count) {
        return StreamInsertResponse.newBuilder()
                .setStarted(dev.tranche.v1.StreamStarted.newBuilder().setNextIndex(count))
                .build();
    }

    private void awaitBlocked() {
        Thread handler = thread.orTimeout(30, TimeUnit.SECONDS).join();
        await(() -> handler.getState() == Thread.State.TIMED_WAITING);
    }

    private Failure failure() {
        return failure.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static long held(Wire wire) {
        return wire.server.admission().bytesHeld();
    }

    private static ByteString message(String batchId) {
        return GetBatchRequest.newBuilder().setBatchId(batchId).build().toByteString();
    }

    private static ServerLimits.Calls calls(int atOnceMax, long bytesMax, Duration stallMax) {
        return new ServerLimits.Calls(
                64 * KIB,
                4 << 20,
                atOnceMax,
                bytesMax,
                atOnceMax,
                bytesMax,
                stallMax,
                Served.CALLS.heartbeatInterval(),
                Served.CALLS.shutdownGrace());
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
