package dev.tranche.client;

import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.RetryBatchInsertRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A server that answers what the test wrote down for it, faults included. */
final class FakeBatchService extends BatchServiceGrpc.BatchServiceImplBase
        implements AutoCloseable {
    /** The next {@code ExecuteBatch} calls fail so, one after another; then they succeed. */
    final Deque<StatusRuntimeException> failures = new ArrayDeque<>();

    final List<ExecuteBatchRequest> executed = Collections.synchronizedList(new ArrayList<>());

    /** What the next stream sends. */
    List<BatchInsertResponse> messages = List.of();

    /** How the next stream ends. */
    Ending ending = Ending.OK;

    final CountDownLatch cancelled = new CountDownLatch(1);

    enum Ending {
        OK,
        UNAVAILABLE,
        NEVER
    }

    private final Server server;
    final ManagedChannel channel;

    FakeBatchService() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).directExecutor().addService(this).build();
        server.start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    @Override
    public void executeBatch(
            ExecuteBatchRequest request, StreamObserver<ExecuteBatchResponse> reply) {
        executed.add(request);
        StatusRuntimeException failure = failures.poll();
        if (failure != null) {
            reply.onError(failure);
            return;
        }
        reply.onNext(ExecuteBatchResponse.getDefaultInstance());
        reply.onCompleted();
    }

    @Override
    public void batchInsert(BatchInsertRequest request, StreamObserver<BatchInsertResponse> reply) {
        play(reply);
    }

    @Override
    public void retryBatchInsert(
            RetryBatchInsertRequest request, StreamObserver<BatchInsertResponse> reply) {
        play(reply);
    }

    private void play(StreamObserver<BatchInsertResponse> reply) {
        Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
        messages.forEach(reply::onNext);
        switch (ending) {
            case OK -> reply.onCompleted();
            case UNAVAILABLE -> reply.onError(Status.UNAVAILABLE.asRuntimeException());
            case NEVER -> {}
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }
}
