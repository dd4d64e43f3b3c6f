package dev.tranche.server.transport;

import com.google.protobuf.Message;
import dev.tranche.server.engine.Call;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Actor;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.server.transport.Statuses.Ending;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, between gRPC, which calls back, and a handler, which blocks: the only class that knows
 * gRPC's observers. The handler runs on a virtual thread of its own, which alone sends and ends the
 * call, and may let one other read; the callbacks only leave word in the inbox. Nobody interrupts it:
 * it may be in the database.
 */
final class Exchange<Q, R extends Message> extends ServerCall.Listener<RawRequest>
        implements Requests<Q>, Replies<R> {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Metadata.Key<String> BATCH_ID =
            Metadata.Key.of("tranche-batch-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Actor ANONYMOUS = new Actor("anonymous", "Anonymous");
    private static final Duration NO_DEADLINE = Duration.ofDays(1);

    /** Of messages that nobody has looked at; as much as a chunk, and the message beyond it. */
    private static final long AHEAD_BYTES_MAX = 1 << 20;

    private final ServerCall<RawRequest, Outgoing> call;
    private final RequestParser<Q> parser;
    private final StreamHandler<Q, R> handler;
    private final Admission.Ticket ticket;
    private final @Nullable Deadline deadline;
    private final ServerLimits.Calls limits;
    private final boolean streamed;
    private final Inbox inbox;
    private final Metadata headers = new Metadata();
    private boolean headersSent;
    private boolean unsent;

    /** Bytes of the messages that were taken and are not dealt with. */
    private final Deque<Long> taken = new ArrayDeque<>();

    private boolean begun;

    private Exchange(
            ServerCall<RawRequest, Outgoing> call,
            RequestParser<Q> parser,
            StreamHandler<Q, R> handler,
            Admission.Ticket ticket,
            @Nullable Deadline deadline,
            ServerLimits.Calls limits) {
        this.call = call;
        this.parser = parser;
        this.handler = handler;
        this.ticket = ticket;
        this.deadline = deadline;
        this.limits = limits;
        this.streamed = !call.getMethodDescriptor().getType().clientSendsOneMessage();
        this.inbox = new Inbox(limits.stallMax(), this::whyGone);
    }

    /** What gRPC does with a call that it has taken. */
    static <Q, R extends Message> ServerCallHandler<RawRequest, Outgoing> running(
            StreamHandler<Q, R> handler, RequestParser<Q> parser, ServerLimits.Calls limits) {
        return (call, headers) -> {
            Exchange<Q, R> exchange =
                    new Exchange<>(
                            call,
                            parser,
                            handler,
                            Admission.current(),
                            Context.current().getDeadline(),
                            limits);
            exchange.begin(RoutingHeader.workspace(headers));
            return exchange;
        };
    }

    private void begin(@Nullable String workspace) {
        try {
            ticket.enter(inbox::refuse);
        } catch (CallFailure overloaded) {
            end(Statuses.of(overloaded));
            return;
        }
        try {
            claim(workspace);
        } catch (CallFailure overloaded) {
            end(Statuses.of(overloaded));
            ticket.leave();
            return;
        }
        demand();
        Thread.ofVirtual().name(call.getMethodDescriptor().getFullMethodName()).start(this::run);
    }

    /** A name that no workspace can have is refused later, with everything else that is wrong. */
    private void claim(@Nullable String workspace) {
        if (workspace != null && Identifiers.name(workspace) == null) {
            ticket.claim(workspace);
        }
    }

    private void run() {
        try {
            handler.handle(this, this);
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

    @Override
    public @Nullable Q next() {
        demand();
        Inbox.Arrival arrival = inbox.take(ticket::lastReceivedNanos);
        if (arrival == null && begun) {
            return null;
        }
        return parse(arrival);
    }

    @Override
    public @Nullable Q nextIfHere() {
        Inbox.Arrival arrival = inbox.poll();
        return arrival == null ? null : parse(arrival);
    }

    @Override
    public void dealtWith(int messages) {
        for (int i = 0; i < messages; i++) {
            ticket.giveBack(taken.remove());
        }
    }

    private Q parse(Inbox.@Nullable Arrival arrival) {
        begun = true;
        if (streamed) {
            demand();
        }
        if (arrival != null) {
            taken.add(arrival.bytes());
        }
        Q request = parser.parse(arrival == null ? null : arrival.message());
        claim(parser.workspace().apply(request));
        return request;
    }

    /** Asks gRPC for another message, if there is room. */
    private void demand() {
        if (inbox.wantsMore(ticket.isCrowded() ? 0 : AHEAD_BYTES_MAX)) {
            call.request(1);
        }
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
        // Who only sends, and takes nothing, does nothing here.
        long since = System.nanoTime();
        unsent = true;
        inbox.await(call::isReady, () -> since);
        unsent = false;
        write(message);
    }

    @Override
    public void sendIfReady(R message) {
        if (call.isReady()) {
            write(message);
        }
    }

    private void write(R message) {
        if (!headersSent) {
            call.sendHeaders(headers);
            headersSent = true;
        }
        call.sendMessage(new Outgoing.Reply(message));
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
        if (failure.failure() instanceof Failure.Stalled && headersSent && unsent) {
            call.sendMessage(new Outgoing.CutOff(Statuses.of(failure).exception()));
        } else {
            end(Statuses.of(failure));
        }
    }

    /** A call that gRPC gave up has its status: saying another one would race with it. */
    private void end(Ending ending) {
        if (!inbox.isGone()) {
            call.close(ending.status(), ending.trailers());
        }
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
        return inbox.isGone() && !timeLeft().isZero();
    }

    private Failure whyGone() {
        return timeLeft().isZero() ? new Failure.TimedOut(Duration.ZERO) : new Failure.Cancelled();
    }

    @Override
    public void onMessage(RawRequest message) {
        inbox.add(new Inbox.Arrival(message, ticket.whole()));
        if (streamed) {
            demand();
        }
    }

    @Override
    public void onHalfClose() {
        inbox.complete();
    }

    @Override
    public void onReady() {
        inbox.wake();
    }

    @Override
    public void onCancel() {
        inbox.leave();
    }

    /** Also how a call ends that gRPC gave up by itself. */
    @Override
    public void onComplete() {
        onCancel();
    }
}
