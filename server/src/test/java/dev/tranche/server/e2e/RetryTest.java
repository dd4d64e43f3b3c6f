package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.replacement;
import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static dev.tranche.v1.BatchState.BATCH_STATE_RUNNING;
import static dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_BUSY;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_PAYLOAD_NOT_KEPT;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What RetryBatchInsert does with the records that failed. */
class RetryTest {
    private static final List<InsertRecord> TWO_OF_FIVE_FAIL =
            List.of(
                    row("a", "{\"n\":1}"),
                    row("b", "{\"n\":1}"),
                    row("c", "{\"n\":2}"),
                    row("{\"n\":\"two\"}"),
                    row("e", "{\"n\":3}"));

    private static TestServer server;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        // One call waits for a lock for as long as another takes to be refused.
        server =
                TestServer.start(
                        "--chunk-records-max=3", "--transaction-time-max=15s", "--lease=15s");
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
    void failsAgainAsItIsInTheNextAttempt() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        assertThat(first.failed()).containsExactly(1, 3);
        InsertReply second = inserter.retry(inserter.retryOf(first.batchId()));
        assertThat(second.indexes()).containsExactly(1, 3);
        assertThat(second.failed()).containsExactly(1, 3);
        assertThat(second.results()).extracting(RecordResult::getAttempt).containsOnly(2);
        assertThat(second.error(1).getReason()).isEqualTo(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(second.error(1).getExistingRecordId()).isEqualTo("a");
        assertThat(second.error(3).getReason()).isEqualTo(ERROR_REASON_SCHEMA_VIOLATION);
        assertThat(second.summary().getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(second.summary().getTotalCount()).isEqualTo(5);
        assertThat(second.summary().getSucceededCount()).isEqualTo(3);
        assertThat(second.summary().getFailedCount()).isEqualTo(2);
        assertThat(inserter.storedResults(first.batchId(), 2))
                .extracting(RecordResult::getAttempt)
                .containsExactly(1, 2, 1, 2, 1);
    }

    @Test
    void retriesOnlyTheIndexesThatAreNamed() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        InsertReply second = inserter.retry(inserter.retryOf(first.batchId()).addRetryIndices(3));
        assertThat(second.indexes()).containsExactly(3);
    }

