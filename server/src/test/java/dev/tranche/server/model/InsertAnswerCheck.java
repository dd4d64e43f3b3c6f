package dev.tranche.server.model;

import dev.tranche.server.model.Expected.Result;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.Outcome;
import java.util.List;

/** Compares what the server said to an insert with what it must say. */
final class InsertAnswerCheck {
    private final BatchInsertRequest request;
    private final List<Result> expected;
    private final InsertAnswer answer;
    private final Differences differences;

    InsertAnswerCheck(
            BatchInsertRequest request,
            List<Result> expected,
            InsertAnswer answer,
            Differences differences) {
        this.request = request;
        this.expected = expected;
        this.answer = answer;
        this.differences = differences;
    }

    void run() {
        ResultCheck results =
                new ResultCheck(ExecuteBatchRequest.getDefaultInstance(), differences);
        differences.unless("number of results", expected.size(), answer.results().size());
        for (int i = 0; i < Math.min(expected.size(), answer.results().size()); i++) {
            results.check(
                    "result",
                    i,
                    expected.get(i),
                    Answer.asOperation(answer.results().get(i)),
                    false);
        }
        checkSummary(answer.summary());
    }

    private void checkSummary(Batch summary) {
        int failed = count(Outcome.OUTCOME_FAILED);
        int skipped = count(Outcome.OUTCOME_SKIPPED);
        int notApplied = count(Outcome.OUTCOME_ROLLED_BACK) + count(Outcome.OUTCOME_NOT_ATTEMPTED);
        int total = request.getRecordsCount();
        int succeeded = total - failed - skipped - notApplied;
        differences.unless("total_count", total, summary.getTotalCount());
        differences.unless("failed_count", failed, summary.getFailedCount());
        differences.unless("skipped_count", skipped, summary.getSkippedCount());
        differences.unless("not_applied_count", notApplied, summary.getNotAppliedCount());
        differences.unless("succeeded_count", succeeded, summary.getSucceededCount());
        differences.unless("batch state", state(succeeded + skipped, total), summary.getState());
        differences.unless(
                "a batch id", !request.getValidateOnly(), !summary.getBatchId().isEmpty());
    }

    private static BatchState state(int inForce, int total) {
        if (inForce == total) {
            return BatchState.BATCH_STATE_SUCCEEDED;
        }
        return inForce == 0
                ? BatchState.BATCH_STATE_FAILED
                : BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
    }

    private int count(Outcome outcome) {
        return (int) expected.stream().filter(one -> one.outcome() == outcome).count();
    }
}
