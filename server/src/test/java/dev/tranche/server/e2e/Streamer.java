package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingV2Stub;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.InsertRecords;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.StreamInsertOptions;
import dev.tranche.v1.StreamInsertRequest;
import dev.tranche.v1.StreamInsertResponse;
import dev.tranche.v1.StreamStarted;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;

/** One StreamInsert, message by message. */
final class Streamer {
    private final BlockingClientCall<StreamInsertRequest, StreamInsertResponse> call;
    private final List<RecordResult> results = new ArrayList<>();
    private int heartbeats;

    Streamer(BlockingClientCall<StreamInsertRequest, StreamInsertResponse> call) {
        this.call = call;
    }

    /** Options without any but where to. */
    static StreamInsertOptions.Builder options(Inserter inserter) {
        return StreamInsertOptions.newBuilder()
                .setWorkspace(inserter.caller().workspace())
                .setCollection(inserter.collection());
    }

    /** Opens a stream and sends the options. */
    static Streamer open(Inserter inserter, StreamInsertOptions.Builder options) throws Exception {
        return open(inserter.caller().batches(), options.build());
    }

    static Streamer open(BatchServiceBlockingV2Stub batches, StreamInsertOptions options)
            throws Exception {
        Streamer streamer = new Streamer(batches.streamInsert());
        streamer.send(StreamInsertRequest.newBuilder().setOptions(options).build());
        return streamer;
    }

    static Streamer open(Inserter inserter) throws Exception {
        return open(inserter, options(inserter));
    }

    StreamStarted started() throws Exception {
        StreamInsertResponse first = call.read();
        assertThat(first).as("the stream begins").isNotNull();
        assertThat(first.hasStarted()).as("started is first").isTrue();
        return first.getStarted();
    }

    /** Sends a message; a call that has ended takes it without a word. */
    void send(StreamInsertRequest message) throws Exception {
        call.write(message);
    }

    void send(int firstIndex, List<InsertRecord> records) throws Exception {
        send(
                StreamInsertRequest.newBuilder()
                        .setRecords(
                                InsertRecords.newBuilder()
                                        .setFirstIndex(firstIndex)
                                        .addAllRecords(records))
                        .build());
    }

    void send(int firstIndex, InsertRecord... records) throws Exception {
        send(firstIndex, List.of(records));
    }

    /** Says that no more will come. */
    Streamer halfClose() {
        call.halfClose();
        return this;
    }

    /** Reads until there are so many results in all. */
    List<RecordResult> results(int count) throws Exception {
        while (results.size() < count) {
            take(call.read());
        }
        return results;
    }

    /** Reads until so many messages came that held nothing. */
    void awaitHeartbeats(int count) throws Exception {
        while (heartbeats < count) {
            take(call.read());
        }
    }

    /** Reads to the end, which must be a summary. */
    Batch summary() throws Exception {
        StreamInsertResponse message = call.read();
        while (message != null && !message.hasSummary()) {
            take(message);
            message = call.read();
        }
        assertThat(message).as("a summary").isNotNull();
        assertThat(call.read()).as("nothing after it").isNull();
        return message.getSummary();
    }

    /** Reads to the end, which must be a failure. */
    Refusal failure() {
        return Refusal.of(() -> {
            while (true) {
                take(call.read());
            }
        });
    }

    /** All that came so far. */
    List<RecordResult> results() {
        return results;
    }

    void cancel() {
        call.cancel("the test", null);
    }

    private void take(StreamInsertResponse message) {
        assertThat(message).as("the stream goes on").isNotNull();
        assertThat(message.hasResults()).as("results: " + message).isTrue();
        List<RecordResult> more = message.getResults().getResultsList();
        heartbeats += more.isEmpty() ? 1 : 0;
        for (RecordResult result : more) {
            if (!results.isEmpty()) {
                assertThat(result.getIndex()).isGreaterThan(results.getLast().getIndex());
            }
            results.add(result);
        }
    }
}
