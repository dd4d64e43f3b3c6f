package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.IndexedError;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.ResultView;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that only find out what would happen. */
class DryRunTest {
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
        caller.execute(
                Ops.collection("u", Ops.unique("by_code", "code")),
                Ops.create("u", "taken", "{\"code\":1}"),
                Ops.create("c", "a", "{\"n\":1}"),
                Ops.create("c", "b", "{}"),
                Ops.link("likes", "c", "a", "b"));
    }

    @Test
    void saysWhatTheCallWouldThenDo() throws Exception {
        ExecuteBatchRequest request =
                caller.request(
                                Ops.collection("new", Ops.unique("by_n", "n")),
                                Ops.create("new", "x", "{\"n\":1}"),
                                Ops.update("c", "a", "{\"n\":2}"),
                                Ops.get("c", "a"),
                                Ops.named("made", Ops.create("c", "", "{\"m\":[1.50]}")),
                                Ops.link("likes", "c", "${made.id}", "a"),
                                Ops.upsert("c", "b", "{}"),
                                Ops.unlink("likes", "c", "a", "b"),
                                Ops.delete("c", "b"),
                                Ops.create("c", "b", "{\"again\":true}"),
                                Ops.dropCollection("u"))
                        .setResultView(ResultView.RESULT_VIEW_FULL)
                        .build();
        ExecuteBatchResponse predicted = dryRun(request);
        ExecuteBatchResponse done = server.batches().executeBatch(request);
        assertThat(predicted.getResultsList().stream().map(DryRunTest::settled))
                .containsExactlyElementsOf(
                        done.getResultsList().stream().map(DryRunTest::settled).toList());
        assertThat(predicted.getResults(3).getRecord().getData().getFieldsOrThrow("n"))
                .satisfies(n -> assertThat(n.getNumberValue()).isEqualTo(2));
        assertThat(predicted.hasBatch()).isFalse();
        assertThat(predicted.getReplayed()).isFalse();
    }

    @Test
    void namesNoBatchInItsHeaders() throws Exception {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        server.batches()
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                .executeBatch(dry(Ops.get("c", "a")).build());
        assertThat(headers.get().containsKey(BATCH_ID)).isFalse();
    }

    @Test
    void failsAsTheCallWouldAndSaysThatNothingWasBegun() throws Exception {
        Operation[] operations = {
            Ops.create("c", "fresh", "{}"),
            Ops.create("u", "x", "{\"code\":1}"),
            Ops.create("c", "a", "{}"),
            Ops.link("likes", "c", "${ops[1].id}", "a"),
            Ops.get("c", "nobody")
        };
        Refusal real = caller.refused(operations);
        Contents before = Contents.ofAllTables(server);
        Refusal dry = Refusal.of(() -> server.batches().executeBatch(dry(operations).build()));
        assertThat(Contents.ofAllTables(server)).isEqualTo(before);
        dry.has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION).because(1, 2, 3, 4);
        assertThat(dry.message()).isEqualTo(real.message());
        assertThat(dry.failure().getErrorsList()).isEqualTo(real.failure().getErrorsList());
        assertThat(dry.failure().getErrorsList())
                .extracting(IndexedError::getError)
                .extracting(it -> it.getReason())
                .contains(ERROR_REASON_RECORD_ALREADY_EXISTS, ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(dry.failure().getCommitState()).isEqualTo(CommitState.COMMIT_STATE_NOT_STARTED);
        assertThat(dry.failure().getTotalCount()).isEqualTo(4);
        assertThat(dry.failure().getBatchId()).isEmpty();
        assertThat(dry.metadata()).doesNotContainKey("batch_id");
    }

    @Test
    void answersTheErrorsOfABatchThatGoesOn() throws Exception {
        ExecuteBatchRequest request =
                caller.request(
                                Ops.create("c", "a", "{}"),
                                Ops.update("c", "a", "{\"n\":5}"),
                                Ops.get("c", "a"))
                        .setOnError(OnError.ON_ERROR_CONTINUE)
                        .build();
        ExecuteBatchResponse predicted = dryRun(request);
        ExecuteBatchResponse done = server.batches().executeBatch(request);
        assertThat(predicted.getResultsList())
                .extracting(OperationResult::getOutcome)
                .containsExactly(
                        Outcome.OUTCOME_FAILED, Outcome.OUTCOME_UPDATED, Outcome.OUTCOME_READ);
        assertThat(predicted.getResults(0)).isEqualTo(done.getResults(0));
    }

    @Test
    void claimsNoRequestId() throws Exception {
        ExecuteBatchRequest first = dry(Ops.create("c", "x", "{}")).setRequestId("key").build();
        dryRun(first);
        ExecuteBatchResponse done =
                server.batches()
                        .executeBatch(
                                caller.request(Ops.create("c", "y", "{}"))
                                        .setRequestId("key")
                                        .build());
        assertThat(done.getReplayed()).isFalse();
        ExecuteBatchResponse again = dryRun(first);
        assertThat(again.getReplayed()).isFalse();
        assertThat(again.getResults(0).getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
    }

    @Test
    void checksTheRequestAllTheSame() throws Exception {
        refused(dry(Ops.get("c", "a")).setRequestId("tab\t").build())
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("request_id");
        refused(dry(Ops.get("c", "a")).putLabels("", "v").build())
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
        refused(dry(Ops.get("c", "a")).setWorkspace("nowhere").build())
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        Operation[] many = new Operation[101];
        Arrays.fill(many, Ops.get("c", "a"));
        refused(dry(many).build()).has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
    }

    @Test
    void waitsForNobody() throws Exception {
        Inserter inserter = new Inserter(caller, "c");
        try (RowLock record = RowLock.ofRecord(inserter, "a");
                RowLock collection = RowLock.ofCollection(inserter)) {
            ExecuteBatchResponse reply =
                    server.batches()
                            .withDeadlineAfter(20, SECONDS)
                            .executeBatch(
                                    dry(
                                                    Ops.update("c", "a", "{\"n\":2}"),
                                                    Ops.delete("c", "a"),
                                                    Ops.collection("c", Ops.unique("by_n", "n")))
                                            .build());
            assertThat(reply.getResultsList())
                    .extracting(OperationResult::getOutcome)
                    .containsExactly(
                            Outcome.OUTCOME_UPDATED,
                            Outcome.OUTCOME_DELETED,
                            Outcome.OUTCOME_UPDATED);
            record.awaitNobody();
            collection.awaitNobody();
        }
    }

    private ExecuteBatchRequest.Builder dry(Operation... operations) {
        return caller.request(operations).setValidateOnly(true);
    }

    /** The reply to a call that must leave every table as it is. */
    private static ExecuteBatchResponse dryRun(ExecuteBatchRequest request) throws Exception {
        Contents before = Contents.ofAllTables(server);
        ExecuteBatchResponse reply =
                server.batches().executeBatch(request.toBuilder().setValidateOnly(true).build());
        assertThat(Contents.ofAllTables(server)).isEqualTo(before);
        return reply;
    }

    private static Refusal refused(ExecuteBatchRequest request) throws Exception {
        Contents before = Contents.ofAllTables(server);
        Refusal refusal = Refusal.of(() -> server.batches().executeBatch(request));
        assertThat(Contents.ofAllTables(server)).isEqualTo(before);
        return refusal;
    }

    /** A result without the ids, etags and times that are drawn anew in every call. */
    private static OperationResult settled(OperationResult result) {
        OperationResult.Builder settled = result.toBuilder().clearEtag();
        if (result.getIndex() == 4) {
            settled.clearRecordId();
            settled.getRecordBuilder().clearId();
        }
        if (result.hasRecord()) {
            settled.getRecordBuilder()
                    .clearEtag()
                    .clearCreateTime()
                    .clearUpdateTime()
                    .clearDeleteTime();
        }
        if (result.hasRelationship()) {
            settled.getRelationshipBuilder().clearCreateTime().clearUpdateTime();
            settled.getRelationshipBuilder().getSourceBuilder().clearId();
        }
        if (result.hasCollection()) {
            settled.getCollectionBuilder().clearCreateTime().clearUpdateTime();
        }
        return settled.build();
    }
}
