package dev.tranche.client;

import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.InsertRecords;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.RecordResults;
import dev.tranche.v1.StreamInsertOptions;
import dev.tranche.v1.StreamInsertRequest;
import dev.tranche.v1.StreamInsertResponse;
import dev.tranche.v1.StreamStarted;
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
import java.util.Deque;
import java.util.List;

/** A server that keeps one batch, and breaks its calls at the steps the test names. */
final class FakeInserts extends BatchServiceGrpc.BatchServiceImplBase implements AutoCloseable {
    private static final int CHUNK = 3;

    /** How the next calls fail when they are opened, one after another; then they succeed. */
    final Deque<StatusRuntimeException> refusals = new ArrayDeque<>();

    /** What was inserted, by index. */
    final List<String> inserted = new ArrayList<>();

    final List<String> requestIds = new ArrayList<>();
    final List<StreamInsertOptions> options = new ArrayList<>();

    /** Steps of all calls so far: before a message is looked at, before and after one is sent. */
    int steps;

    /** The step at which the call breaks; none if it is never reached. */
    int breakAt;

    /** Breaks every call at so many of its steps; 0 for none. */
    int breakEach;

    StatusRuntimeException breaking = Status.UNAVAILABLE.asRuntimeException();

    private final Server server;
    final ManagedChannel channel;

    FakeInserts() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).directExecutor().addService(this).build();
        server.start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    @Override
    public StreamObserver<StreamInsertRequest> streamInsert(
            StreamObserver<StreamInsertResponse> reply) {
        return new Streamed(new Breaking<>(reply));
    }

    @Override
    public void batchInsert(BatchInsertRequest request, StreamObserver<BatchInsertResponse> reply) {
        Breaking<BatchInsertResponse> out = new Breaking<>(reply);
        requestIds.add(request.getRequestId());
        out.unlessBroken(() -> {
            List<InsertRecord> records = request.getRecordsList();
            for (int from = 0; from == 0 || from < records.size(); from += CHUNK) {
                int to = Math.min(from + CHUNK, records.size());
                commit(from, records.subList(from, to));
                if (from == 0) {
                    out.send(BatchInsertResponse.newBuilder().setStarted(batch()).build());
                }
                out.send(BatchInsertResponse.newBuilder().setResults(results(from, to)).build());
            }
            out.send(BatchInsertResponse.newBuilder().setSummary(batch()).build());
            reply.onCompleted();
        });
    }

    private void commit(int firstIndex, List<InsertRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            if (firstIndex + i == inserted.size()) {
                inserted.add(records.get(i).getDataJson());
            }
        }
    }

    private static RecordResults results(int from, int to) {
        RecordResults.Builder results = RecordResults.newBuilder();
        for (int i = from; i < to; i++) {
            results.addResults(
                    RecordResult.newBuilder()
                            .setIndex(i)
                            .setOutcome(Outcome.OUTCOME_INSERTED)
                            .setRecordId("r" + i));
        }
        return results.build();
    }

    private Batch batch() {
        return Batch.newBuilder().setBatchId("b").setTotalCount(inserted.size()).build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    /** One stream. */
    private final class Streamed implements StreamObserver<StreamInsertRequest> {
        private final Breaking<StreamInsertResponse> out;
        private boolean begun;

        Streamed(Breaking<StreamInsertResponse> out) {
            this.out = out;
        }

        @Override
        public void onNext(StreamInsertRequest message) {
            out.unlessBroken(() -> {
                if (!begun) {
                    begun = true;
                    begin(message.getOptions());
                } else {
                    take(message.getRecords());
                }
            });
        }

        private void begin(StreamInsertOptions given) {
            options.add(given);
            requestIds.add(given.getRequestId());
            out.send(
                    StreamInsertResponse.newBuilder()
                            .setStarted(StreamStarted.newBuilder().setNextIndex(inserted.size()))
                            .build());
            if (given.hasResultsFrom() && given.getResultsFrom() < inserted.size()) {
                answer(given.getResultsFrom(), inserted.size());
            }
        }

        private void take(InsertRecords records) {
            if (records.getFirstIndex() != inserted.size()) {
                throw Status.INVALID_ARGUMENT.withDescription("a gap").asRuntimeException();
            }
            List<InsertRecord> all = records.getRecordsList();
            for (int from = 0; from < all.size(); from += CHUNK) {
                int first = inserted.size();
                commit(first, all.subList(from, Math.min(from + CHUNK, all.size())));
                answer(first, inserted.size());
            }
        }

        private void answer(int from, int to) {
            out.send(StreamInsertResponse.newBuilder().setResults(results(from, to)).build());
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {
            out.unlessBroken(() -> {
                out.send(StreamInsertResponse.newBuilder().setSummary(batch()).build());
                out.reply.onCompleted();
            });
        }
    }

    /** The replies of one call, up to the step at which it breaks. */
    private final class Breaking<R> {
        private final StreamObserver<R> reply;
        private int ownSteps;
        private boolean broken;

        Breaking(StreamObserver<R> reply) {
            this.reply = reply;
            StatusRuntimeException refusal = refusals.poll();
            if (refusal != null) {
                broken = true;
                reply.onError(refusal);
            }
        }

        void unlessBroken(Runnable work) {
            if (broken) {
                return;
            }
            try {
                step();
                work.run();
            } catch (StatusRuntimeException end) {
                broken = true;
                reply.onError(end);
            }
        }

        void send(R message) {
            step();
            reply.onNext(message);
            step();
        }

        private void step() {
            steps++;
            ownSteps++;
            if (steps == breakAt || ownSteps == breakEach) {
                throw breaking;
            }
        }
    }
}
