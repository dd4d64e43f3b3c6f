package dev.tranche.demo;

import dev.tranche.demo.Ledger.Entry;
import dev.tranche.terminal.Screen;
import dev.tranche.terminal.Stopwatch;
import dev.tranche.v1.Batch;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.Operation;
import java.time.Duration;
import java.util.List;

/** What all steps share: the service, and where they tell, note and check what happened. */
record Session(Tranche tranche, Screen screen, Ledger ledger, Figures figures) {

    /** Runs a batch that succeeds, and notes it. */
    ExecuteBatchResponse execute(String what, List<Operation> operations) {
        Stopwatch watch = Stopwatch.started();
        ExecuteBatchResponse reply = tranche.execute(operations);
        note(what, reply.getBatch(), watch.elapsed());
        figures.check(
                what + ", succeeded", operations.size(), reply.getBatch().getSucceededCount());
        return reply;
    }

    /** Notes a finished batch. */
    void note(String what, Batch batch, Duration time) {
        ledger.add(
                new Entry(
                        what,
                        batch.getTotalCount(),
                        batch.getSucceededCount(),
                        batch.getFailedCount(),
                        time));
    }
}
