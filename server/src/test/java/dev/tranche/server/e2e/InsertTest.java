package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.BatchState.BATCH_STATE_FAILED;
import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static dev.tranche.v1.BatchState.BATCH_STATE_RUNNING;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchKind;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import io.grpc.stub.BlockingClientCall;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the records of a BatchInsert. */
class InsertTest {
    private static final int CHUNK = 10;
    private static final int RECORDS_MAX = 400;
    private static final int RECORD_BYTES_MAX = 2048;
    private static final int RECORDS_OF_A_REPLY = 7;

    private static TestServer server;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server =
                TestServer.start(
                        "--chunk-records-max=" + CHUNK,
                        "--records-max=" + RECORDS_MAX,
                        "--record-bytes-max=" + RECORD_BYTES_MAX);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        inserter =
                Inserter.into(
                        server,
                        Ops.schema(
                                "items",
                                "{\"properties\":{\"n\":{\"type\":\"number\"}}}",
                                Ops.unique("by_n", "n")));
    }

    @Test
    void sendsStartedThenOneResultForEachIndexThenTheSummary() throws Exception {
        InsertReply reply = inserter.insert(numbered(0, 35));
        assertThat(reply.started().getState()).isEqualTo(BATCH_STATE_RUNNING);
        assertThat(reply.started().getTotalCount()).isEqualTo(35);
        assertThat(reply.indexes()).isEqualTo(IntStream.range(0, 35).boxed().toList());
        assertThat(reply.results())
                .allSatisfy(result -> {
                    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
                    assertThat(result.getVersion()).isEqualTo(1);
                    assertThat(result.getEtag()).hasSize(16);
                    assertThat(result.getAttempt()).isEqualTo(1);
                    assertThat(result.getRecordId()).hasSize(36);
                });
        assertThat(reply.results()).extracting(RecordResult::getRecordId).doesNotHaveDuplicates();
        assertThat(inserter.stored()).isEqualTo(35);
    }

    @Test
    void keepsAnAccountThatSaysWhatTheStreamSaid() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 24));
        records.add(row("{\"n\":3}"));
        InsertReply reply = inserter.insert(records);
        Batch account = inserter.account(reply.batchId());
        assertThat(account).isEqualTo(reply.summary());
        assertThat(account.getKind()).isEqualTo(BatchKind.BATCH_KIND_INSERT);
        assertThat(account.getCollection()).isEqualTo("items");
        assertThat(account.hasCompleteTime()).isTrue();
        assertCounts(account, BATCH_STATE_PARTIALLY_SUCCEEDED, 24, 1, 0);
        assertThat(inserter.storedResults(reply.batchId(), RECORDS_OF_A_REPLY))
                .isEqualTo(reply.results());
    }

    @Test
    void saysHowManyWentIn() throws Exception {
        assertCounts(inserter.insert(row("{\"n\":1}")).summary(), BATCH_STATE_SUCCEEDED, 1, 0, 0);
        assertCounts(inserter.insert(row("{\"n\":1}")).summary(), BATCH_STATE_FAILED, 0, 1, 0);
        assertCounts(
                inserter.insert(row("{\"n\":1}"), row("{\"n\":2}")).summary(),
                BATCH_STATE_PARTIALLY_SUCCEEDED,
                1,
                1,
                0);
    }

    @Test
    void namesTheTwinInTheSameChunkAndInAnEarlierOne() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 8));
        records.add(row("{\"n\":3}"));
        records.addAll(numbered(100, 15));
        records.add(row("{\"n\":3.0}"));
        InsertReply reply = inserter.insert(records);
        assertThat(reply.failed()).containsExactly(8, 24);
        for (int twin : reply.failed()) {
            ItemError error = reply.error(twin);
            assertThat(error.getReason()).isEqualTo(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
            assertThat(error.getCode()).isEqualTo(Code.ALREADY_EXISTS);
            assertThat(error.getConstraint()).isEqualTo("by_n");
            assertThat(error.getEarlierIndex()).isEqualTo(3);
            assertThat(error.getExistingRecordId()).isEqualTo(reply.result(3).getRecordId());
            assertThat(reply.result(twin).getRecordId()).isEmpty();
            assertThat(reply.result(twin).getVersion()).isZero();
        }
    }

    @Test
    void namesTheStoredRecordWithoutAnIndexIfItIsOfAnotherCall() throws Exception {
        inserter.insert(row("first", "{\"n\":7}"));
        ItemError value = inserter.insert(row("second", "{\"n\":7}")).error(0);
        assertThat(value.getReason()).isEqualTo(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(value.getExistingRecordId()).isEqualTo("first");
        assertThat(value.hasEarlierIndex()).isFalse();
        ItemError id = inserter.insert(row("first", "{\"n\":8}")).error(0);
        assertThat(id.getReason()).isEqualTo(ERROR_REASON_RECORD_ALREADY_EXISTS);
        assertThat(id.getCode()).isEqualTo(Code.ALREADY_EXISTS);
        assertThat(id.getExistingRecordId()).isEqualTo("first");
        assertThat(id.hasEarlierIndex()).isFalse();
    }

    @Test
    void namesTheEarlierIndexOfAnIdThatIsGivenTwice() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 11));
        records.set(1, row("a", "{\"n\":50}"));
        records.set(2, row("a", "{\"n\":51}"));
        records.add(row("a", "{\"n\":52}"));
        InsertReply reply = inserter.insert(records);
        assertThat(reply.failed()).containsExactly(2, 11);
        assertThat(reply.error(2).getEarlierIndex()).isEqualTo(1);
        assertThat(reply.error(11).getEarlierIndex()).isEqualTo(1);
        assertThat(reply.error(11).getReason()).isEqualTo(ERROR_REASON_RECORD_ALREADY_EXISTS);
    }

    @Test
    void letsARecordInWhoseTwinFailed() throws Exception {
        InsertReply reply =
                inserter.insert(
                        row("a", "{\"n\":1}"),
                        row("a", "{\"n\":2}"),
                        row("b", "{\"n\":2}"),
                        row("c", "{\"n\":\"x\"}"),
                        row("c", "{\"n\":3}"));
        assertThat(reply.failed()).containsExactly(1, 3);
        assertThat(inserter.stored()).isEqualTo(3);
    }

    @Test
    void holdsNobodyToAConstraintWhoseFieldIsMissingOrNull() throws Exception {
        Inserter free =
                Inserter.into(server, Ops.collection("free", Ops.unique("by_pair", "a", "b.c")));
        InsertReply reply =
                free.insert(
                        row("{\"a\":1}"),
                        row("{\"a\":1}"),
                        row("{\"a\":1,\"b\":{\"c\":null}}"),
                        row("{\"a\":1,\"b\":{\"c\":\"1\"}}"),
                        row("{\"a\":1,\"b\":{\"c\":1}}"),
                        row("{\"a\":1.0,\"b\":{\"c\":1e0}}"));
        assertThat(reply.failed()).containsExactly(5);
        assertThat(reply.error(5).getEarlierIndex()).isEqualTo(4);
    }

    @Test
    void failsOnlyTheRecordsThatAreWrong() throws Exception {
        String large = "{\"x\":\"" + "y".repeat(RECORD_BYTES_MAX) + "\"}";
        Struct struct =
                Struct.newBuilder()
                        .putFields("n", Value.newBuilder().setNumberValue(1.5).build())
                        .build();
        InsertReply reply =
                inserter.insert(
                        InsertRecord.newBuilder().setData(struct).build(),
                        row("{\"n\":\"one\"}"),
                        row("{\"n\":"),
                        row("[1]"),
                        row(large),
                        row("i".repeat(129), "{}"),
                        row("a\0b", "{}"),
                        InsertRecord.newBuilder().setId("no-data").build(),
                        row("{\"n\":1,\"n\":1}"),
                        row("{\"n\":[1]}"),
                        row("i".repeat(128), "{}"));
        assertThat(reply.failed()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(reply.error(1).getReason()).isEqualTo(ERROR_REASON_SCHEMA_VIOLATION);
        assertThat(paths(reply.error(1))).containsExactly("records[1].data/n");
        assertThat(reply.error(2).getReason()).isEqualTo(ERROR_REASON_INVALID_REQUEST);
        assertThat(paths(reply.error(2))).containsExactly("records[2].data_json");
        assertThat(reply.error(3).getReason()).isEqualTo(ERROR_REASON_INVALID_REQUEST);
        assertThat(reply.error(4).getReason()).isEqualTo(ERROR_REASON_LIMIT_EXCEEDED);
        assertThat(reply.error(4).getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(paths(reply.error(5))).containsExactly("records[5].id");
        assertThat(reply.error(6).getReason()).isEqualTo(ERROR_REASON_INVALID_REQUEST);
        assertThat(reply.error(7).getReason()).isEqualTo(ERROR_REASON_INVALID_REQUEST);
        assertThat(reply.error(8).getReason()).isEqualTo(ERROR_REASON_INVALID_REQUEST);
        assertThat(reply.error(9).getReason()).isEqualTo(ERROR_REASON_SCHEMA_VIOLATION);
        assertThat(inserter.stored()).isEqualTo(2);
    }

    @Test
    void takesARecordOfExactlyTheLimit() throws Exception {
        String frame = "{\"x\":\"\"}";
        String exact = "{\"x\":\"" + "y".repeat(RECORD_BYTES_MAX - frame.length()) + "\"}";
        assertThat(inserter.insert(row(exact), row(exact + " ")).failed()).containsExactly(1);
    }

    @Test
    void refusesAnUnknownCollectionAndChangesNothing() throws Exception {
        Inserter lost = new Inserter(inserter.caller(), "nowhere");
        Refusal refusal = inserter.caller().refused(() -> lost.insert(row("{}")));
        refusal.has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        Batch account = lost.account(refusal.metadata().get("batch_id"));
        assertCounts(account, BATCH_STATE_FAILED, 0, 0, 1);
        assertThat(account.getFailure().getReason()).isEqualTo(ERROR_REASON_COLLECTION_NOT_FOUND);
    }

    @Test
    void refusesAnUnknownWorkspaceAndChangesNothing() throws Exception {
        Inserter lost = new Inserter(new Caller(server, "nowhere"), "items");
        inserter.caller()
                .refused(() -> lost.insert(row("{}")))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    @Test
    void refusesACallWithoutRecords() throws Exception {
        inserter.caller()
                .refused(inserter::insert)
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("records");
    }

    @Test
    void takesAsManyRecordsAsAreAllowedAndNotOneMore() throws Exception {
        Refusal refusal =
                inserter.caller().refused(() -> inserter.insert(numbered(0, RECORDS_MAX + 1)));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
        assertThat(refusal.message()).contains("401 given").contains("400 allowed");
        assertThat(inserter.insert(numbered(0, RECORDS_MAX)).failed()).isEmpty();
        assertThat(inserter.stored()).isEqualTo(RECORDS_MAX);
    }

    @Test
    void answersNothingBeforeItIsTrue() throws Exception {
        BlockingClientCall<?, BatchInsertResponse> call = inserter.begin(numbered(0, 200));
        int answered = 0;
        int messages = 0;
        try (Connection connection = server.connection()) {
            while (call.hasNext()) {
                BatchInsertResponse message = call.read();
                answered += message.getResults().getResultsCount();
                messages++;
                assertThat(inserter.stored(connection)).isGreaterThanOrEqualTo(answered);
            }
        }
        assertThat(answered).isEqualTo(200);
        assertThat(messages).as("not held back to the end").isGreaterThan(3);
    }

    @Test
    void takesHourlyWeatherAndRejectsTheHoursThatAreThereTwice() throws Exception {
        Inserter weather =
                Inserter.into(
                        server,
                        Ops.schema(
                                "weather",
                                "{\"type\":\"object\",\"required\":[\"origin\",\"hour\"],"
                                        + "\"properties\":{\"temp\":{\"type\":[\"number\",\"null\"]}}}",
                                Ops.unique("hourly", "origin", "year", "month", "day", "hour")));
        List<InsertRecord> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(weatherRow(i));
        }
        rows.set(140, weatherRow(139));
        rows.set(299, weatherRow(0));
        InsertReply reply = weather.insert(rows);
        assertCounts(reply.summary(), BATCH_STATE_PARTIALLY_SUCCEEDED, 298, 2, 0);
        assertThat(reply.error(140).getEarlierIndex()).isEqualTo(139);
        assertThat(reply.error(299).getEarlierIndex()).isZero();
        assertThat(weather.stored()).isEqualTo(298);
        String id = reply.result(17).getRecordId();
        assertThat(weather.caller().data("weather", id)).isEqualTo(rows.get(17).getDataJson());
    }

    private static InsertRecord weatherRow(int hour) {
        return row(
                "{\"origin\":\"EWR\",\"year\":2013,\"month\":%d,\"day\":%d,\"hour\":%d,\"temp\":%s}"
                        .formatted(
                                1 + hour / 24 / 28,
                                1 + hour / 24 % 28,
                                hour % 24,
                                hour % 50 == 0 ? "null" : "39." + hour % 100));
    }

    private static List<InsertRecord> numbered(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(n -> row("{\"n\":" + n + "}")).toList();
    }

    private static List<String> paths(ItemError error) {
        return error.getFieldViolationsList().stream().map(FieldViolation::getPath).toList();
    }

    private static void assertCounts(
            Batch batch, BatchState state, int succeeded, int failed, int notApplied) {
        assertThat(batch.getState()).isEqualTo(state);
        assertThat(batch.getSucceededCount()).isEqualTo(succeeded);
        assertThat(batch.getFailedCount()).isEqualTo(failed);
        assertThat(batch.getNotAppliedCount()).isEqualTo(notApplied);
        assertThat(batch.getTotalCount()).isEqualTo(succeeded + failed + notApplied);
    }
}
