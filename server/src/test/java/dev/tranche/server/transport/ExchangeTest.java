package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import dev.tranche.server.engine.Call;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.transport.Wire.Caller;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.GetBatchRequest;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What a call is like for a handler, over HTTP/2. */
final class ExchangeTest {
    private static final int MESSAGES = 400;
    private static final BatchInsertResponse MESSAGE =
            BatchInsertResponse.newBuilder()
                    .setStarted(Batch.newBuilder().setBatchId("x".repeat(8_000)))
                    .build();
    private static final Handler<GetBatchRequest, Batch> UNUSED = (request, replies) -> {};
    private static final ByteString EMPTY = ByteString.EMPTY;

    /** Sends many messages, and remembers how that went. */
    private static final class Sender implements Handler<BatchInsertRequest, BatchInsertResponse> {
        final AtomicInteger sent = new AtomicInteger();
        final CompletableFuture<Thread> thread = new CompletableFuture<>();
        final CompletableFuture<Failure> end = new CompletableFuture<>();

        @Override
        public void handle(BatchInsertRequest request, Replies<BatchInsertResponse> replies) {
            thread.complete(Thread.currentThread());
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    replies.send(MESSAGE);
                    sent.incrementAndGet();
                }
            } catch (CallFailure failure) {
                end.complete(failure.failure());
                throw failure;
            }
        }

        /** Waits until the handler waits for its reader. */
        void awaitBlocked() {
            Thread handler = thread.orTimeout(30, TimeUnit.SECONDS).join();
            await(() -> sent.get() > 0 && handler.getState() == Thread.State.TIMED_WAITING);
        }

        Failure failure() {
            return end.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void waitsForASlowReaderWithAllButOneMessageUnsent() {
        Sender sender = new Sender();
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), sender, UNUSED)) {
            Caller caller = wire.stream(CallOptions.DEFAULT).send(EMPTY);
            sender.awaitBlocked();

            // Two windows of 64 KiB, 32 KiB to become ready again, and the one message beyond.
            assertThat(sender.sent.get()).isLessThan(30);

            caller.read(MESSAGES);
            assertThat(caller.end().getStatus().getCode()).isEqualTo(Code.OK);
            assertThat(caller.messages()).isEqualTo(MESSAGES);
        }
    }

    @Test
    void wakesAHandlerWhoseReaderGoesAway() {
        Sender sender = new Sender();
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), sender, UNUSED)) {
            Caller caller = wire.stream(CallOptions.DEFAULT).send(EMPTY);
            sender.awaitBlocked();
            caller.cancel();

            assertThat(sender.failure()).isInstanceOf(Failure.Cancelled.class);
        }
    }

    @Test
    void endsACallWhoseReaderTakesNothing() {
        Sender sender = new Sender();
        ServerLimits limits = Served.limits(calls(10, 1 << 20, Duration.ofMillis(100)));
        try (Wire wire = Wire.of(limits, sender, UNUSED)) {
            Caller caller = wire.stream(CallOptions.DEFAULT).send(EMPTY);

            assertThat(sender.failure()).isInstanceOf(Failure.Stalled.class);
            assertThat(caller.read(MESSAGES).end().getStatus().getCode()).isEqualTo(Code.CANCELLED);
        }
    }

    @Test
    void endsACallThatSendsNothing() {
        ServerLimits limits = Served.limits(calls(10, 1 << 20, Duration.ofMillis(100)));
        try (Wire wire = Wire.of(limits, new Sender(), UNUSED)) {
            StatusRuntimeException end = wire.unary(CallOptions.DEFAULT).read(1).end();

            assertThat(end.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
            assertThat(Failures.reason(end)).isEqualTo("BATCH_TIMEOUT");
        }
    }

    @Test
    void tellsAHandlerThatItsCallerHasGone() {
        CompletableFuture<Call> call = new CompletableFuture<>();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Handler<GetBatchRequest, Batch> handler =
                (request, replies) -> {
                    call.complete(replies.call());
                    await(replies.call().cancelled());
                    cancelled.complete(true);
                    replies.send(Batch.getDefaultInstance());
                };
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), new Sender(), handler)) {
            Caller caller = wire.unary(CallOptions.DEFAULT).send(EMPTY);
            assertThat(call.join().cancelled().getAsBoolean()).isFalse();
            caller.cancel();

            assertThat(cancelled.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
        }
    }

    @Test
    void tellsAHandlerHowLongItsCallerWaits() {
        CompletableFuture<Duration> left = new CompletableFuture<>();
        Handler<GetBatchRequest, Batch> handler =
                (request, replies) -> {
                    left.complete(replies.call().deadline().get());
                    replies.send(Batch.getDefaultInstance());
                };
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), new Sender(), handler)) {
            wire.unary(options).send(EMPTY).read(2).end();

            assertThat(left.join()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20));
        }
    }

    @Test
    void refusesOneCallTooMany() {
        CompletableFuture<Boolean> release = new CompletableFuture<>();
        BlockingQueue<Boolean> entered = new ArrayBlockingQueue<>(10);
        Handler<GetBatchRequest, Batch> handler =
                (request, replies) -> {
                    entered.add(true);
                    release.orTimeout(30, TimeUnit.SECONDS).join();
                    replies.send(Batch.getDefaultInstance());
                };
        ServerLimits limits = Served.limits(calls(1, 1 << 20, Duration.ofSeconds(60)));
        try (Wire wire = Wire.of(limits, new Sender(), handler)) {
            Caller first = wire.unary(CallOptions.DEFAULT).send(EMPTY).read(2);
            await(() -> !entered.isEmpty());
            StatusRuntimeException refused =
                    wire.unary(CallOptions.DEFAULT).send(EMPTY).read(2).end();
            release.complete(true);

            assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
            assertThat(Failures.reason(refused)).isEqualTo("OVERLOADED");
            assertThat(Failures.detail(refused, RetryInfo.class).getRetryDelay().getSeconds())
                    .isEqualTo(1);
            assertThat(first.end().getStatus().getCode()).isEqualTo(Code.OK);
        }
    }

    @Test
    void refusesTheCallWhoseBytesAreTooMany() {
        CompletableFuture<Boolean> release = new CompletableFuture<>();
        BlockingQueue<Boolean> entered = new ArrayBlockingQueue<>(10);
        Handler<GetBatchRequest, Batch> handler =
                (request, replies) -> {
                    entered.add(true);
                    release.orTimeout(30, TimeUnit.SECONDS).join();
                    replies.send(Batch.getDefaultInstance());
                };
        ByteString large =
                GetBatchRequest.newBuilder().setBatchId("x".repeat(40_000)).build().toByteString();
        ServerLimits limits = Served.limits(calls(10, 64_000, Duration.ofSeconds(60)));
        try (Wire wire = Wire.of(limits, new Sender(), handler)) {
            Caller first = wire.unary(CallOptions.DEFAULT).send(large).read(2);
            await(() -> !entered.isEmpty());
            StatusRuntimeException refused =
                    wire.unary(CallOptions.DEFAULT).send(large).read(2).end();
            release.complete(true);
            first.end();

            assertThat(Failures.reason(refused)).isEqualTo("OVERLOADED");
            // The caller knows that a call has ended a moment before its bytes are given back.
            await(() -> {
                Caller later = wire.unary(CallOptions.DEFAULT).send(large).read(2);
                return later.end().getStatus().getCode() == Code.OK;
            });
        }
    }

    @Test
    void refusesOneCallTooManyOfAWorkspaceOnceItsMessageNamesIt() {
        try (Held held = new Held(1, 10_000)) {
            Caller first = held.call("a", 0);
            held.awaitEntered(1);
            StatusRuntimeException refused = held.call("a", 0).end();
            Caller other = held.call("b", 0);
            held.awaitEntered(2);
            held.release();

            assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
            assertThat(Failures.reason(refused)).isEqualTo("OVERLOADED");
            assertThat(Failures.detail(refused, RetryInfo.class).getRetryDelay().getSeconds())
                    .isEqualTo(1);
            assertThat(first.end().getStatus().getCode()).isEqualTo(Code.OK);
            assertThat(other.end().getStatus().getCode()).isEqualTo(Code.OK);
            assertThat(held.call("a", 0).end().getStatus().getCode()).isEqualTo(Code.OK);
            held.awaitNothingHeld();
        }
    }

    @Test
    void refusesOneCallTooManyOfAWorkspaceBeforeItsMessageIfTheHeaderNamesIt() {
        try (Held held = new Held(1, 10_000)) {
            Caller first = held.call("a", 0);
            held.awaitEntered(1);
            StatusRuntimeException refused = held.wire.routed("a").read(1).end();
            held.release();

            assertThat(Failures.reason(refused)).isEqualTo("OVERLOADED");
            assertThat(first.end().getStatus().getCode()).isEqualTo(Code.OK);
            held.awaitNothingHeld();
        }
    }

    @Test
    void refusesTheCallWhoseBytesAreTooManyForItsWorkspace() {
        try (Held held = new Held(10, 10_000)) {
            Caller first = held.call("a", 6_000);
            held.awaitEntered(1);
            StatusRuntimeException refused = held.call("a", 6_000).end();
            Caller other = held.call("b", 6_000);
            held.awaitEntered(2);
            other.cancel();
            held.release();

            assertThat(Failures.reason(refused)).isEqualTo("OVERLOADED");
            assertThat(refused).hasMessageContaining("nothing was started");
            assertThat(first.end().getStatus().getCode()).isEqualTo(Code.OK);
            held.awaitNothingHeld();
        }
    }

    /** A server whose calls last until they are let go. */
    private static final class Held implements AutoCloseable {
        private final CompletableFuture<Boolean> release = new CompletableFuture<>();
        private final AtomicInteger entered = new AtomicInteger();
        final Wire wire;

        Held(int workspaceCallsMax, long workspaceBytesMax) {
            ServerLimits.Calls calls =
                    new ServerLimits.Calls(
                            64 << 10,
                            4 << 20,
                            10,
                            1 << 20,
                            workspaceCallsMax,
                            workspaceBytesMax,
                            Served.CALLS.stallMax(),
                            Served.CALLS.heartbeatInterval(),
                            Served.CALLS.shutdownGrace());
            wire =
                    Wire.of(
                            Served.limits(calls),
                            new Sender(),
                            (request, replies) -> {
                                entered.incrementAndGet();
                                release.orTimeout(30, TimeUnit.SECONDS).join();
                                replies.send(Batch.getDefaultInstance());
                            });
        }

        Caller call(String workspace, int bytes) {
            return wire.unary(CallOptions.DEFAULT)
                    .send(
                            GetBatchRequest.newBuilder()
                                    .setWorkspace(workspace)
                                    .setBatchId("x".repeat(bytes))
                                    .build()
                                    .toByteString())
                    .read(2);
        }

        void awaitEntered(int calls) {
            await(() -> entered.get() == calls);
        }

        void release() {
            release.complete(true);
        }

        void awaitNothingHeld() {
            Admission admission = wire.server.admission();
            await(() -> admission.bytesHeld() == 0);
            await(() -> admission.calls() == 0 && admission.workspaces() == 0);
        }

        @Override
        public void close() {
            release();
            wire.close();
        }
    }

    @Test
    void saysWhatIsWrongWithBytesThatAreNoMessage() {
        assertUnparseable(ByteString.copyFrom(new byte[] {(byte) 0xff, 0x13, 0x37}));
    }

    @Test
    void saysWhatIsWrongWithTextThatIsNotUtf8() {
        assertUnparseable(ByteString.copyFrom(new byte[] {0x0a, 1, (byte) 0xff}));
    }

    @Test
    void saysThatAMessageIsMissing() {
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), new Sender(), UNUSED)) {
            StatusRuntimeException end =
                    wire.unary(CallOptions.DEFAULT).sendNothing().read(2).end();

            assertThat(Failures.reason(end)).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void leavesAMessageOverTheLimitToGrpc() {
        ServerLimits limits = Served.limits(calls(10, 1 << 20, Duration.ofSeconds(60)));
        ByteString large =
                GetBatchRequest.newBuilder().setBatchId("x".repeat(65_536)).build().toByteString();
        try (Wire wire = Wire.of(limits, new Sender(), UNUSED)) {
            StatusRuntimeException plain =
                    wire.unary(CallOptions.DEFAULT).send(large).read(2).end();
            StatusRuntimeException compressed =
                    wire.unary(CallOptions.DEFAULT.withCompression("gzip"))
                            .send(large)
                            .read(2)
                            .end();

            assertThat(plain.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
            assertThat(compressed.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        }
    }

    @Test
    void takesCompressedMessages() {
        CompletableFuture<GetBatchRequest> received = new CompletableFuture<>();
        Handler<GetBatchRequest, Batch> handler =
                (request, replies) -> {
                    received.complete(request);
                    replies.send(Batch.getDefaultInstance());
                };
        GetBatchRequest request =
                GetBatchRequest.newBuilder().setBatchId("x".repeat(5_000)).build();
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), new Sender(), handler)) {
            wire.unary(CallOptions.DEFAULT.withCompression("gzip"))
                    .send(request.toByteString())
                    .read(2)
                    .end();

            assertThat(received.join()).isEqualTo(request);
        }
    }

    private static void assertUnparseable(ByteString bytes) {
        try (Wire wire = Wire.of(Served.limits(Served.CALLS), new Sender(), UNUSED)) {
            StatusRuntimeException end = wire.unary(CallOptions.DEFAULT).send(bytes).read(2).end();

            assertThat(end.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
            assertThat(Failures.reason(end)).isEqualTo("INVALID_REQUEST");
            assertThat(Failures.detail(end, BadRequest.class).getFieldViolations(0).getField())
                    .isEqualTo("GetBatchRequest");
        }
    }

    private static ServerLimits.Calls calls(int atOnceMax, long bytesMax, Duration stallMax) {
        return new ServerLimits.Calls(
                64 << 10,
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