    @Test
    void answersAnIndexThatSucceededWithItsFirstResult() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        InsertReply second =
                inserter.retry(
                        inserter.retryOf(first.batchId())
                                .addRetryIndices(4)
                                .addRetryIndices(0)
                                .addReplacements(replacement(2, row("other", "{\"n\":9}"))));
        assertThat(second.results())
                .containsExactly(first.result(0), first.result(2), first.result(4));
        assertThat(inserter.stored()).isEqualTo(3);
    }

    @Test
    void insertsCorrectedRecordsAlsoWhereTheirIndexIsNotNamed() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        InsertReply second =
                inserter.retry(
                        inserter.retryOf(first.batchId())
                                .addRetryIndices(1)
                                .addReplacements(replacement(3, row("d", "{\"n\":4}")))
                                .addReplacements(replacement(1, row("b", "{\"n\":5}"))));
        assertThat(second.indexes()).containsExactly(1, 3);
        assertThat(second.failed()).isEmpty();
        assertThat(second.result(3).getRecordId()).isEqualTo("d");
        assertThat(second.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
        assertThat(second.summary().getSucceededCount()).isEqualTo(5);
        assertThat(inserter.caller().data("items", "b")).isEqualTo("{\"n\":5}");
        assertThat(inserter.account(first.batchId())).isEqualTo(second.summary());
        InsertReply third = inserter.retry(inserter.retryOf(first.batchId()).addRetryIndices(1));
        assertThat(third.results()).containsExactly(second.result(1));
    }

    @Test
    void countsEveryAttempt() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        for (int attempt = 2; attempt <= 4; attempt++) {
            InsertReply again = inserter.retry(inserter.retryOf(first.batchId()));
            assertThat(again.result(1).getAttempt()).isEqualTo(attempt);
        }
    }

    @Test
    void keepsWhatACorrectionFailedWith() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        inserter.retry(
                inserter.retryOf(first.batchId())
                        .addReplacements(replacement(3, row("d", "{\"n\":1,\"x\":1}"))));
        inserter.caller().execute(Ops.update("items", "a", "{\"n\":100}"));
        InsertReply third = inserter.retry(inserter.retryOf(first.batchId()).addRetryIndices(3));
        assertThat(third.failed()).isEmpty();
        assertThat(inserter.caller().data("items", "d")).isEqualTo("{\"n\":1,\"x\":1}");
    }

    @Test
    void passesOverUniqueConstraintsWhereTheCallerSaysSo() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        InsertReply second =
                inserter.retry(inserter.retryOf(first.batchId()).setIgnoreConstraints(true));
        assertThat(second.failed()).as("the schema holds all the same").containsExactly(3);
        assertThat(second.error(3).getReason()).isEqualTo(ERROR_REASON_SCHEMA_VIOLATION);
        assertThat(inserter.caller().read("items", "b").getConstraintsIgnored()).isTrue();
        assertThat(inserter.caller().read("items", "a").getConstraintsIgnored()).isFalse();
        assertThat(inserter.stored()).isEqualTo(4);
    }

    @Test
    void holdsTheNextOrdinaryWriteOfAMarkedRecordToTheConstraints() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        inserter.retry(inserter.retryOf(first.batchId()).setIgnoreConstraints(true));
        Caller caller = inserter.caller();
        caller.refused(Ops.update("items", "b", "{\"x\":1}"))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(caller.read("items", "b").getConstraintsIgnored()).isTrue();
        caller.execute(Ops.update("items", "b", "{\"n\":77}"));
        assertThat(caller.read("items", "b").getConstraintsIgnored()).isFalse();
        caller.refused(Ops.create("items", "", "{\"n\":77}"))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
    }

    @Test
    void doesNotHoldTheIdToIgnoredConstraints() throws Exception {
        InsertReply first = inserter.insert(row("a", "{\"n\":1}"), row("a", "{\"n\":2}"));
        InsertReply second =
                inserter.retry(inserter.retryOf(first.batchId()).setIgnoreConstraints(true));
        assertThat(second.error(1).getReason()).isEqualTo(ERROR_REASON_RECORD_ALREADY_EXISTS);
    }

    @Test
    void needsAReplacementForWhatCouldNotBeRead() throws Exception {
        InsertReply first = inserter.insert(row("a", "{\"n\":"), row("b", "{\"n\":1}"));
        InsertReply second = inserter.retry(inserter.retryOf(first.batchId()));
        assertThat(second.indexes()).containsExactly(0);
        assertThat(second.error(0).getReason()).isEqualTo(ERROR_REASON_PAYLOAD_NOT_KEPT);
        assertThat(second.error(0).getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        InsertReply third =
                inserter.retry(
                        inserter.retryOf(first.batchId())
                                .addReplacements(replacement(0, row("a", "{\"n\":2}"))));
        assertThat(third.result(0).getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
        assertThat(third.result(0).getAttempt()).isEqualTo(3);
    }

    @Test
    void keepsNoMoreThanTheServerIsAllowedTo() throws Exception {
        try (TestServer forgetful = server.another("--kept-bytes-max=10")) {
            Inserter there =
                    Inserter.into(forgetful, Ops.collection("items", Ops.unique("by_n", "n")));
            InsertReply first = there.insert(row("{\"n\":1}"), row("{\"n\":1}"), row("{\"n\":1 }"));
            assertThat(first.failed()).containsExactly(1, 2);
            InsertReply second = there.retry(there.retryOf(first.batchId()));
            assertThat(second.error(1).getReason())
                    .isEqualTo(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
            assertThat(second.error(2).getReason()).isEqualTo(ERROR_REASON_PAYLOAD_NOT_KEPT);
        }
    }

    @Test
    void endsAtOnceIfNothingFailed() throws Exception {
        InsertReply first = inserter.insert(row("{\"n\":1}"));
        InsertReply second = inserter.retry(inserter.retryOf(first.batchId()));
        assertThat(second.results()).isEmpty();
        assertThat(second.summary().getState()).isEqualTo(BATCH_STATE_SUCCEEDED);
    }

    @Test
    void refusesIndexesThatAreOutOfRangeNegativeOrGivenTwice() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        var request =
                inserter.retryOf(first.batchId())
                        .addAllRetryIndices(List.of(1, 5, -1, 1))
                        .addReplacements(replacement(3, row("{}")))
                        .addReplacements(replacement(3, row("{}")))
                        .addReplacements(replacement(-1, row("{}")));
        inserter.caller()
                .refused(() -> inserter.retry(request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at(
                        "retry_indices[1]",
                        "retry_indices[2]",
                        "retry_indices[3]",
                        "replacements[1].index",
                        "replacements[2].index");
        assertThat(inserter.account(first.batchId())).isEqualTo(first.summary());
    }

    @Test
    void refusesABatchThatIsUnknownOrOfAnotherWorkspace() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        Inserter stranger = new Inserter(Caller.of(server), "items");
        stranger.caller()
                .refused(() -> stranger.retry(stranger.retryOf(first.batchId())))
                .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
        String unknown = "01890000-0000-7000-8000-000000000000";
        inserter.caller()
                .refused(() -> inserter.retry(inserter.retryOf(unknown)))
                .has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
    }

    @Test
    void refusesABatchThatIsNoInsert() throws Exception {
        String executed =
                inserter.caller().execute(Ops.create("items", "x", "{}")).getBatch().getBatchId();
        inserter.caller()
                .refused(() -> inserter.retry(inserter.retryOf(executed)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("batch_id");
    }

    @Test
    void sendsAwayTheSecondOfTwoRetriesAtOnce() throws Exception {
        InsertReply first = inserter.insert(TWO_OF_FIVE_FAIL);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<InsertReply> retry;
            try (RowLock lock = RowLock.ofCollection(inserter)) {
                retry = threads.submit(() -> inserter.retry(inserter.retryOf(first.batchId())));
                Waiting.until(
                        "the first retry runs",
                        () -> inserter.account(first.batchId()).getState() == BATCH_STATE_RUNNING);
                Refusal refusal =
                        Refusal.of(() -> inserter.retry(inserter.retryOf(first.batchId())));
                refusal.has(Code.ABORTED, ERROR_REASON_BATCH_BUSY).namesADelay();
                lock.awaitWaiter();
            }
            assertThat(retry.get(10, TimeUnit.SECONDS).failed()).containsExactly(1, 3);
        }
    }

    @Test
    void retriesMoreFailuresThanFitIntoAChunk() throws Exception {
        inserter.insert(row("taken", "{\"n\":0}"));
        List<InsertRecord> twins =
                new ArrayList<>(
                        IntStream.range(0, 20)
                                .mapToObj(i -> row("t" + i, "{\"n\":0,\"i\":" + i + "}"))
                                .toList());
        InsertReply first = inserter.insert(twins);
        assertThat(first.failed()).hasSize(20);
        InsertReply second =
                inserter.retry(
                        inserter.retryOf(first.batchId())
                                .setIgnoreConstraints(true)
                                .addReplacements(replacement(19, row("last", "{\"n\":0}"))));
        assertThat(second.failed()).isEmpty();
        assertThat(second.indexes()).hasSize(20);
        assertThat(second.result(19).getRecordId()).isEqualTo("last");
        assertThat(inserter.stored()).isEqualTo(21);
    }
}
