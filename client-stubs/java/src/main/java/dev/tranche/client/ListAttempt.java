package dev.tranche.client;

import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.util.Iterator;

/** A {@code BatchInsert}: its request has everything, its results come from the first one on. */
final class ListAttempt implements InsertAttempt {
    private final ClientCall<BatchInsertRequest, BatchInsertResponse> call;
    private final Iterator<BatchInsertResponse> messages;

    private ListAttempt(
            ClientCall<BatchInsertRequest, BatchInsertResponse> call,
            Iterator<BatchInsertResponse> messages) {
        this.call = call;
        this.messages = messages;
    }

    static ListAttempt open(Channel channel, BatchInsertRequest request) {
        ClientCall<BatchInsertRequest, BatchInsertResponse> call =
                channel.newCall(BatchServiceGrpc.getBatchInsertMethod(), CallOptions.DEFAULT);
        return new ListAttempt(call, ClientCalls.blockingServerStreamingCall(call, request));
    }

    @Override
    public Message next() {
        if (!messages.hasNext()) {
            throw Status.UNAVAILABLE
                    .withDescription("the stream ended without its summary")
                    .asRuntimeException();
        }
        BatchInsertResponse message = messages.next();
        return switch (message.getMessageCase()) {
            case STARTED -> Message.NOTHING;
            case RESULTS -> Message.of(message.getResults().getResultsList());
            case SUMMARY -> Message.of(message.getSummary());
            case MESSAGE_NOT_SET -> Message.NOTHING; // Of a newer contract.
        };
    }

    @Override
    public void cancel() {
        call.cancel("the insert is closed, or begins anew", null);
    }
}
