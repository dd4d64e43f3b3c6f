package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.replacement;
import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_BUSY;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_IN_PROGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.OnConflict;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.ResultFilter;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the idempotency key of a BatchInsert promises: every record once, a result for each index. */
class ResumedInsertsTest {
    private static final int RECORDS = 10_000;
    private static final String CHUNK = "--chunk-records-max=50";
    private static final int RACES = Integer.getInteger("tranche.test.races", 20);

    private static TestServer server;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(CHUNK);
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
    void answersTheFirstResultsToACallThatIsSentAgain() throws Exception {
        BatchInsertRequest request =
                keyed(row("a", "{\"n\":1}"), row("{\"n\":1}"), row("{"), row("{\"n\":2}"));
        InsertReply first = inserter.insert(request.toBuilder());
        Contents before = Contents.of(server);
        InsertReply second = inserter.insert(request.toBuilder());
        assertThat(second.results()).isEqualTo(first.results());
        assertThat(second.summary()).isEqualTo(first.summary());
        assertThat(second.started()).isEqualTo(first.summary());
        assertThat(Contents.of(server)).isEqualTo(before);
        try (TestServer other = server.another()) {
            assertThat(on(other).insert(request.toBuilder())).isEqualTo(second);
        }
    }

    @Test
    void answersResultsAsTheyAreAfterARetry() throws Exception {
        BatchInsertRequest request = keyed(row("{\"n\":1}"), row("{\"n\":1}"));
        InsertReply first = inserter.insert(request.toBuilder());
        InsertReply retried =
                inserter.retry(
                        inserter.retryOf(first.batchId())
                                .addReplacements(replacement(1, row("{\"n\":2}"))));
        InsertReply again = inserter.insert(request.toBuilder());
        assertThat(again.results()).containsExactly(first.result(0), retried.result(1));
        assertThat(again.summary()).isEqualTo(retried.summary());
    }

