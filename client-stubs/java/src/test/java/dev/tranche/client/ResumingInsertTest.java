package dev.tranche.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.ResultFilter;
import dev.tranche.v1.StreamInsertOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResumingInsertTest {
    private static final int RECORDS = 20;
    private static final ResumePolicy WINDOW_OF_FIVE =
            new ResumePolicy(
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    5,
                    8L << 20);
    private static final List<Integer> EVERY_INDEX = IntStream.range(0, RECORDS).boxed().toList();
    private static final List<String> EVERY_RECORD =
            IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList();

    private final List<Duration> pauses = new ArrayList<>();

    /** How a test inserts. */
    private enum Way {
        STREAM,
        LIST
    }

    private ResumingInsert insert(FakeInserts server, Way way, String requestId) {
        BatchClient client =
                BatchClient.on(server.channel, new Repeats(RetryPolicy.STANDARD, pauses::add))
                        .withResumes(WINDOW_OF_FIVE);
        return switch (way) {
            case STREAM ->
                    client.streamInsert(
                            StreamInsertOptions.newBuilder().setRequestId(requestId).build(),
                            records().iterator());
            case LIST ->
                    client.insert(
                            BatchInsertRequest.newBuilder()
                                    .setRequestId(requestId)
                                    .addAllRecords(records())
                                    .build());
        };
    }

    private static List<InsertRecord> records() {
        return EVERY_RECORD.stream()
                .map(text -> InsertRecord.newBuilder().setDataJson(text).build())
                .toList();
    }

    private static List<Integer> indexes(ResumingInsert insert) {
        List<Integer> indexes = new ArrayList<>();
        while (insert.hasNext()) {
            indexes.add(insert.next().getIndex());
        }
        return indexes;
    }

    private void assertWhole(FakeInserts server, Way way) {
        try (ResumingInsert insert = insert(server, way, "")) {
            assertThat(indexes(insert)).as("break at %d", server.breakAt).isEqualTo(EVERY_INDEX);
            assertThat(insert.summary().getTotalCount()).isEqualTo(RECORDS);
            assertThat(server.inserted).isEqualTo(EVERY_RECORD);
            assertThat(server.requestIds).containsOnly(insert.requestId());
        }
    }

    @Test
    void answersEveryIndexOnceWhereverTheStreamBreaks() throws Exception {
        assertWholeWhereverItBreaks(Way.STREAM);
    }

    @Test
    void answersEveryIndexOnceWhereverTheListsCallBreaks() throws Exception {
        assertWholeWhereverItBreaks(Way.LIST);
    }

    private void assertWholeWhereverItBreaks(Way way) throws Exception {
        int last = 1;
        for (int step = 1; step <= last; step++) {
            try (FakeInserts server = new FakeInserts()) {
                server.breakAt = step;
                assertWhole(server, way);
                assertThat(server.requestIds.size()).isBetween(1, 2);
                last = server.steps > step ? step + 1 : step;
            }
        }
        assertThat(last).isGreaterThan(15);
    }

    @Test
    void comesToTheEndThoughEveryStreamBreaks() throws Exception {
        for (int steps = 6; steps < 12; steps++) {
            try (FakeInserts server = new FakeInserts()) {
                server.breakEach = steps;
                assertWhole(server, Way.STREAM);
            }
        }
    }

    @Test
    void asksOnlyForResultsItHasNotSeen() throws Exception {
        try (FakeInserts server = new FakeInserts()) {
            server.breakEach = 9;
            assertWhole(server, Way.STREAM);

            assertThat(server.options).hasSizeGreaterThan(2);
            assertThat(server.options.get(0).getResultsFrom()).isZero();
            assertThat(server.options)
                    .extracting(StreamInsertOptions::getResultsFrom)
                    .isSorted()
                    .last()
                    .isNotEqualTo(0);
        }
    }

    @Test
    void goesOnWhereAnotherProcessEnded() throws Exception {
        try (FakeInserts server = new FakeInserts()) {
            ResumingInsert first = insert(server, Way.STREAM, "import-7");
            first.next();
            first.close();
            assertThat(server.inserted).isNotEmpty();

            ResumingInsert second = insert(server, Way.STREAM, "import-7");
            assertThat(indexes(second)).isEqualTo(EVERY_INDEX);
            assertThat(server.inserted).isEqualTo(EVERY_RECORD);
        }
    }

    @Test
    void keepsOnlyWhatIsSentAndNotAnswered() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        Iterator<InsertRecord> counting =
                records().stream().peek(one -> taken.incrementAndGet()).iterator();
        try (FakeInserts server = new FakeInserts();
                ResumingInsert insert =
                        BatchClient.on(server.channel, new Repeats(RetryPolicy.NONE, pauses::add))
                                .withResumes(WINDOW_OF_FIVE)
                                .streamInsert(StreamInsertOptions.getDefaultInstance(), counting)) {
            for (int read = 1; read <= RECORDS; read++) {
                insert.next();
                assertThat(taken.get()).isLessThanOrEqualTo(read + 3 * 5);
            }
        }
    }

    @Test
    void waitsAsLongAsTheServerAsksAndLonger() throws Exception {
        try (FakeInserts server = new FakeInserts()) {
            server.refusals.add(
                    Failures.with(
                            Status.Code.ABORTED,
                            "busy",
                            Failures.reason("REQUEST_IN_PROGRESS", Map.of()),
                            Failures.retryAfterMillis(200)));
            server.refusals.add(
                    Failures.with(
                            Status.Code.UNAVAILABLE,
                            "full",
                            Failures.reason("OVERLOADED", Map.of()),
                            Failures.retryAfterMillis(1_000)));
            server.refusals.add(Status.UNAVAILABLE.asRuntimeException());
            assertWhole(server, Way.STREAM);

            assertThat(pauses).hasSize(3);
            assertThat(pauses.get(0).toMillis()).isBetween(200L, 300L);
            assertThat(pauses.get(1).toMillis()).isBetween(1_000L, 1_200L);
            assertThat(pauses.get(2).toMillis()).isBetween(0L, 400L);
        }
    }

    @Test
    void resumesAfterWhatABrokenConnectionMayLookLike() throws Exception {
        for (StatusRuntimeException broken :
                List.of(
                        Status.CANCELLED.asRuntimeException(),
                        Status.UNKNOWN.asRuntimeException(),
                        Status.INTERNAL.withDescription("RST_STREAM closed").asRuntimeException(),
                        Failures.with(
                                Status.Code.DEADLINE_EXCEEDED,
                                "stalled",
                                Failures.reason("BATCH_TIMEOUT", Map.of())))) {
            try (FakeInserts server = new FakeInserts()) {
                server.breakAt = 8;
                server.breaking = broken;
                assertWhole(server, Way.STREAM);
            }
        }
    }

    @Test
    void throwsWhatWaitingDoesNotMend() throws Exception {
        try (FakeInserts server = new FakeInserts()) {
            server.breakAt = 8;
            server.breaking =
                    Failures.with(
                            Status.Code.FAILED_PRECONDITION,
                            "other options",
                            Failures.reason("REQUEST_ID_REUSED", Map.of()));
            ResumingInsert insert = insert(server, Way.STREAM, "");

            assertThatThrownBy(() -> indexes(insert))
                    .isInstanceOfSatisfying(
                            TrancheException.class,
                            e ->
                                    assertThat(e.reason())
                                            .isEqualTo(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED));
            assertThatThrownBy(insert::hasNext).isInstanceOf(TrancheException.class);
            assertThat(pauses).isEmpty();
        }
    }

    @Test
    void givesUpWhenNothingHelpsForTooLong() throws Exception {
        ResumePolicy hasty =
                new ResumePolicy(
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofMillis(20),
                        Duration.ofSeconds(30),
                        5,
                        1_000);
        try (FakeInserts server = new FakeInserts()) {
            server.breakEach = 1;
            ResumingInsert insert =
                    BatchClient.on(server.channel)
                            .withResumes(hasty)
                            .streamInsert(
                                    StreamInsertOptions.getDefaultInstance(), records().iterator());

            assertThatThrownBy(insert::hasNext)
                    .isInstanceOfSatisfying(
                            TrancheException.class,
                            e -> assertThat(e.code()).isEqualTo(Status.Code.UNAVAILABLE));
        }
    }

    @Test
    void refusesToAnswerEveryIndexFromFailuresOnly() throws Exception {
        StreamInsertOptions options =
                StreamInsertOptions.newBuilder()
                        .setResultFilter(ResultFilter.RESULT_FILTER_FAILURES_ONLY)
                        .build();
        try (FakeInserts server = new FakeInserts()) {
            BatchClient client = BatchClient.on(server.channel);
            Iterator<InsertRecord> none = List.<InsertRecord>of().iterator();

            assertThatThrownBy(() -> client.streamInsert(options, none))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void endsOnceItIsClosed() throws Exception {
        try (FakeInserts server = new FakeInserts()) {
            ResumingInsert insert = insert(server, Way.LIST, "");
            RecordResult first = insert.next();
            assertThat(first.getRecordId()).isEqualTo("r0");
            assertThatThrownBy(insert::summary).isInstanceOf(IllegalStateException.class);
            insert.close();
            insert.next();
            insert.next();

            assertThatThrownBy(insert::hasNext).isInstanceOf(IllegalStateException.class);
        }
    }
}
