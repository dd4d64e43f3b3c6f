package dev.tranche.server.model;

import com.google.rpc.Code;
import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.IndexedError;
import dev.tranche.v1.OnError;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import java.util.List;
import java.util.Objects;

/** Compares what the server said to a batch with what it must say. */
final class AnswerCheck {
    private final ExecuteBatchRequest request;
    private final Expected expected;
    private final Answer answer;
    private final Differences differences;
    private final ResultCheck results;

    AnswerCheck(
            ExecuteBatchRequest request,
            Expected expected,
            Answer answer,
            Differences differences) {
        this.request = request;
        this.expected = expected;
        this.answer = answer;
        this.differences = differences;
        this.results = new ResultCheck(request, differences);
    }

    void run() {
        if (expected.malformed()) {
            differences.unless("status", Code.INVALID_ARGUMENT, answer.code());
            differences.unless("reason", "INVALID_REQUEST", answer.reason());
            return;
        }
        if (expected.failed()) {
            checkFailure();
        } else {
            differences.unless("status", Code.OK + " ", answer.code() + " " + answer.reason());
            List<Result> visible = visible();
            differences.unless("number of results", visible.size(), answer.replied().size());
            for (int i = 0; i < Math.min(visible.size(), answer.replied().size()); i++) {
                results.check("result", i, visible.get(i), answer.replied().get(i), true);
            }
        }
        if (request.getValidateOnly()) {
            differences.unless("an account", false, answer.batch() != null);
        } else {
            checkAccount();
        }
    }

    /** With STOP the results of the reply end with the failure. */
    private List<Result> visible() {
        return request.getOnError() == OnError.ON_ERROR_STOP
                ? expected.results().stream()
                        .filter(one -> one.outcome() != Outcome.OUTCOME_NOT_ATTEMPTED)
                        .toList()
                : expected.results();
    }

    private void checkFailure() {
        Problem first =
                expected.results().stream()
                        .map(Result::problem)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow();
        differences.unless("status", ResultCheck.codeOf(first.reason()), answer.code());
        differences.unless("reason", first.reason().name(), "ERROR_REASON_" + answer.reason());
        BatchFailure failure = answer.failure().orElse(BatchFailure.getDefaultInstance());
        differences.unless(
                "failed operations", count(Outcome.OUTCOME_FAILED), failure.getTotalCount());
        differences.unless(
                "commit state",
                request.getValidateOnly()
                        ? CommitState.COMMIT_STATE_NOT_STARTED
                        : CommitState.COMMIT_STATE_ROLLED_BACK,
                failure.getCommitState());
        differences.unless("errors in the details", true, failure.getErrorsCount() > 0);
        for (IndexedError error : failure.getErrorsList()) {
            OperationResult result =
                    OperationResult.newBuilder()
                            .setIndex(error.getIndex())
                            .setOutcome(Outcome.OUTCOME_FAILED)
                            .setError(error.getError())
                            .build();
            int index = error.getIndex();
            results.check("detail", index, expected.results().get(index), result, false);
        }
    }

    private void checkAccount() {
        Batch batch = answer.batch();
        if (batch == null) {
            differences.add("an account", "one", "none");
            return;
        }
        int succeeded = (int) expected.results().stream().filter(Result::succeeded).count();
        int failed = count(Outcome.OUTCOME_FAILED);
        int total = request.getOperationsCount();
        differences.unless("total_count", total, batch.getTotalCount());
        differences.unless("succeeded_count", succeeded, batch.getSucceededCount());
        differences.unless("failed_count", failed, batch.getFailedCount());
        differences.unless(
                "not_applied_count", total - succeeded - failed, batch.getNotAppliedCount());
        differences.unless("batch state", state(succeeded, total), batch.getState());
        differences.unless("kept results", total, answer.kept().size());
        for (int i = 0; i < Math.min(total, answer.kept().size()); i++) {
            results.check("kept", i, expected.results().get(i), answer.kept().get(i), false);
        }
    }

    private static BatchState state(int succeeded, int total) {
        if (succeeded == total) {
            return BatchState.BATCH_STATE_SUCCEEDED;
        }
        return succeeded == 0
                ? BatchState.BATCH_STATE_FAILED
                : BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
    }

    private int count(Outcome outcome) {
        return (int) expected.results().stream().filter(one -> one.outcome() == outcome).count();
    }
}
