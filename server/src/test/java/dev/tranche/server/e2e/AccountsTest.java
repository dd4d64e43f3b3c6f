package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.Outcome.OUTCOME_FAILED;
import static dev.tranche.v1.Outcome.OUTCOME_INSERTED;
import static dev.tranche.v1.Outcome.OUTCOME_ROLLED_BACK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchKind;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.RecordResult;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The account that the server keeps of an ExecuteBatch. */
class AccountsTest {
    private static final Metadata.Key<String> BATCH_ID =
            Metadata.Key.of("tranche-batch-id", Metadata.ASCII_STRING_MARSHALLER);

    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
    }

    @Test
    void sendsTheBatchIdInTheHeaderToo() throws Exception {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        var batches =
                caller.batches()
                        .withInterceptors(
                                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
        ExecuteBatchResponse reply =
                batches.executeBatch(caller.request(Ops.create("c", "a", "{}")).build());
        assertThat(headers.get().get(BATCH_ID)).isEqualTo(reply.getBatch().getBatchId());
        assertThat(UUID.fromString(reply.getBatch().getBatchId()).version()).isEqualTo(7);
    }

    @Test
    void failsWithTrailersOnly() throws Exception {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        var batches =
                caller.batches()
                        .withInterceptors(
                                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
        Refusal.of(() -> batches.executeBatch(caller.request(Ops.delete("c", "a")).build()));
        assertThat(headers.get()).isNull();
        assertThat(trailers.get()).isNotNull();
    }

    @Test
    void keepsTheAccountOfABatchThatSucceeded() throws Exception {
        var request =
                caller.request(Ops.create("c", "a", "{}"), Ops.get("c", "a"))
                        .setRequestId("the key")
                        .build();
        ExecuteBatchResponse reply = caller.batches().executeBatch(request);
        Batch batch = reply.getBatch();
        assertThat(byId(batch.getBatchId())).isEqualTo(batch);
        assertThat(byRequestId("the key")).isEqualTo(batch);
        assertThat(batch.getWorkspace()).isEqualTo(caller.workspace());
        assertThat(batch.getKind()).isEqualTo(BatchKind.BATCH_KIND_EXECUTE);
        assertThat(batch.getState()).isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
        assertThat(batch.getRequestId()).isEqualTo("the key");
        assertThat(batch.getOnError()).isEqualTo(OnError.ON_ERROR_ROLLBACK);
        assertThat(batch.getTotalCount()).isEqualTo(2);
        assertThat(batch.getSucceededCount()).isEqualTo(2);
        assertThat(batch.hasCompleteTime()).isTrue();
        assertThat(batch.getCreatedBy().getId()).isEqualTo("anonymous");
        assertThat(batch.getCreatedBy().getName()).isEqualTo("Anonymous");
        assertThat(batch.hasFailure()).isFalse();
        List<RecordResult> results = results(batch.getBatchId());
        assertThat(results).extracting(RecordResult::getIndex).containsExactly(0, 1);
        assertThat(results.getFirst().getOutcome()).isEqualTo(OUTCOME_INSERTED);
        assertThat(results.getFirst().getRecordId()).isEqualTo("a");
        assertThat(results.getFirst().getEtag()).isEqualTo(reply.getResults(0).getEtag());
        assertThat(results.getFirst().getAttempt()).isEqualTo(1);
    }

    @Test
    void keepsTheAccountOfABatchThatFailedWithItsErrors() throws Exception {
        Refusal refusal =
                caller.refused(() ->
                        caller.batches()
                                .executeBatch(
                                        caller.request(
                                                        Ops.create("c", "a", "{}"),
                                                        Ops.delete("c", "nobody"))
                                                .setRequestId("key")
                                                .build()));
        refusal.has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND).because(1);
        String batchId = refusal.failure().getBatchId();
        assertThat(refusal.metadata()).containsEntry("batch_id", batchId);
        Batch batch = byId(batchId);
        assertThat(byRequestId("key")).isEqualTo(batch);
        assertThat(batch.getState()).isEqualTo(BatchState.BATCH_STATE_FAILED);
        assertThat(batch.getTotalCount()).isEqualTo(2);
        assertThat(batch.getFailedCount()).isEqualTo(1);
        assertThat(batch.getNotAppliedCount()).isEqualTo(1);
        assertThat(batch.getFailure().getReason()).isEqualTo(ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(batch.getFailure().getCode()).isEqualTo(Code.NOT_FOUND);
        List<RecordResult> results = results(batchId);
        assertThat(results)
                .extracting(RecordResult::getOutcome)
                .containsExactly(OUTCOME_ROLLED_BACK, OUTCOME_FAILED);
        assertThat(results.get(1).getError()).isEqualTo(refusal.error(1));
    }

    @Test
    void keepsEveryErrorAlsoWhereTheStatusHasNoRoomForAll() throws Exception {
        Operation[] operations = new Operation[100];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = Ops.delete("c", "somebody with quite a long name who is missing " + i);
        }
        Refusal refusal = caller.refused(operations);
        refusal.has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(refusal.failure().getTotalCount()).isEqualTo(100);
        assertThat(refusal.failure().getErrorsCount()).isBetween(1, 99);
        assertThat(refusal.encodedSize()).isLessThan(4096);
        assertThat(refusal.message().getBytes(UTF_8)).hasSizeLessThan(512);
        List<RecordResult> results = results(refusal.failure().getBatchId());
        assertThat(results).hasSize(100).allMatch(one -> one.getOutcome() == OUTCOME_FAILED);
        assertThat(results.getLast().getError().getMessage()).contains("missing 99");
    }

    @Test
    void staysSmallWhateverTheCallerSent() throws Exception {
        String long129 = "🙂".repeat(32) + "x";
        Operation[] operations = new Operation[100];
        for (int i = 0; i < operations.length; i++) {
            operations[i] =
                    Ops.named("a" + i, Ops.create("c", long129, "{\"" + "\\n".repeat(5000) + "}"));
        }
        Refusal refusal = caller.refused(operations);
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
        assertThat(refusal.encodedSize()).isLessThan(4096);
        assertThat(refusal.message().getBytes(UTF_8)).hasSizeLessThan(512);
    }

    @Test
    void pagesThroughResults() throws Exception {
        Operation[] operations = new Operation[7];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = Ops.create("c", "r" + i, "{}");
        }
        String batchId = caller.execute(operations).getBatch().getBatchId();
        List<Integer> sizes = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        String token = "";
        do {
            ListBatchResultsResponse page =
                    caller.batches().listBatchResults(page(batchId, 3, token));
            sizes.add(page.getResultsCount());
            page.getResultsList().forEach(one -> indexes.add(one.getIndex()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(sizes).containsExactly(3, 3, 1);
        assertThat(indexes).containsExactly(0, 1, 2, 3, 4, 5, 6);
        caller.refused(() -> caller.batches().listBatchResults(page(batchId, 3, "forged")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("page_token");
        caller.refused(() -> caller.batches().listBatchResults(page(batchId, -1, "")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("page_size");
    }

    @Test
    void knowsNoBatchOfAnotherWorkspace() throws Exception {
        String batchId = caller.execute(Ops.create("c", "a", "{}")).getBatch().getBatchId();
        Caller other = Caller.of(server);
        other.refused(() ->
                        other.batches()
                                .getBatch(
                                        GetBatchRequest.newBuilder()
                                                .setWorkspace(other.workspace())
                                                .setBatchId(batchId)
                                                .build()))
                .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
        other.refused(() ->
                        other.batches()
                                .listBatchResults(
                                        page(batchId, 0, "").toBuilder()
                                                .setWorkspace(other.workspace())
                                                .build()))
                .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
        caller.refused(() -> byRequestId("no such key"))
                .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
        caller.refused(() -> byId("no such id")).has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
    }

    @Test
    void demandsOneKeyOfABatch() throws Exception {
        caller.refused(() ->
                        caller.batches()
                                .getBatch(
                                        GetBatchRequest.newBuilder()
                                                .setWorkspace(caller.workspace())
                                                .build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    private Batch byId(String batchId) throws Exception {
        return caller.batches()
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setBatchId(batchId)
                                .build());
    }

    private Batch byRequestId(String requestId) throws Exception {
        return caller.batches()
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setRequestId(requestId)
                                .build());
    }

    private List<RecordResult> results(String batchId) throws Exception {
        return caller.batches().listBatchResults(page(batchId, 1000, "")).getResultsList();
    }

    private ListBatchResultsRequest page(String batchId, int size, String token) {
        return ListBatchResultsRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setBatchId(batchId)
                .setPageSize(size)
                .setPageToken(token)
                .build();
    }
}
