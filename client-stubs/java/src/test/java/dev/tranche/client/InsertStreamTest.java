package dev.tranche.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.RecordResults;
import dev.tranche.v1.RetryBatchInsertRequest;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InsertStreamTest {
    private static final Batch BATCH =
            Batch.newBuilder().setBatchId("b-1").setTotalCount(4).build();
    private static final BatchInsertResponse STARTED =
            BatchInsertResponse.newBuilder().setStarted(BATCH).build();
    private static final BatchInsertResponse SUMMARY =
            BatchInsertResponse.newBuilder()
                    .setSummary(
                            BATCH.toBuilder().setState(BatchState.BATCH_STATE_SUCCEEDED).build())
                    .build();
    private static final BatchInsertRequest FOUR_RECORDS =
            BatchInsertRequest.newBuilder()
                    .addAllRecords(Collections.nCopies(4, Records.of("{}")))
                    .build();

    private FakeBatchService server;
    private BatchClient client;

    @BeforeEach
    void start() throws IOException {
        server = new FakeBatchService();
        client = BatchClient.on(server.channel);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static BatchInsertResponse results(int... indexes) {
        RecordResults.Builder results = RecordResults.newBuilder();
        for (int index : indexes) {
            results.addResults(RecordResult.newBuilder().setIndex(index));
        }
        return BatchInsertResponse.newBuilder().setResults(results).build();
    }

    private static List<Integer> readAll(InsertStream stream) {
        List<Integer> indexes = new ArrayList<>();
        stream.forEachRemaining(result -> indexes.add(result.getIndex()));
        return indexes;
    }

    private BrokenStreamException failureOfReading(BatchInsertResponse... messages) {
        server.messages = List.of(messages);
        return catchThrowableOfType(
                BrokenStreamException.class,
                () -> {
                    try (InsertStream stream = client.batchInsert(FOUR_RECORDS)) {
                        readAll(stream);
                    }
                });
    }

    @Test
    void readsResultsOfAllMessagesAndThenTheSummary() {
        BatchInsertResponse newer = BatchInsertResponse.getDefaultInstance();
        server.messages =
                List.of(newer, STARTED, results(0, 1), results(), newer, results(2, 3), SUMMARY);

        try (InsertStream stream = client.batchInsert(FOUR_RECORDS)) {
            assertThat(stream.started()).isEqualTo(BATCH);
            assertThat(readAll(stream)).containsExactly(0, 1, 2, 3);
            assertThat(stream.summary().getState()).isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
            assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void hasNoSummaryBeforeTheLastResult() {
        server.messages = List.of(STARTED, results(0, 1, 2, 3), SUMMARY);

        try (InsertStream stream = client.batchInsert(FOUR_RECORDS)) {
            assertThatThrownBy(stream::summary).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesAStreamWithoutSummary() {
        BrokenStreamException failure = failureOfReading(STARTED, results(0, 1, 2, 3));

        assertThat(failure)
                .hasMessage(
                        "insert stream of batch b-1: it ended without its summary, after 4"
                                + " results");
        assertThat(failure.batchId()).contains("b-1");
    }

    @Test
    void refusesAStreamThatDoesNotStart() {
        assertThat(failureOfReading(results(0))).hasMessageContaining("RESULTS came first");
        assertThat(failureOfReading()).hasMessageContaining("ended before it started");
    }

    @Test
    void refusesASecondStart() {
        assertThat(failureOfReading(STARTED, STARTED)).hasMessageContaining("started twice");
    }

    @Test
    void refusesIndexesOutOfOrderTwiceOrOutOfRange() {
        assertThat(failureOfReading(STARTED, results(0, 2), results(1)))
                .hasMessageContaining("index 1 came after index 2");
        assertThat(failureOfReading(STARTED, results(0, 0)))
                .hasMessageContaining("index 0 came after index 0");
        assertThat(failureOfReading(STARTED, results(-1))).hasMessageContaining("index -1");
        assertThat(failureOfReading(STARTED, results(4)))
                .hasMessageContaining("index 4 of 4 records");
    }

    @Test
    void refusesASummaryBeforeAllResultsCame() {
        assertThat(failureOfReading(STARTED, results(0, 1, 3), SUMMARY))
                .hasMessageContaining("3 results came, 4 were due");
    }

    @Test
    void refusesAnythingAfterTheSummary() {
        assertThat(failureOfReading(STARTED, results(0, 1, 2, 3), SUMMARY, results(4)))
                .hasMessageContaining("RESULTS came after the summary");
    }

    @Test
    void failsWithTheStatusOfACallThatBrokeHalfWay() {
        server.messages = List.of(STARTED, results(0, 1));
        server.ending = FakeBatchService.Ending.UNAVAILABLE;

        try (InsertStream stream = client.batchInsert(FOUR_RECORDS)) {
            assertThat(stream.next().getIndex()).isZero();
            assertThat(stream.next().getIndex()).isEqualTo(1);
            TrancheException failure =
                    catchThrowableOfType(TrancheException.class, stream::hasNext);
            assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void failsWithTheStatusOfACallThatBrokeAfterItsSummary() {
        server.messages = List.of(STARTED, results(0, 1, 2, 3), SUMMARY);
        server.ending = FakeBatchService.Ending.UNAVAILABLE;

        try (InsertStream stream = client.batchInsert(FOUR_RECORDS)) {
            assertThatThrownBy(() -> readAll(stream)).isInstanceOf(TrancheException.class);
            assertThatThrownBy(stream::summary).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void failsAtOnceWhenTheCallIsRefused() {
        server.ending = FakeBatchService.Ending.UNAVAILABLE;

        assertThatThrownBy(() -> client.batchInsert(FOUR_RECORDS))
                .isInstanceOf(TrancheException.class);
    }

    @Test
    void cancelsTheCallWhenClosedEarly() throws InterruptedException {
        server.messages = List.of(STARTED, results(0));
        server.ending = FakeBatchService.Ending.NEVER;

        try (InsertStream stream = client.batchInsert(FOUR_RECORDS)) {
            stream.next();
        }

        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelsTheCallWhenTheStreamIsBroken() throws InterruptedException {
        server.ending = FakeBatchService.Ending.NEVER;

        assertThat(failureOfReading(SUMMARY)).hasMessageContaining("SUMMARY came first");

        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void expectsOneResultPerIndexOfARetry() {
        server.messages = List.of(STARTED, results(1), SUMMARY);
        RetryBatchInsertRequest two =
                RetryBatchInsertRequest.newBuilder().addRetryIndices(1).addRetryIndices(3).build();

        try (InsertStream stream = client.retryBatchInsert(two)) {
            assertThatThrownBy(() -> readAll(stream))
                    .isInstanceOf(BrokenStreamException.class)
                    .hasMessageContaining("1 results came, 2 were due");
        }
    }

    @Test
    void leavesItToTheServerHowManyFailedIfARetryNamesNone() {
        server.messages = List.of(STARTED, results(1, 3), SUMMARY);

        try (InsertStream stream =
                client.retryBatchInsert(RetryBatchInsertRequest.getDefaultInstance())) {
            assertThat(readAll(stream)).containsExactly(1, 3);
        }
    }
}