    @Test
    void goesOnWhereABrokenCallLeftOff() throws Exception {
        BatchInsertRequest request = keyed(longIds());
        List<RecordResult> seen = new ArrayList<>();
        String batchId = breakOff(inserter, request, seen);
        Batch broken = inserter.account(batchId);
        assertThat(broken.getState()).isEqualTo(BATCH_STATE_INTERRUPTED);
        assertThat(broken.getSucceededCount()).isBetween(1, RECORDS - 1);
        InsertReply whole = inserter.insert(request.toBuilder());
        assertThat(whole.batchId()).isEqualTo(batchId);
        assertThat(whole.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(whole.results()).hasSize(RECORDS).startsWith(seen.toArray(RecordResult[]::new));
        assertThat(inserter.stored()).isEqualTo(RECORDS);
        assertThat(inserter.storedResults(batchId, 1_000)).isEqualTo(whole.results());
    }

    @Test
    void goesOnWithAnotherServer() throws Exception {
        BatchInsertRequest request = keyed(longIds());
        String batchId = breakOff(inserter, request, new ArrayList<>());
        try (TestServer other = server.another(CHUNK)) {
            InsertReply whole = on(other).insert(request.toBuilder());
            assertThat(whole.batchId()).isEqualTo(batchId);
            assertThat(whole.results()).hasSize(RECORDS);
        }
        assertThat(inserter.stored()).isEqualTo(RECORDS);
    }

    @Test
    void namesTwinsThatAnEarlierCallInserted() throws Exception {
        List<InsertRecord> records = longIds();
        records.set(0, row("first", "{\"n\":1}"));
        records.set(RECORDS - 1, row("last", "{\"n\":1}"));
        BatchInsertRequest request = keyed(records);
        breakOff(inserter, request, new ArrayList<>());
        InsertReply whole = inserter.insert(request.toBuilder());
        assertThat(whole.error(RECORDS - 1).getExistingRecordId()).isEqualTo("first");
        assertThat(whole.error(RECORDS - 1).getEarlierIndex()).isZero();
        assertThat(whole.error(RECORDS - 1).hasEarlierIndex()).isTrue();
    }

    @Test
    void passesOverWhatARetryInsertedMeanwhile() throws Exception {
        BatchInsertRequest request = keyed(longIds());
        String batchId = breakOff(inserter, request, new ArrayList<>());
        InsertReply retried =
                inserter.retry(
                        inserter.retryOf(batchId)
                                .addRetryIndices(RECORDS - 2)
                                .addReplacements(replacement(RECORDS - 1, row("late", "{}"))));
        assertThat(retried.failed()).containsExactly(RECORDS - 2);
        assertThat(retried.summary().getState()).isEqualTo(BATCH_STATE_INTERRUPTED);
        InsertReply whole = inserter.insert(request.toBuilder());
        assertThat(whole.results()).hasSize(RECORDS);
        assertThat(whole.result(RECORDS - 1)).isEqualTo(retried.result(RECORDS - 1));
        assertThat(whole.result(RECORDS - 2).getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
        assertThat(whole.summary().getSucceededCount()).isEqualTo(RECORDS);
        assertThat(whole.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(inserter.stored()).isEqualTo(RECORDS);
    }

    @Test
    void answersWhatAnEarlyEndDidNotReach() throws Exception {
        BatchInsertRequest request =
                keyed(row("{\"n\":1}"), row("{\"n\":1}"), row("{\"n\":2}")).toBuilder()
                        .setOrdered(true)
                        .build();
        InsertReply first = inserter.insert(request.toBuilder());
        assertThat(first.summary().getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        InsertReply second = inserter.insert(request.toBuilder());
        assertThat(second.results()).isEqualTo(first.results()).hasSize(3);
        assertThat(inserter.stored()).isEqualTo(1);
    }

    @Test
    void refusesTheKeyOfAnotherRequest() throws Exception {
        BatchInsertRequest request = keyed(row("a", "{\"n\":1}"), row("b", "{\"n\":2}"));
        inserter.insert(request.toBuilder());
        assertReused(request.toBuilder().removeRecords(1));
        assertReused(request.toBuilder().setRecords(1, row("b", "{\"n\":3}")));
        assertReused(request.toBuilder().setRecords(1, row("c", "{\"n\":2}")));
        assertReused(request.toBuilder().setOnConflict(OnConflict.ON_CONFLICT_SKIP));
        assertReused(request.toBuilder().setOrdered(true));
        assertReused(request.toBuilder().putLabels("a", "b"));
        inserter.caller().execute(Ops.collection("others"));
        assertReused(request.toBuilder().setCollection("others"));
        ExecuteBatchRequest execute =
                ExecuteBatchRequest.newBuilder()
                        .setWorkspace(inserter.caller().workspace())
                        .setRequestId("key")
                        .addOperations(Ops.get("items", "a"))
                        .build();
        Refusal.of(() -> inserter.caller().batches().executeBatch(execute))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
    }

    @Test
    void comparesContentsByTheirMeaning() throws Exception {
        BatchInsertRequest request = keyed(row("a", "{\"n\":1, \"m\":{\"x\":1,\"y\":2}}"));
        InsertReply first = inserter.insert(request.toBuilder());
        Struct inner =
                Struct.newBuilder()
                        .putFields("y", Value.newBuilder().setNumberValue(2).build())
                        .putFields("x", Value.newBuilder().setNumberValue(1).build())
                        .build();
        Struct data =
                Struct.newBuilder()
                        .putFields("m", Value.newBuilder().setStructValue(inner).build())
                        .putFields("n", Value.newBuilder().setNumberValue(1).build())
                        .build();
        InsertReply again =
                inserter.insert(
                        request.toBuilder()
                                .setOnConflict(OnConflict.ON_CONFLICT_FAIL)
                                .setResultFilter(ResultFilter.RESULT_FILTER_ALL)
                                .setRecords(0, InsertRecord.newBuilder().setId("a").setData(data)));
        assertThat(again.results()).isEqualTo(first.results());
    }

    @Test
    void bindsNothingIfItFailedBeforeItsFirstChunk() throws Exception {
        BatchInsertRequest request = keyed(row("{\"n\":1}"));
        Refusal refusal =
                Refusal.of(() -> inserter.insert(request.toBuilder().setCollection("none")));
        refusal.has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        InsertReply reply = inserter.insert(request.toBuilder().addRecords(row("{\"n\":2}")));
        assertThat(reply.batchId()).isEqualTo(refusal.metadata().get("batch_id"));
        assertThat(reply.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(reply.summary().getTotalCount()).isEqualTo(2);
        assertThat(inserter.account(reply.batchId())).isEqualTo(reply.summary());
    }

    @Test
    void saysThatItIsBeingWorkedOn() throws Exception {
        BatchInsertRequest request = keyed(longIds());
        try (SlowReader reader = SlowReader.of(server)) {
            var call = reader.batches().batchInsert(request);
            call.read();
            Refusal.of(() -> inserter.insert(request.toBuilder()))
                    .has(Code.ABORTED, ERROR_REASON_REQUEST_IN_PROGRESS)
                    .namesADelay();
            call.cancel("enough", null);
        }
    }

    @Test
    void writesNothingMoreOnceItsLeaseHasRunOut() throws Exception {
        BatchInsertRequest request = keyed(longIds());
        try (SlowReader reader = SlowReader.of(server)) {
            var call = reader.batches().batchInsert(request);
            String batchId = call.read().getStarted().getBatchId();
            // As if its server had been stopped for that long.
            change("UPDATE batch SET lease_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND", batchId);
            assertThat(inserter.account(batchId).getState()).isEqualTo(BATCH_STATE_INTERRUPTED);
            int before = inserter.stored();
            Refusal refusal = Refusal.of(() -> readToTheEnd(call));
            refusal.has(Code.ABORTED, ERROR_REASON_BATCH_BUSY).namesADelay();
            assertThat(inserter.stored()).isEqualTo(before).isLessThan(RECORDS);
            assertThat(inserter.insert(request.toBuilder()).batchId()).isEqualTo(batchId);
            assertThat(inserter.stored()).isEqualTo(RECORDS);
        }
    }

    @Test
    void doesTheWorkOnceWhenTwoServersAreGivenItAtOnce() throws Exception {
        try (TestServer other = server.another(CHUNK);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int race = 0; race < RACES; race++) {
                Inserter one = Inserter.into(server, Ops.collection("items"));
                Caller there = new Caller(other, one.caller().workspace());
                Inserter two = new Inserter(there, "items");
                BatchInsertRequest request =
                        one
                                .request(
                                        IntStream.range(0, 120)
                                                .mapToObj(i -> row("{\"n\":" + i + "}"))
                                                .toList())
                                .toBuilder()
                                .setRequestId("key")
                                .build();
                CyclicBarrier start = new CyclicBarrier(2);
                Future<InsertReply> first = threads.submit(persistent(start, one, request));
                Future<InsertReply> second = threads.submit(persistent(start, two, request));
                assertThat(first.get().results()).isEqualTo(second.get().results()).hasSize(120);
                assertThat(first.get().batchId()).isEqualTo(second.get().batchId());
                assertThat(one.stored()).isEqualTo(120);
            }
        }
    }

    /** Sends a call again for as long as it is being worked on. */
    private static Callable<InsertReply> persistent(
            CyclicBarrier start, Inserter inserter, BatchInsertRequest request) {
        return () -> {
            start.await();
            List<InsertReply> replies = new ArrayList<>();
            Waiting.until(
                    "a reply",
                    () -> {
                        try {
                            replies.add(inserter.insert(request.toBuilder()));
                            return true;
                        } catch (StatusException busy) {
                            Refusal.of(busy)
                                    .has(Code.ABORTED, ERROR_REASON_REQUEST_IN_PROGRESS)
                                    .namesADelay();
                            return false;
                        }
                    });
            return replies.getFirst();
        };
    }

    private void assertReused(BatchInsertRequest.Builder request) {
        Refusal.of(() -> inserter.insert(request))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED)
                .with("request_id", "key");
    }

    private Inserter on(TestServer other) {
        return new Inserter(new Caller(other, inserter.caller().workspace()), "items");
    }

    /** Takes some results, and goes away; waits until the server has noticed. */
    private static String breakOff(
            Inserter inserter, BatchInsertRequest request, List<RecordResult> seen)
            throws Exception {
        String batchId;
        try (SlowReader reader = SlowReader.of(inserter.caller().server())) {
            BlockingClientCall<?, BatchInsertResponse> call = reader.batches().batchInsert(request);
            batchId = call.read().getStarted().getBatchId();
            seen.addAll(call.read().getResults().getResultsList());
        }
        Waiting.until(
                "the batch is interrupted",
                () -> inserter.account(batchId).getState() == BATCH_STATE_INTERRUPTED);
        return batchId;
    }

    private static void readToTheEnd(BlockingClientCall<?, BatchInsertResponse> call)
            throws Exception {
        while (call.hasNext()) {
            call.read();
        }
        throw new StatusException(Status.OK);
    }

    private static void change(String sql, String batchId) throws Exception {
        try (Connection connection = server.connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql + " WHERE id = '" + batchId + "'");
        }
    }

    private BatchInsertRequest keyed(InsertRecord... records) {
        return keyed(List.of(records));
    }

    private BatchInsertRequest keyed(List<InsertRecord> records) {
        return inserter.request(records).toBuilder().setRequestId("key").build();
    }

    private static List<InsertRecord> longIds() {
        return new ArrayList<>(
                IntStream.range(0, RECORDS)
                        .mapToObj(i -> row("%0128d".formatted(i), "{}"))
                        .toList());
    }
}
