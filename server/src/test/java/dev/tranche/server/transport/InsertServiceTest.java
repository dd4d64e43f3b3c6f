package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.Replacement;
import dev.tranche.v1.RetryBatchInsertRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InsertServiceTest {
    private final Served served = Served.inProcess();

    @BeforeEach
    void collections() {
        served.collection("notes", "title");
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void saysStartedThenResultsThenSummary() {
        List<BatchInsertResponse> stream = insert(records(2_500));

        assertThat(stream.getFirst().getStarted().getTotalCount()).isEqualTo(2_500);
        assertThat(stream.getLast().getSummary().getState())
                .isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
        assertThat(stream.getLast().getSummary().getBatchId())
                .isEqualTo(stream.getFirst().getStarted().getBatchId());
        List<RecordResult> results = results(stream);
        assertThat(results).hasSize(2_500);
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).getIndex()).isEqualTo(i);
            assertThat(results.get(i).getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
            assertThat(results.get(i).getAttempt()).isEqualTo(1);
        }
    }

    @Test
    void failsOnlyTheRecordsThatAreWrong() {
        Struct rounded =
                Struct.newBuilder()
                        .putFields(
                                "n",
                                Value.newBuilder().setNumberValue(9_007_199_254_740_992.0).build())
                        .build();
        List<BatchInsertResponse> stream =
                insert(
                        List.of(
                                record("a", "{\"title\":\"one\"}"),
                                record("b", "{\"title\":\"one\"}"),
                                record("c", "{\"title\":"),
                                record("x".repeat(129), "{}"),
                                InsertRecord.getDefaultInstance(),
                                InsertRecord.newBuilder().setData(rounded).build(),
                                record("d", "{\"t\":\"" + "x".repeat(1 << 20) + "\"}"),
                                record("e", "{\"title\":\"two\"}")));

        assertThat(results(stream))
                .extracting(RecordResult::getOutcome, one -> one.getError().getReason())
                .containsExactly(
                        tuple(Outcome.OUTCOME_INSERTED, ErrorReason.ERROR_REASON_UNSPECIFIED),
                        tuple(
                                Outcome.OUTCOME_FAILED,
                                ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION),
                        tuple(Outcome.OUTCOME_FAILED, ErrorReason.ERROR_REASON_INVALID_REQUEST),
                        tuple(Outcome.OUTCOME_FAILED, ErrorReason.ERROR_REASON_INVALID_REQUEST),
                        tuple(Outcome.OUTCOME_FAILED, ErrorReason.ERROR_REASON_INVALID_REQUEST),
                        tuple(Outcome.OUTCOME_FAILED, ErrorReason.ERROR_REASON_INVALID_REQUEST),
                        tuple(Outcome.OUTCOME_FAILED, ErrorReason.ERROR_REASON_LIMIT_EXCEEDED),
                        tuple(Outcome.OUTCOME_INSERTED, ErrorReason.ERROR_REASON_UNSPECIFIED));
        assertThat(results(stream))
                .filteredOn(one -> one.getError().getFieldViolationsCount() > 0)
                .extracting(one -> one.getError().getFieldViolations(0).getPath())
                .containsExactly(
                        "records[2].data_json",
                        "records[3].id",
                        "records[4].data",
                        "records[5].data/n",
                        "records[6].data_json");
        assertThat(results(stream).get(1).getError().getEarlierIndex()).isZero();
        assertThat(results(stream).get(1).getError().getExistingRecordId()).isEqualTo("a");
        assertThat(stream.getLast().getSummary().getFailedCount()).isEqualTo(6);
    }

    @Test
    void refusesACallWithoutRecords() {
        assertThat(Failures.reason(Failures.of(() -> insert(List.of()))))
                .isEqualTo("INVALID_REQUEST");
    }

    @Test
    void refusesOneRecordTooMany() {
        StatusRuntimeException failure = Failures.of(() -> insert(records(Served.RECORDS_MAX + 1)));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(Failures.reason(failure)).isEqualTo("LIMIT_EXCEEDED");
        assertThat(failure.getStatus().getDescription()).contains("10001 given, at most 10000");
    }

    @Test
    void refusesABadCollectionBeforeAnythingElse() {
        StatusRuntimeException failure =
                Failures.of(() ->
                        drain(
                                served.batches()
                                        .batchInsert(
                                                BatchInsertRequest.newBuilder()
                                                        .setWorkspace("default")
                                                        .addRecords(record("a", "{}"))
                                                        .build())));

        assertThat(Failures.reason(failure)).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void retriesWithReplacements() {
        List<BatchInsertResponse> first =
                insert(List.of(record("a", "{\"title\":\"one\"}"), record("b", "{")));
        String batch = first.getFirst().getStarted().getBatchId();

        List<BatchInsertResponse> second =
                drain(
                        served.batches()
                                .retryBatchInsert(
                                        retry(batch)
                                                .addReplacements(
                                                        Replacement.newBuilder()
                                                                .setIndex(1)
                                                                .setRecord(record("b", "{}")))
                                                .build()));

        assertThat(results(second))
                .extracting(RecordResult::getIndex, RecordResult::getOutcome)
                .containsExactly(tuple(1, Outcome.OUTCOME_INSERTED));
        assertThat(second.getLast().getSummary().getState())
                .isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
    }

    @Test
    void needsAReplacementForWhatCouldNotBeRead() {
        List<BatchInsertResponse> first = insert(List.of(record("b", "{")));

        List<BatchInsertResponse> second =
                drain(
                        served.batches()
                                .retryBatchInsert(
                                        retry(first.getFirst().getStarted().getBatchId()).build()));

        assertThat(results(second).getFirst().getError().getReason())
                .isEqualTo(ErrorReason.ERROR_REASON_PAYLOAD_NOT_KEPT);
    }

    @Test
    void retriesWhatIsStillWrongUnderItsOwnPath() {
        List<BatchInsertResponse> first = insert(List.of(record("b", "{")));

        List<BatchInsertResponse> second =
                drain(
                        served.batches()
                                .retryBatchInsert(
                                        retry(first.getFirst().getStarted().getBatchId())
                                                .addReplacements(
                                                        Replacement.newBuilder()
                                                                .setRecord(record("b", "[")))
                                                .build()));

        assertThat(results(second).getFirst().getError().getFieldViolations(0).getPath())
                .isEqualTo("replacements[0].record.data_json");
    }

    @Test
    void knowsNoBatchThatIsNotThere() {
        for (String id : List.of("nobody", UUID.randomUUID().toString())) {
            StatusRuntimeException failure =
                    Failures.of(() -> drain(served.batches().retryBatchInsert(retry(id).build())));

            assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
            assertThat(Failures.reason(failure)).isEqualTo("BATCH_NOT_FOUND");
        }
    }

    @Test
    void refusesAReplacementWithoutARecord() {
        StatusRuntimeException failure =
                Failures.of(() ->
                        drain(
                                served.batches()
                                        .retryBatchInsert(
                                                retry(UUID.randomUUID().toString())
                                                        .addReplacements(
                                                                Replacement.getDefaultInstance())
                                                        .build())));

        assertThat(failure.getStatus().getDescription()).startsWith("replacements[0].record:");
    }

    @Test
    void listsResultsPageByPage() {
        String batch = insert(records(250)).getFirst().getStarted().getBatchId();
        List<RecordResult> listed = new ArrayList<>();
        String token = "";
        do {
            ListBatchResultsResponse page =
                    served.batches()
                            .listBatchResults(
                                    ListBatchResultsRequest.newBuilder()
                                            .setWorkspace("default")
                                            .setBatchId(batch)
                                            .setPageSize(120)
                                            .setPageToken(token)
                                            .build());
            assertThat(page.getResultsCount()).isLessThanOrEqualTo(120);
            listed.addAll(page.getResultsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(listed).extracting(RecordResult::getIndex).hasSize(250).isSorted();
    }

    @Test
    void refusesATokenOfAnotherBatch() {
        String one = insert(records(250)).getFirst().getStarted().getBatchId();
        String token =
                served.batches()
                        .listBatchResults(
                                ListBatchResultsRequest.newBuilder()
                                        .setWorkspace("default")
                                        .setBatchId(one)
                                        .build())
                        .getNextPageToken();

        StatusRuntimeException failure =
                Failures.of(() ->
                        served.batches()
                                .listBatchResults(
                                        ListBatchResultsRequest.newBuilder()
                                                .setWorkspace("default")
                                                .setBatchId(UUID.randomUUID().toString())
                                                .setPageToken(token)
                                                .build()));

        assertThat(token).isNotEmpty();
        assertThat(Failures.reason(failure)).isEqualTo("INVALID_REQUEST");
    }

    private List<BatchInsertResponse> insert(List<InsertRecord> records) {
        return drain(
                served.batches()
                        .batchInsert(
                                BatchInsertRequest.newBuilder()
                                        .setWorkspace("default")
                                        .setCollection("notes")
                                        .addAllRecords(records)
                                        .build()));
    }

    private static List<BatchInsertResponse> drain(Iterator<BatchInsertResponse> stream) {
        List<BatchInsertResponse> all = new ArrayList<>();
        stream.forEachRemaining(all::add);
        return all;
    }

    private static List<RecordResult> results(List<BatchInsertResponse> stream) {
        return stream.stream()
                .flatMap(message -> message.getResults().getResultsList().stream())
                .toList();
    }

    private static List<InsertRecord> records(int count) {
        List<InsertRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record("", "{\"title\":\"" + i + "\"}"));
        }
        return records;
    }

    private static InsertRecord record(String id, String json) {
        return InsertRecord.newBuilder().setId(id).setDataJson(json).build();
    }

    private static RetryBatchInsertRequest.Builder retry(String batch) {
        return RetryBatchInsertRequest.newBuilder().setWorkspace("default").setBatchId(batch);
    }
}
