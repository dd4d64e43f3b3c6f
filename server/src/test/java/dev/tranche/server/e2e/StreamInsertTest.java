package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_TIMEOUT;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_IN_PROGRESS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.InsertRecords;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.ResultFilter;
import dev.tranche.v1.StreamInsertOptions;
import dev.tranche.v1.StreamInsertRequest;
import dev.tranche.v1.StreamStarted;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A StreamInsert from its first message to its last. */
class StreamInsertTest {
    private static TestServer server;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--chunk-records-max=50");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        inserter = Inserter.into(server, Ops.collection("items", Ops.unique("by_n", "n")));
    }

    @Test
    void startsBeforeAnyRecordAndAnswersEachAsItCommits() throws Exception {
        Streamer stream = Streamer.open(inserter);
        StreamStarted started = stream.started();
        assertThat(started.getNextIndex()).isZero();
        assertThat(inserter.account(started.getBatch().getBatchId()).getRequestId()).isEmpty();

        for (int i = 0; i < 3; i++) {
            stream.send(i, numbered(i));
            assertThat(stream.results(i + 1).getLast().getIndex()).isEqualTo(i);
            assertThat(inserter.stored()).isEqualTo(i + 1);
        }
        stream.halfClose();

        Batch summary = stream.summary();
        assertThat(summary.getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(summary.getTotalCount()).isEqualTo(3);
        assertThat(summary.getBatchId()).isEqualTo(started.getBatch().getBatchId());
    }

    @Test
    void takesMessagesOfAnySize() throws Exception {
        Streamer stream = Streamer.open(inserter);
        stream.started();
        int next = 0;
        for (int size : new int[] {1, 0, 220, 49, 50, 51, 0, 7}) {
            stream.send(size == 0 ? 0 : next, rows(next, next + size));
            next += size;
        }
        Batch summary = stream.halfClose().summary();

        assertThat(summary.getTotalCount()).isEqualTo(next);
        assertThat(summary.getSucceededCount()).isEqualTo(next);
        assertThat(stream.results())
                .extracting(RecordResult::getIndex)
                .containsExactlyElementsOf(IntStream.range(0, next).boxed().toList());
        assertThat(inserter.stored()).isEqualTo(next);
    }

    @Test
    void insertsNothingIfNothingComes() throws Exception {
        Streamer stream = Streamer.open(inserter);
        stream.started();
        Batch summary = stream.halfClose().summary();

        assertThat(summary.getTotalCount()).isZero();
        assertThat(stream.results()).isEmpty();
    }

    @Test
    void failsOnlyTheRecordsThatAreWrong() throws Exception {
        Streamer stream =
                Streamer.open(
                        inserter,
                        Streamer.options(inserter)
                                .setResultFilter(ResultFilter.RESULT_FILTER_FAILURES_ONLY));
        stream.started();
        stream.send(
                0,
                numbered(0),
                numbered(0),
                row("{\"n\":"),
                InsertRecord.getDefaultInstance(),
                numbered(4));
        Batch summary = stream.halfClose().summary();

        assertThat(summary.getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(stream.results()).extracting(RecordResult::getIndex).containsExactly(1, 2, 3);
        assertThat(stream.results().get(1).getError().getMessage()).contains("records[2]");
    }

    @Test
    void goesOnWhereAStreamBrokeOff() throws Exception {
        StreamInsertOptions.Builder options = named();
        Streamer first = Streamer.open(inserter, options);
        StreamStarted started = first.started();
        first.send(0, rows(0, 30));
        first.results(30);
        first.cancel();
        String batchId = started.getBatch().getBatchId();
        awaitInterrupted(batchId);

        Streamer second = Streamer.open(inserter, options.clone().setResultsFrom(10));
        StreamStarted resumed = second.started();
        assertThat(resumed.getBatch().getBatchId()).isEqualTo(batchId);
        assertThat(resumed.getNextIndex()).isEqualTo(30);
        second.send(30, rows(30, 60));
        Batch summary = second.halfClose().summary();
        assertThat(second.results())
                .extracting(RecordResult::getIndex)
                .containsExactlyElementsOf(IntStream.range(10, 60).boxed().toList());
        assertThat(second.results().subList(0, 20)).isEqualTo(first.results().subList(10, 30));
        assertThat(summary.getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(inserter.stored()).isEqualTo(60);

        Streamer third = Streamer.open(inserter, options);
        third.started();
        assertThat(third.summary()).isEqualTo(summary);
        assertThat(third.results()).isEmpty();
    }

    @Test
    void refusesOtherOptionsUnderTheSameRequestId() throws Exception {
        StreamInsertOptions.Builder options = named();
        Streamer first = Streamer.open(inserter, options);
        first.started();
        Streamer.open(inserter, options)
                .failure()
                .has(Code.ABORTED, ERROR_REASON_REQUEST_IN_PROGRESS)
                .namesADelay();
        first.halfClose().summary();

        refused(options.clone().setOrdered(true))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
    }

    @Test
    void endsEarlyWithoutWaitingForTheRest() throws Exception {
        Streamer ordered = Streamer.open(inserter, Streamer.options(inserter).setOrdered(true));
        ordered.started();
        ordered.send(0, numbered(0), numbered(0), numbered(2));
        Batch summary = ordered.summary();
        assertThat(summary.getSucceededCount()).isEqualTo(1);
        assertThat(summary.getFailedCount()).isEqualTo(1);
        assertThat(ordered.results().get(1).getOutcome()).isEqualTo(Outcome.OUTCOME_FAILED);

        Streamer counted = Streamer.open(inserter, Streamer.options(inserter).setMaxFailures(2));
        counted.started();
        counted.send(0, numbered(0), numbered(1), numbered(0));
        assertThat(counted.summary().getFailedCount()).isEqualTo(2);
    }

    @Test
    void refusesAStreamThatDoesNotBeginWithOptions() throws Exception {
        Refusal records =
                refused(StreamInsertRequest.newBuilder().setRecords(InsertRecords.newBuilder()));
        assertThat(records.message()).contains("options: records given in the first message");
        Refusal nothing = refused(StreamInsertRequest.newBuilder());
        assertThat(nothing.message()).contains("options: nothing given in the first message");
        Streamer silent = new Streamer(inserter.caller().batches().streamInsert()).halfClose();
        silent.failure().has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    @Test
    void refusesOptionsThatContradictEachOther() throws Exception {
        refused(Streamer.options(inserter).setResultsFrom(-1), "results_from");
        refused(Streamer.options(inserter).setMaxFailures(-1), "max_failures");
        refused(Streamer.options(inserter).setOrdered(true).setMaxFailures(3), "max_failures");
        refused(Streamer.options(inserter).setConflictConstraint("by_n"), "conflict_constraint");
        refused(Streamer.options(inserter).setOnConflictValue(77), "on_conflict");
        refused(Streamer.options(inserter).setResultFilterValue(77), "result_filter");
        refused(Streamer.options(inserter).setWorkspace("no such name"), "workspace");
        refused(Streamer.options(inserter).setCollection(""), "collection");
        refused(Streamer.options(inserter).setRequestId("x".repeat(65)), "request_id");
        refused(Streamer.options(inserter).putLabels("k", "x".repeat(10_000)), "labels");
        refused(Streamer.options(inserter).setWorkspace("missing"))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    @Test
    void refusesWhatDoesNotFollowAndLeavesTheBatchInterrupted() throws Exception {
        assertBreaksOff(
                StreamInsertRequest.newBuilder().setOptions(Streamer.options(inserter)),
                "options: given twice, once allowed");
        assertBreaksOff(
                StreamInsertRequest.newBuilder(),
                "message: neither options nor records given, one allowed");
        for (int wrong : new int[] {-1, 0, 4, 6}) {
            assertBreaksOff(
                    StreamInsertRequest.newBuilder()
                            .setRecords(
                                    InsertRecords.newBuilder()
                                            .setFirstIndex(wrong)
                                            .addRecords(row("{}"))),
                    "records.first_index: " + wrong + " given, 5 is the next one");
        }
    }

    @Test
    void endsACallerWhoNeverHalfCloses() throws Exception {
        try (TestServer strict = server.another("--stall-max=1s", "--heartbeat-interval=100ms")) {
            Inserter there = on(strict);
            Streamer stream = Streamer.open(there);
            String batchId = stream.started().getBatch().getBatchId();
            stream.send(0, numbered(0));
            stream.failure().has(Code.DEADLINE_EXCEEDED, ERROR_REASON_BATCH_TIMEOUT);

            assertThat(stream.results()).hasSize(1);
            Batch account = there.account(batchId);
            assertThat(account.getState()).isEqualTo(BATCH_STATE_INTERRUPTED);
            assertThat(account.getSucceededCount()).isEqualTo(1);
        }
    }

    @Test
    void keepsAQuietStreamAlive() throws Exception {
        try (TestServer lively = server.another("--heartbeat-interval=100ms")) {
            Inserter there = on(lively);
            Streamer stream = Streamer.open(there);
            stream.started();
            stream.awaitHeartbeats(2);
            try (RowLock lock = RowLock.ofCollection(inserter)) {
                stream.send(0, numbered(0));
                lock.awaitWaiter();
                stream.awaitHeartbeats(4);
            }
            stream.halfClose().summary();
            assertThat(stream.results()).hasSize(1);
        }
    }

    private void assertBreaksOff(StreamInsertRequest.Builder message, String why) throws Exception {
        int before = inserter.stored();
        Streamer stream = Streamer.open(inserter);
        String batchId = stream.started().getBatch().getBatchId();
        stream.send(0, IntStream.range(0, 5).mapToObj(i -> row("{}")).toList());
        stream.results(5);
        stream.send(message.build());
        Refusal refusal = stream.failure();
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
        assertThat(refusal.message()).contains(why);
        awaitInterrupted(batchId);
        assertThat(inserter.stored()).isEqualTo(before + 5);
    }

    private Refusal refused(StreamInsertRequest.Builder first) throws Exception {
        return inserter.caller()
                .refused(() -> {
                    var call = inserter.caller().batches().streamInsert();
                    call.write(first.build());
                    call.read();
                });
    }

    private Refusal refused(StreamInsertOptions.Builder options) throws Exception {
        return refused(StreamInsertRequest.newBuilder().setOptions(options));
    }

    private void refused(StreamInsertOptions.Builder options, String path) throws Exception {
        Refusal refusal = refused(options).has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
        assertThat(refusal.paths()).anyMatch(one -> one.startsWith(path));
    }

    private Inserter on(TestServer other) {
        return new Inserter(new Caller(other, inserter.caller().workspace()), "items");
    }

    private StreamInsertOptions.Builder named() {
        return Streamer.options(inserter).setRequestId(UUID.randomUUID().toString());
    }

    private void awaitInterrupted(String batchId) throws Exception {
        Waiting.until(
                "the batch is interrupted",
                () -> inserter.account(batchId).getState() == BATCH_STATE_INTERRUPTED);
    }

    private static List<InsertRecord> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(StreamInsertTest::numbered).toList();
    }

    private static InsertRecord numbered(int n) {
        return row("{\"n\":" + n + "}");
    }
}
