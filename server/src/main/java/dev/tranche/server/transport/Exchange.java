package dev.tranche.server.transport;

import com.google.protobuf.Message;
import dev.tranche.server.engine.Call;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Actor;
import dev.tranche.server.transport.Statuses.Ending;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, between gRPC, which calls back, and a handler, which blocks: the only class that knows
 * gRPC's observers. The handler runs on a virtual thread of its own, which alone reads, sends and
 * ends the call; the callbacks only leave word and wake it. Nobody interrupts it: it may be in the
 * database.
 */
final class Exchange<Q, R extends Message> extends ServerCall.Listener<RawRequest>
        implements Replies<R> {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Metadata.Key<String> BATCH_ID =
            Metadata.Key.of("tranche-batch-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Actor ANONYMOUS = new Actor("anonymous", "Anonymous");
    private static final Duration NO_DEADLINE = Duration.ofDays(1);
    private static final Duration OVERLOADED_DELAY = Duration.ofSeconds(1);

    private final ServerCall<RawRequest, Outgoing> call;
    private final RequestParser<Q> parser;
    private final Handler<Q, R> handler;
    private final Admission.Ticket ticket;
    private final @Nullable Deadline deadline;
    private final ServerLimits.Calls limits;
    private final Metadata headers = new Metadata();
    private boolean headersSent;

    /** Guards what the callbacks leave. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private @Nullable RawRequest received;
    private boolean nothingMore;
    private boolean overloaded;
    private volatile boolean cancelled;

    private Exchange(
            ServerCall<RawRequest, Outgoing> call,
            RequestParser<Q> parser,
            Handler<Q, R> handler,
            Admission.Ticket ticket,
            @Nullable Deadline deadline,
            ServerLimits.Calls limits) {
        this.call = call;
        this.parser = parser;
        this.handler = handler;
        this.ticket = ticket;
        this.deadline = deadline;
        this.limits = limits;
    }

    /** What gRPC does with a call that it has taken. */
    static <Q, R extends Message> ServerCallHandler<RawRequest, Outgoing> running(
            Handler<Q, R> handler, RequestParser<Q> parser, ServerLimits.Calls limits) {
        return (call, headers) -> {
            Exchange<Q, R> exchange =
                    new Exchange<>(
                            call,
                            parser,
                            handler,
                            Admission.current(),
                            Context.current().getDeadline(),
                            limits);
            exchange.begin();
            return exchange;
        };
    }

    private void begin() {
        if (ticket.enter(this::refuse)) {
            Thread.ofVirtual()
                    .name(call.getMethodDescriptor().getFullMethodName())
                    .start(this::run);
        } else {
            end(Statuses.of(overload("calls")));
        }
    }

    private void run() {
        try {
            handler.handle(request(), this);
            end(Statuses.ok());
        } catch (CallFailure failure) {
            fail(failure);
        } catch (StatusRuntimeException grpcsOwn) {
            end(new Ending(grpcsOwn.getStatus(), new Metadata()));
        } catch (Throwable bug) {
            end(Statuses.bug(bug));
        } finally {
            ticket.leave();
        }
    }

    private Q request() {
        call.request(1);
        await(() -> received != null || nothingMore);
        RawRequest raw = received;
        received = null;
        return parser.parse(raw);
    }

    @Override
    public Call call() {
        return new Call(ANONYMOUS, this::timeLeft, this::isAbandoned);
    }

    @Override
    public void batch(String batchId) {
        headers.put(BATCH_ID, batchId);
    }

    private void requireFits(R message) {
        int bytes = message.getSerializedSize();
        if (bytes > limits.replyBytesMax()) {
            throw new CallFailure(new Failure.ReplyTooLarge(bytes, limits.replyBytesMax()));
        }
    }

    @Override
    public void send(R message) {
        requireFits(message);
        await(call::isReady);
        if (!headersSent) {
            call.sendHeaders(headers);
            headersSent = true;
        }
        call.sendMessage(new Outgoing.Reply(message));
    }

    /** Waits for what a callback brings. */
    private void await(BooleanSupplier there) {
        long since = System.nanoTime();
        lock.lock();
        try {
            while (!there.getAsBoolean()) {
                check();
                long quiet = System.nanoTime() - Math.max(since, ticket.lastReceivedNanos());
                long left = limits.stallMax().toNanos() - quiet;
                if (left <= 0) {
                    throw new CallFailure(new Failure.Stalled(limits.stallMax()));
                }
                changed.awaitNanos(left);
            }
            check();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a call", e);
        } finally {
            lock.unlock();
        }
    }

    private void check() {
        if (cancelled) {
            throw new CallFailure(
                    timeLeft().isZero()
                            ? new Failure.TimedOut(Duration.ZERO)
                            : new Failure.Cancelled());
        }
        if (overloaded) {
            throw overload("bytes of requests");
        }
    }

    private void fail(CallFailure failure) {
        if (Statuses.isServersFault(failure.failure())) {
            String method = call.getMethodDescriptor().getFullMethodName();
            LOG.warn(
                    "{}: {} ({})",
                    method,
                    failure.getMessage(),
                    String.valueOf(failure.getCause()));
        }
        if (failure.failure() instanceof Failure.Stalled && headersSent) {
            call.sendMessage(new Outgoing.CutOff(Statuses.of(failure).exception()));
        } else {
            end(Statuses.of(failure));
        }
    }

    /** A call that gRPC gave up has its status: saying another one would race with it. */
    private void end(Ending ending) {
        if (!cancelled) {
            call.close(ending.status(), ending.trailers());
        }
    }

    private static CallFailure overload(String what) {
        return new CallFailure(
                new Failure.TryAgain(
                        Reason.OVERLOADED,
                        "the server has too many " + what + " to deal with; nothing was started",
                        OVERLOADED_DELAY));
    }

    private Duration timeLeft() {
        if (deadline == null) {
            return NO_DEADLINE;
        }
        long nanos = deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return nanos > 0 ? Duration.ofNanos(nanos) : Duration.ZERO;
    }

    /** Whether the caller has gone away; that his time ran out shows in the time that is left. */
    private boolean isAbandoned() {
        return cancelled && !timeLeft().isZero();
    }

    @Override
    public void onMessage(RawRequest message) {
        leaveWord(() -> received = message);
    }

    @Override
    public void onHalfClose() {
        leaveWord(() -> nothingMore = true);
    }

    @Override
    public void onReady() {
        leaveWord(() -> {});
    }

    @Override
    public void onCancel() {
        leaveWord(() -> cancelled = true);
    }

    /** Also how a call ends that gRPC gave up by itself. */
    @Override
    public void onComplete() {
        onCancel();
    }

    private void refuse() {
        leaveWord(() -> overloaded = true);
    }

    private void leaveWord(Runnable word) {
        lock.lock();
        try {
            word.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
