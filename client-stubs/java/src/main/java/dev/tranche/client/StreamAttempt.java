package dev.tranche.client;

import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.InsertRecords;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.StreamInsertOptions;
import dev.tranche.v1.StreamInsertRequest;
import dev.tranche.v1.StreamInsertResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A {@code StreamInsert}. Whoever waits for a message sends records meanwhile, as far as the window
 * and the flow control of HTTP/2 allow: neither side ever waits for the other to read.
 */
final class StreamAttempt extends ClientCall.Listener<StreamInsertResponse>
        implements InsertAttempt {
    private final ClientCall<StreamInsertRequest, StreamInsertResponse> call;
    private final RecordWindow window;
    private final Duration quietMax;

    /** What the call brought, in order: messages, the news that it can send, its end. */
    private final BlockingQueue<Supplier<Message>> arrivals = new LinkedBlockingQueue<>();

    private boolean started;
    private boolean halfClosed;

    private StreamAttempt(
            ClientCall<StreamInsertRequest, StreamInsertResponse> call,
            RecordWindow window,
            Duration quietMax) {
        this.call = call;
        this.window = window;
        this.quietMax = quietMax;
    }

    static StreamAttempt open(
            Channel channel, StreamInsertOptions options, RecordWindow window, Duration quietMax) {
        StreamAttempt attempt =
                new StreamAttempt(
                        channel.newCall(
                                BatchServiceGrpc.getStreamInsertMethod(), CallOptions.DEFAULT),
                        window,
                        quietMax);
        attempt.call.start(attempt, new Metadata());
        attempt.call.sendMessage(StreamInsertRequest.newBuilder().setOptions(options).build());
        attempt.call.request(1);
        return attempt;
    }

    @Override
    public Message next() throws InterruptedException {
        while (true) {
            Supplier<Message> arrival = arrivals.poll();
            if (arrival == null && maySend()) {
                sendOrHalfClose();
                continue;
            }
            if (arrival == null) {
                arrival = arrivals.poll(quietMax.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (arrival == null) {
                throw Status.UNAVAILABLE
                        .withDescription("nothing came for " + quietMax)
                        .asRuntimeException();
            }
            Message message = arrival.get();
            if (!message.results().isEmpty() || message.summary() != null) {
                return message;
            }
        }
    }

    private boolean maySend() {
        return started && !halfClosed && !window.isFull() && call.isReady();
    }

    private void sendOrHalfClose() {
        InsertRecords records = window.take();
        if (records == null) {
            call.halfClose();
            halfClosed = true;
        } else {
            call.sendMessage(StreamInsertRequest.newBuilder().setRecords(records).build());
        }
    }

    @Override
    public void cancel() {
        call.cancel("the insert is closed, or begins anew", null);
    }

    @Override
    public void onMessage(StreamInsertResponse message) {
        arrivals.add(() -> read(message));
    }

    @Override
    public void onReady() {
        arrivals.add(() -> Message.NOTHING);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        Status end =
                status.isOk()
                        ? Status.UNAVAILABLE.withDescription("the stream ended without its summary")
                        : status;
        arrivals.add(() -> {
            throw end.asRuntimeException(trailers);
        });
    }

    private Message read(StreamInsertResponse message) {
        call.request(1);
        return switch (message.getMessageCase()) {
            case STARTED -> {
                window.beginAt(message.getStarted().getNextIndex());
                started = true;
                yield Message.NOTHING;
            }
            case RESULTS -> Message.of(answered(message.getResults().getResultsList()));
            case SUMMARY -> Message.of(message.getSummary());
            case MESSAGE_NOT_SET -> Message.NOTHING; // Of a newer contract.
        };
    }

    private List<RecordResult> answered(List<RecordResult> results) {
        if (!results.isEmpty()) {
            window.answered(results.get(results.size() - 1).getIndex());
        }
        return results;
    }
}
