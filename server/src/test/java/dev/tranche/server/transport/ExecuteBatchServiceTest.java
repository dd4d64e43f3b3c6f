package dev.tranche.server.transport;

import static dev.tranche.server.transport.Failures.detail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.GetRecord;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.Record;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ExecuteBatchServiceTest {
    private static final Metadata.Key<String> BATCH_ID =
            Metadata.Key.of("tranche-batch-id", Metadata.ASCII_STRING_MARSHALLER);

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
    void answersWithTheBatchAndAResultPerOperation() {
        ExecuteBatchResponse response =
                served.execute(create("a", "{\"title\":\"one\"}"), get("a"));

        assertThat(response.getBatch().getState()).isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
        assertThat(response.getBatch().getTotalCount()).isEqualTo(2);
        assertThat(response.getBatch().hasCompleteTime()).isTrue();
        assertThat(response.getResults(0).getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
        assertThat(response.getResults(0).getEtag()).hasSize(16);
        Record read = response.getResults(1).getRecord();
        assertThat(read.getData().getFieldsOrThrow("title").getStringValue()).isEqualTo("one");
        assertThat(read.getCreatedBy()).isEqualTo("anonymous");
    }

    @Test
    void namesTheBatchInAHeader() {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        ExecuteBatchResponse response =
                served.batches()
                        .withInterceptors(
                                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                        .executeBatch(request(create("a", "{}")).build());

        assertThat(headers.get().get(BATCH_ID)).isEqualTo(response.getBatch().getBatchId());
    }

    @Test
    void failsWithTrailersOnly() {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        StatusRuntimeException failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                served.batches()
                                        .withInterceptors(
                                                MetadataUtils.newCaptureMetadataInterceptor(
                                                        headers, trailers))
                                        .executeBatch(request(get("nobody")).build()));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
        assertThat(headers.get()).isNull();
    }

    @Test
    void reportsEveryFailureOfABatchThatIsRolledBack() {
        served.execute(create("a", "{\"title\":\"one\"}"));

        StatusRuntimeException failure =
                failure(
                        request(
                                create("b", "{\"title\":\"two\"}"),
                                create("c", "{\"title\":\"one\"}"),
                                get("nobody")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.ALREADY_EXISTS);
        ErrorInfo info = detail(failure, ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("UNIQUE_CONSTRAINT_VIOLATION");
        assertThat(info.getDomain()).isEqualTo("tranche.dev");
        assertThat(info.getMetadataMap())
                .containsEntry("index", "1")
                .containsEntry("constraint", "unique")
                .containsEntry("existing_record_id", "a");
        BatchFailure batch = detail(failure, BatchFailure.class);
        assertThat(batch.getTotalCount()).isEqualTo(2);
        assertThat(batch.getCommitState()).isEqualTo(CommitState.COMMIT_STATE_ROLLED_BACK);
        assertThat(batch.getBatchId()).isEqualTo(info.getMetadataOrThrow("batch_id"));
        assertThat(batch.getErrorsList())
                .extracting(one -> one.getIndex(), one -> one.getError().getReason())
                .containsExactly(
                        tuple(1, ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION),
                        tuple(2, ErrorReason.ERROR_REASON_RECORD_NOT_FOUND));
        assertThat(served.store.records()).hasSize(1);
    }

    @Test
    void keepsTheAccountOfABatchThatFailed() {
        StatusRuntimeException failure = failure(request(create("a", "{}"), get("nobody")));
        String id = detail(failure, ErrorInfo.class).getMetadataOrThrow("batch_id");

        var batch =
                served.batches()
                        .getBatch(
                                GetBatchRequest.newBuilder()
                                        .setWorkspace("default")
                                        .setBatchId(id)
                                        .build());
        var results =
                served.batches()
                        .listBatchResults(
                                ListBatchResultsRequest.newBuilder()
                                        .setWorkspace("default")
                                        .setBatchId(id)
                                        .build());

        assertThat(batch.getState()).isEqualTo(BatchState.BATCH_STATE_FAILED);
        assertThat(batch.getFailure().getReason())
                .isEqualTo(ErrorReason.ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(results.getResultsList())
                .extracting(result -> result.getOutcome())
                .containsExactly(Outcome.OUTCOME_ROLLED_BACK, Outcome.OUTCOME_FAILED);
    }

    @Test
    void goesOnWithTheOthersUnderContinue() {
        ExecuteBatchResponse response =
                served.batches()
                        .executeBatch(
                                request(get("nobody"), create("a", "{}"))
                                        .setOnError(OnError.ON_ERROR_CONTINUE)
                                        .build());

        assertThat(response.getBatch().getState())
                .isEqualTo(BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(response.getResults(0).getError().getReason())
                .isEqualTo(ErrorReason.ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(response.getResults(0).getError().getCode())
                .isEqualTo(com.google.rpc.Code.NOT_FOUND);
        assertThat(response.getResults(1).getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
    }

    @Test
    void refusesAMalformedRequestAsAWholeAndKeepsNoAccount() {
        int before = served.store.batches().size();

        StatusRuntimeException failure =
                failure(request(create("a", "{}"), create("b", "{\"title\":}")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(detail(failure, ErrorInfo.class).getReason()).isEqualTo("INVALID_REQUEST");
        assertThat(detail(failure, BadRequest.class).getFieldViolationsList())
                .extracting(one -> one.getField())
                .containsExactly("operations[1].create_record.data_json");
        assertThat(served.store.batches()).hasSize(before);
    }

    @Test
    void answersJsonAsItWasWrittenIfAsked() {
        String text = "{ \"title\" : 1.10 }";
        ExecuteBatchResponse response =
                served.batches()
                        .executeBatch(
                                request(create("a", text), get("a"))
                                        .setDataFormat(DataFormat.DATA_FORMAT_JSON)
                                        .build());

        assertThat(response.getResults(1).getRecord().getDataJson()).isEqualTo(text);
    }

    @Test
    void answersANumberThatADoubleCannotHoldAsText() {
        String text = "{\"title\":9007199254740993}";
        ExecuteBatchResponse response = served.execute(create("a", text), get("a"));

        assertThat(response.getResults(1).getRecord().getDataJson()).isEqualTo(text);
    }

    @Test
    void givesTheFirstReplyAgainForARequestId() {
        ExecuteBatchRequest request =
                request(create("", "{\"title\":\"x\"}")).setRequestId("once").build();

        ExecuteBatchResponse first = served.batches().executeBatch(request);
        ExecuteBatchResponse second = served.batches().executeBatch(request);

        assertThat(second.getReplayed()).isTrue();
        assertThat(second.getResultsList()).isEqualTo(first.getResultsList());
    }

    @Test
    void refusesAReplyThatIsTooLargeBeforeItWritesAnything() {
        try (Served small = Served.inProcess(Served.limits(smallReplies()))) {
            small.collection("notes");
            String large = "{\"text\":\"" + "x".repeat(40_000) + "\"}";

            StatusRuntimeException failure =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () ->
                                    small.execute(
                                            create("a", large),
                                            create("b", large),
                                            get("a"),
                                            get("b")));

            assertThat(failure.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
            ErrorInfo info = detail(failure, ErrorInfo.class);
            assertThat(info.getReason()).isEqualTo("RESPONSE_TOO_LARGE");
            assertThat(info.getMetadataMap()).containsEntry("limit", "65536");
            assertThat(small.store.records()).isEmpty();
        }
    }

    @Test
    void refusesBatchesThatAreSwitchedOff() {
        ServerLimits off = new ServerLimits(Served.batches(false), Served.CALLS, Served.CONNECTION);
        try (Served closed = Served.inProcess(off)) {
            StatusRuntimeException failure =
                    catchThrowableOfType(
                            StatusRuntimeException.class, () -> closed.execute(get("a")));

            assertThat(failure.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(detail(failure, ErrorInfo.class).getReason()).isEqualTo("BATCH_DISABLED");
        }
    }

    @Test
    void saysNothingOfABugButItsNumber() {
        served.store.beforeCommit(() -> {
            throw new IllegalStateException("secret");
        });

        StatusRuntimeException failure = failure(request(create("a", "{}")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.INTERNAL);
        assertThat(failure.getStatus().getDescription()).matches("internal error [0-9a-f]{8}");
    }

    private StatusRuntimeException failure(ExecuteBatchRequest.Builder request) {
        return catchThrowableOfType(
                StatusRuntimeException.class, () -> served.batches().executeBatch(request.build()));
    }

    private static ServerLimits.Calls smallReplies() {
        return new ServerLimits.Calls(
                1 << 20,
                64 << 10,
                10,
                1 << 20,
                10,
                1 << 20,
                Served.CALLS.stallMax(),
                Served.CALLS.heartbeatInterval(),
                Served.CALLS.shutdownGrace());
    }

    private static ExecuteBatchRequest.Builder request(Operation... operations) {
        return ExecuteBatchRequest.newBuilder()
                .setWorkspace("default")
                .addAllOperations(List.of(operations));
    }

    private static Operation create(String id, String json) {
        return Operation.newBuilder()
                .setCreateRecord(
                        CreateRecord.newBuilder()
                                .setCollection("notes")
                                .setId(id)
                                .setDataJson(json))
                .build();
    }

    private static Operation get(String id) {
        return Operation.newBuilder()
                .setGetRecord(GetRecord.newBuilder().setCollection("notes").setId(id))
                .build();
    }
}
