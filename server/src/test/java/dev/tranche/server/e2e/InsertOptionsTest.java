package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.replacement;
import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.BatchState.BATCH_STATE_FAILED;
import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_REQUIRED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.Outcome.OUTCOME_FAILED;
import static dev.tranche.v1.Outcome.OUTCOME_INSERTED;
import static dev.tranche.v1.Outcome.OUTCOME_NOT_ATTEMPTED;
import static dev.tranche.v1.Outcome.OUTCOME_ROLLED_BACK;
import static dev.tranche.v1.Outcome.OUTCOME_SKIPPED;
import static dev.tranche.v1.Outcome.OUTCOME_UNCHANGED;
import static dev.tranche.v1.Outcome.OUTCOME_UPDATED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Atomicity;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.OnConflict;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.ResultFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the records of a BatchInsert are inserted. */
class InsertOptionsTest {
    private static final int CHUNK = 10;
    private static final int CHUNK_BYTES_MAX = 4_096;
    private static final int ALL_RECORDS_MAX = 25;

    private static TestServer server;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server =
                TestServer.start(
                        "--chunk-records-max=" + CHUNK,
                        "--chunk-bytes-max=" + CHUNK_BYTES_MAX,
                        "--all-records-max=" + ALL_RECORDS_MAX);
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
                                Ops.unique("by_n", "n"),
                                Ops.unique("by_m", "m")));
    }

    @Test
    void skipsWhatIsThereAlreadyAndSaysWhichRecordThatIs() throws Exception {
        inserter.insert(row("a", "{\"n\":1}"), row("b", "{\"m\":1}"));
        InsertReply reply =
                insert(
                        skip(),
                        row("a", "{\"n\":5}"),
                        row("{\"n\":1}"),
                        row("{\"n\":1,\"m\":1}"),
                        row("{\"n\":\"no\"}"),
                        row("c", "{\"n\":6}"),
                        row("{\"n\":6}"));
        assertThat(outcomes(reply))
                .containsExactly(
                        OUTCOME_SKIPPED,
                        OUTCOME_SKIPPED,
                        OUTCOME_SKIPPED,
                        OUTCOME_FAILED,
                        OUTCOME_INSERTED,
                        OUTCOME_SKIPPED);
        assertThat(reply.results())
                .extracting(RecordResult::getRecordId)
                .containsExactly("a", "a", "a", "", "c", "c");
        assertThat(reply.error(3).getReason()).isEqualTo(ERROR_REASON_SCHEMA_VIOLATION);
        assertThat(reply.summary().getSkippedCount()).isEqualTo(4);
        assertThat(reply.summary().getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(inserter.storedResults(reply.batchId(), 4)).isEqualTo(reply.results());
        assertThat(inserter.stored()).isEqualTo(3);
    }

    @Test
    void leavesWhatWasSkippedAsItIsInARetry() throws Exception {
        inserter.insert(row("a", "{}"));
        InsertReply first = insert(skip(), row("a", "{}"), row("{"));
        InsertReply retry =
                inserter.retry(
                        inserter.retryOf(first.batchId())
                                .addRetryIndices(0)
                                .addReplacements(replacement(1, row("b", "{}"))));
        assertThat(outcomes(retry)).containsExactly(OUTCOME_SKIPPED, OUTCOME_INSERTED);
        assertThat(retry.result(0)).isEqualTo(first.result(0));
        assertThat(retry.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
    }

    @Test
    void countsABatchOfWhichAllIsSkippedAsSucceeded() throws Exception {
        inserter.insert(row("a", "{}"));
        InsertReply reply = insert(skip(), row("a", "{\"n\":1}"));
        assertThat(reply.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(reply.summary().getSucceededCount()).isZero();
    }

    @Test
    void revivesADeletedIdThoughConflictsAreSkipped() throws Exception {
        inserter.insert(row("a", "{}"));
        inserter.caller().execute(Ops.delete("items", "a"));
        RecordResult result = insert(skip(), row("a", "{}")).result(0);
        assertThat(result.getOutcome()).isEqualTo(OUTCOME_INSERTED);
        assertThat(result.getVersion()).isEqualTo(3);
    }

    @Test
    void updatesTheRecordsThatTheIdsMean() throws Exception {
        inserter.insert(row("a", "{\"n\":1}"), row("b", "{\"n\":2}"));
        InsertReply reply =
                insert(
                        update(),
                        row("a", "{\"n\":10}"),
                        row("b", "{\"n\":2}"),
                        row("c", "{\"n\":3}"),
                        row("c", "{\"n\":4}"),
                        row("d", "{\"n\":2}"),
                        row("{\"n\":7}"));
        assertThat(outcomes(reply))
                .containsExactly(
                        OUTCOME_UPDATED,
                        OUTCOME_UNCHANGED,
                        OUTCOME_INSERTED,
                        OUTCOME_UPDATED,
                        OUTCOME_FAILED,
                        OUTCOME_FAILED);
        assertThat(reply.error(4).getReason()).isEqualTo(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(reply.error(4).getExistingRecordId()).isEqualTo("b");
        assertThat(reply.error(5).getReason()).isEqualTo(ERROR_REASON_INVALID_REQUEST);
        assertThat(reply.error(5).getFieldViolationsList())
                .extracting(FieldViolation::getPath)
                .containsExactly("records[5].id");
    }

    @Test
    void updatesTheRecordsThatAConstraintMeans() throws Exception {
        inserter.insert(row("a", "{\"n\":1}"), row("b", "{\"m\":2}"));
        InsertReply reply =
                insert(
                        update().setConflictConstraint("by_n"),
                        row("{\"n\":1,\"x\":1}"),
                        row("{\"n\":2}"),
                        row("{\"n\":2,\"x\":2}"),
                        row("{\"n\":1,\"m\":2}"),
                        row("{\"x\":1}"),
                        row("e", "{\"n\":9}"));
        assertThat(outcomes(reply))
                .containsExactly(
                        OUTCOME_UPDATED,
                        OUTCOME_INSERTED,
                        OUTCOME_UPDATED,
                        OUTCOME_FAILED,
                        OUTCOME_FAILED,
                        OUTCOME_FAILED);
        assertThat(reply.result(0).getRecordId()).isEqualTo("a");
        assertThat(reply.result(0).getVersion()).isEqualTo(2);
        assertThat(reply.error(3).getConstraint()).isEqualTo("by_m");
        assertThat(reply.error(3).getExistingRecordId()).isEqualTo("b");
        assertThat(reply.error(4).getReason()).isEqualTo(ERROR_REASON_INVALID_REQUEST);
        assertThat(reply.error(5).getFieldViolations(0).getPath()).isEqualTo("records[5].id");
    }

    @Test
    void refusesAConstraintThatTheCollectionDoesNotHave() throws Exception {
        BatchInsertRequest request =
                update().setConflictConstraint("by_x").addRecords(row("{\"n\":1}")).build();
        Refusal.of(() -> InsertReply.of(inserter.caller().batches().batchInsert(request)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("conflict_constraint");
        assertThat(inserter.stored()).isZero();
    }

    @Test
    void updatesNothingThatDemandsAnEtag() throws Exception {
        var definition = Ops.collection("careful").toBuilder();
        definition.getUpsertCollectionBuilder().setIfMatchRequired(true);
        inserter.caller().execute(definition.build());
        Inserter careful = new Inserter(inserter.caller(), "careful");
        careful.insert(row("a", "{}"));
        BatchInsertRequest.Builder request =
                careful.request(List.of(row("a", "{\"n\":1}"), row("b", "{}"))).toBuilder()
                        .setOnConflict(OnConflict.ON_CONFLICT_UPDATE);
        InsertReply reply = careful.insert(request);
        assertThat(reply.error(0).getReason()).isEqualTo(ERROR_REASON_ETAG_REQUIRED);
        assertThat(reply.result(1).getOutcome()).isEqualTo(OUTCOME_INSERTED);
    }

    @Test
    void writesAllOrNothing() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 20));
        records.set(7, row("{\"n\":6}"));
        records.set(9, row("{\"n\":\"no\"}"));
        InsertReply reply = insert(all(), records);
        for (int i = 0; i < 20; i++) {
            assertThat(reply.result(i).getOutcome())
                    .isEqualTo(i == 7 || i == 9 ? OUTCOME_FAILED : OUTCOME_ROLLED_BACK);
        }
        assertThat(reply.error(7).getEarlierIndex()).isEqualTo(6);
        assertThat(reply.summary().getState()).isEqualTo(BATCH_STATE_FAILED);
        assertThat(reply.summary().getFailedCount()).isEqualTo(2);
        assertThat(reply.summary().getNotAppliedCount()).isEqualTo(18);
        assertThat(inserter.stored()).isZero();
        assertThat(inserter.storedResults(reply.batchId(), 7)).isEqualTo(reply.results());
        assertThat(insert(all(), numbered(0, 20)).summary().getState())
                .isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(inserter.stored()).isEqualTo(20);
    }

    @Test
    void retriesAllOrNothingAsAWhole() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 12));
        records.set(7, row("{\"n\":6}"));
        String id = insert(all(), records).batchId();
        Refusal.of(() -> inserter.retry(inserter.retryOf(id).addRetryIndices(7)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("retry_indices");
        InsertReply again = inserter.retry(inserter.retryOf(id));
        assertThat(again.failed()).containsExactly(7);
        assertThat(again.results()).hasSize(12);
        assertThat(inserter.stored()).isZero();
        InsertReply mended =
                inserter.retry(
                        inserter.retryOf(id).addReplacements(replacement(7, row("{\"n\":7}"))));
        assertThat(mended.results())
                .extracting(RecordResult::getOutcome)
                .containsOnly(OUTCOME_INSERTED);
        assertThat(mended.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(mended.summary().getAttempt()).isEqualTo(3);
        assertThat(inserter.stored()).isEqualTo(12);
    }

    @Test
    void takesNoMoreRecordsAllOrNothingThanTheLimit() throws Exception {
        assertThat(insert(all(), numbered(0, ALL_RECORDS_MAX)).summary().getState())
                .isEqualTo(BATCH_STATE_SUCCEEDED);
        Refusal refusal = Refusal.of(() -> insert(all(), numbered(100, 101 + ALL_RECORDS_MAX)));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
        assertThat(refusal.message()).contains("--all-records-max").contains("26").contains("25");
    }

    @Test
    void endsAtTheFirstFailureIfOrdered() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 35));
        records.set(14, row("{\"n\":3}"));
        records.set(15, row("{\"n\":3}"));
        InsertReply reply = insert(builder().setOrdered(true), records);
        assertEndsAfter(reply, 14, 35);
        assertThat(reply.failed()).containsExactly(14);
        assertThat(inserter.stored()).isEqualTo(14);
        assertThat(reply.summary().getInsertOptions().getOrdered()).isTrue();
        InsertReply rest =
                inserter.retry(
                        inserter.retryOf(reply.batchId())
                                .addReplacements(replacement(20, row("{\"n\":20}")))
                                .addReplacements(replacement(14, row("{\"n\":14}"))));
        assertThat(rest.summary().getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(rest.summary().getSucceededCount()).isEqualTo(16);
    }

    @Test
    void endsWithTheFailureThatMakesTooMany() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 30));
        for (int i : List.of(1, 9, 19, 25)) {
            records.set(i, row("{\"n\":0}"));
        }
        InsertReply reply = insert(builder().setMaxFailures(3), records);
        assertEndsAfter(reply, 19, 30);
        assertThat(reply.failed()).containsExactly(1, 9, 19);
        assertThat(reply.summary().getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        InsertReply enough =
                insert(builder().setMaxFailures(31), Collections.nCopies(30, row("a", "{}")));
        assertThat(enough.failed()).hasSize(29);
        assertThat(enough.summary().getNotAppliedCount()).isZero();
    }

    @Test
    void countsRecordsThatCannotBeReadAsFailures() throws Exception {
        InsertReply reply =
                insert(builder().setOrdered(true), row("{\"n\":1}"), row("{"), row("{\"n\":2}"));
        assertThat(outcomes(reply))
                .containsExactly(OUTCOME_INSERTED, OUTCOME_FAILED, OUTCOME_NOT_ATTEMPTED);
        assertThat(inserter.stored()).isEqualTo(1);
    }

    @Test
    void sendsOnlyFailuresIfAsked() throws Exception {
        List<InsertRecord> records = new ArrayList<>(numbered(0, 25));
        records.set(3, row("{\"n\":2}"));
        records.set(24, row("{\"n\":2}"));
        InsertReply reply =
                insert(
                        builder().setResultFilter(ResultFilter.RESULT_FILTER_FAILURES_ONLY),
                        records);
        assertThat(reply.indexes()).containsExactly(3, 24);
        assertThat(reply.summary().getSucceededCount()).isEqualTo(23);
        assertThat(inserter.storedResults(reply.batchId(), 100)).hasSize(25);
    }

    @Test
    void predictsWithoutWriting() throws Exception {
        inserter.insert(row("a", "{\"n\":1}"));
        List<InsertRecord> records = new ArrayList<>(numbered(1, 25));
        records.add(row("x", "{\"n\":5}"));
        InsertReply predicted =
                insert(builder().setValidateOnly(true).setRequestId("key"), records);
        assertThat(predicted.batchId()).isEmpty();
        assertThat(predicted.failed()).containsExactly(0, 24);
        assertThat(predicted.error(0).getExistingRecordId()).isEqualTo("a");
        assertThat(predicted.error(24).getEarlierIndex()).isEqualTo(4);
        assertThat(inserter.stored()).isEqualTo(1);
        InsertReply real = insert(builder().setRequestId("key"), records);
        assertThat(outcomes(real)).isEqualTo(outcomes(predicted));
        assertThat(real.summary().getState()).isEqualTo(predicted.summary().getState());
    }

    @Test
    void predictsEndsAndRollbacks() throws Exception {
        List<InsertRecord> records = List.of(row("{\"n\":1}"), row("{\"n\":1}"), row("{\"n\":2}"));
        assertThat(outcomes(insert(builder().setValidateOnly(true).setOrdered(true), records)))
                .containsExactly(OUTCOME_INSERTED, OUTCOME_FAILED, OUTCOME_NOT_ATTEMPTED);
        InsertReply all = insert(all().setValidateOnly(true), records);
        assertThat(outcomes(all))
                .containsExactly(OUTCOME_ROLLED_BACK, OUTCOME_FAILED, OUTCOME_ROLLED_BACK);
        assertThat(all.summary().getState()).isEqualTo(BATCH_STATE_FAILED);
    }

    @Test
    void commitsARecordLargerThanAChunkAlone() throws Exception {
        String large = "{\"t\":\"" + "x".repeat(2 * CHUNK_BYTES_MAX) + "\"}";
        InsertReply reply =
                inserter.insert(row("a", "{}"), row("b", "{}"), row("c", large), row("d", "{}"));
        assertThat(outcomes(reply)).containsOnly(OUTCOME_INSERTED).hasSize(4);
        assertThat(inserter.caller().data("items", "c")).isEqualTo(large);
        assertThat(chunks(reply.batchId())).containsExactly(0, 2, 3);
    }

    @Test
    void beginsACallOfEightChunksWithAQuarterOfOne() throws Exception {
        assertThat(chunks(inserter.insert(Collections.nCopies(79, row("{}"))).batchId()))
                .containsExactly(0, 10, 20, 30, 40, 50, 60, 70);
        assertThat(chunks(inserter.insert(Collections.nCopies(80, row("{}"))).batchId()))
                .containsExactly(0, 2, 12, 22, 32, 42, 52, 62, 72);
    }

    /** The first index of every chunk. */
    private static List<Integer> chunks(String batchId) throws Exception {
        List<Integer> first = new ArrayList<>();
        String sql = "SELECT first_index FROM batch_result WHERE batch_id = ? ORDER BY first_index";
        try (Connection connection = server.connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, batchId);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    first.add(found.getInt(1));
                }
            }
        }
        return first;
    }

    @Test
    void echoesOptionsAndLabels() throws Exception {
        Batch batch =
                insert(
                                update().setConflictConstraint("by_n")
                                        .setMaxFailures(4)
                                        .putLabels("team", "search"),
                                row("{\"n\":1}"))
                        .summary();
        assertThat(batch.getInsertOptions().getOnConflict())
                .isEqualTo(OnConflict.ON_CONFLICT_UPDATE);
        assertThat(batch.getInsertOptions().getConflictConstraint()).isEqualTo("by_n");
        assertThat(batch.getInsertOptions().getAtomicity())
                .isEqualTo(Atomicity.ATOMICITY_PER_RECORD);
        assertThat(batch.getInsertOptions().getMaxFailures()).isEqualTo(4);
        assertThat(batch.getLabelsMap()).containsEntry("team", "search");
        assertThat(inserter.account(batch.getBatchId())).isEqualTo(batch);
    }

    @Test
    void refusesOptionsThatContradictEachOther() throws Exception {
        assertInvalid(builder().setConflictConstraint("by_n"), "conflict_constraint");
        assertInvalid(skip().setConflictConstraint("by_n"), "conflict_constraint");
        assertInvalid(update().setConflictConstraint("by n"), "conflict_constraint");
        assertInvalid(builder().setOrdered(true).setMaxFailures(1), "max_failures");
        assertInvalid(builder().setMaxFailures(-1), "max_failures");
        assertInvalid(all().setOrdered(true), "ordered");
        assertInvalid(all().setMaxFailures(1), "max_failures");
        assertInvalid(builder().setOnConflictValue(99), "on_conflict");
        assertInvalid(builder().setAtomicityValue(99), "atomicity");
        assertInvalid(builder().setResultFilterValue(99), "result_filter");
        assertInvalid(builder().setRequestId("a\nb"), "request_id");
        assertInvalid(builder().setRequestId("k".repeat(65)), "request_id");
        assertInvalid(builder().putLabels("k", "v".repeat(10_000)), "labels[\"k\"]");
        assertThat(inserter.stored()).isZero();
    }

    @Test
    void retriesSkipsAndUpdatesAsTheyWereFirstTried() throws Exception {
        inserter.insert(row("a", "{\"n\":1}"));
        String skipped = insert(skip(), row("{\"n\":\"no\"}")).batchId();
        InsertReply again =
                inserter.retry(
                        inserter.retryOf(skipped)
                                .addReplacements(replacement(0, row("{\"n\":1}"))));
        assertThat(outcomes(again)).containsExactly(OUTCOME_SKIPPED);
        assertThat(again.summary().getFailedCount()).isZero();
        assertThat(again.summary().getSkippedCount()).isEqualTo(1);
        String updated = insert(update(), row("a", "{\"n\":\"no\"}")).batchId();
        assertThat(
                        outcomes(
                                inserter.retry(
                                        inserter.retryOf(updated)
                                                .addReplacements(
                                                        replacement(0, row("a", "{\"n\":2}"))))))
                .containsExactly(OUTCOME_UPDATED);
    }

    @Test
    void updatesPastConstraintsIfARetrySaysSo() throws Exception {
        inserter.insert(row("a", "{\"n\":1}"), row("b", "{\"n\":2}"));
        String id = insert(update(), row("a", "{\"n\":2,\"x\":1}")).batchId();
        InsertReply forced = inserter.retry(inserter.retryOf(id).setIgnoreConstraints(true));
        assertThat(outcomes(forced)).containsExactly(OUTCOME_UPDATED);
        assertThat(forced.result(0).getVersion()).isEqualTo(2);
    }

    private void assertInvalid(BatchInsertRequest.Builder request, String path) throws Exception {
        Refusal.of(() -> insert(request, row("{\"n\":77}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at(path);
    }

    private static void assertEndsAfter(InsertReply reply, int last, int count) {
        assertThat(reply.indexes()).isEqualTo(IntStream.range(0, count).boxed().toList());
        for (int i = 0; i < count; i++) {
            assertThat(reply.result(i).getOutcome() == OUTCOME_NOT_ATTEMPTED).isEqualTo(i > last);
        }
        assertThat(reply.summary().getNotAppliedCount()).isEqualTo(count - last - 1);
    }

    private BatchInsertRequest.Builder builder() {
        return inserter.request(List.of()).toBuilder();
    }

    private BatchInsertRequest.Builder skip() {
        return builder().setOnConflict(OnConflict.ON_CONFLICT_SKIP);
    }

    private BatchInsertRequest.Builder update() {
        return builder().setOnConflict(OnConflict.ON_CONFLICT_UPDATE);
    }

    private BatchInsertRequest.Builder all() {
        return builder().setAtomicity(Atomicity.ATOMICITY_ALL);
    }

    private InsertReply insert(BatchInsertRequest.Builder request, InsertRecord... records)
            throws Exception {
        return insert(request, List.of(records));
    }

    private InsertReply insert(BatchInsertRequest.Builder request, List<InsertRecord> records)
            throws Exception {
        return inserter.insert(request.addAllRecords(records));
    }

    private static List<Outcome> outcomes(InsertReply reply) {
        return reply.results().stream().map(RecordResult::getOutcome).toList();
    }

    private static List<InsertRecord> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> row("{\"n\":" + i + "}")).toList();
    }
}
