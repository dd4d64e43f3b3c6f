package dev.tranche.demo;

import dev.tranche.client.InsertStream;
import dev.tranche.demo.Ledger.Entry;
import dev.tranche.terminal.Screen;
import dev.tranche.terminal.Stopwatch;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.Record;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.RetryBatchInsertRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Step 4: what was rejected is tried again, from the payloads that the server kept; first as it is,
 * then past the unique constraint.
 */
final class Retries {
    private final Session session;
    private final List<Rejection> rejections;

    Retries(Session session, List<Rejection> rejections) {
        this.session = session;
        this.rejections = rejections;
    }

    void run() {
        Screen screen = session.screen();
        screen.heading("4  RetryBatchInsert: the rejected ones again, as the server kept them");
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("retry"));
        rejections.forEach(rejection ->
                head.add(rejection.airport() + ", index " + Screen.count(rejection.index())));
        rows.add(head);
        rows.add(retry("as they are", false, Outcome.OUTCOME_FAILED));
        rows.add(retry("ignore_constraints", true, Outcome.OUTCOME_INSERTED));
        screen.table(rows);
        checkAccounts();
        readBack();
    }

    private List<String> retry(String how, boolean ignoreConstraints, Outcome expected) {
        List<RecordResult> results = new ArrayList<>();
        Stopwatch watch = Stopwatch.started();
        for (Rejection rejection : rejections) {
            try (InsertStream stream =
                    session.tranche()
                            .batches()
                            .retryBatchInsert(request(rejection, ignoreConstraints))) {
                stream.forEachRemaining(results::add);
            }
        }
        List<Outcome> outcomes = results.stream().map(RecordResult::getOutcome).toList();
        int failed = Collections.frequency(outcomes, Outcome.OUTCOME_FAILED);
        session.ledger()
                .add(
                        new Entry(
                                "RetryBatchInsert, " + how,
                                results.size(),
                                results.size() - failed,
                                failed,
                                watch.elapsed()));
        session.figures()
                .check(
                        "retried, " + how,
                        Collections.nCopies(rejections.size(), expected),
                        outcomes);
        return row(how, results);
    }

    private static RetryBatchInsertRequest request(Rejection rejection, boolean ignoreConstraints) {
        return RetryBatchInsertRequest.newBuilder()
                .setWorkspace(Tranche.WORKSPACE)
                .setBatchId(rejection.batchId())
                .addRetryIndices(rejection.index())
                .setIgnoreConstraints(ignoreConstraints)
                .build();
    }

    private static List<String> row(String how, List<RecordResult> results) {
        List<String> cells = new ArrayList<>(List.of(how));
        for (RecordResult result : results) {
            cells.add(Screen.name(result.getOutcome()) + ", attempt " + result.getAttempt());
        }
        return cells;
    }

    private void checkAccounts() {
        for (Rejection rejection : rejections) {
            session.figures()
                    .check(
                            "account of " + rejection.airport() + " after the retries",
                            BatchState.BATCH_STATE_SUCCEEDED,
                            session.tranche().account(rejection.batchId()).getState());
        }
    }

    private void readBack() {
        List<Record> stored = session.tranche().recordsOf(Weather.COLLECTION);
        long marked = stored.stream().filter(Record::getConstraintsIgnored).count();
        session.figures().check("observations read back", Weather.ROWS, stored.size());
        session.figures().check("marked constraints_ignored", (long) rejections.size(), marked);
        session.screen().say("");
        session.screen()
                .say(
                        "ListRecords reads %s observations back, %d marked constraints_ignored."
                                .formatted(Screen.count(stored.size()), marked));
    }
}
