package dev.tranche.server.transport;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.engine.Call;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.v1.WatchBatchRequest;
import java.time.Duration;

/**
 * Answers {@code WatchBatch}. It asks the database, so that it does not matter which server works on
 * the batch; between two looks it holds nothing but its call.
 *
 * @param interval between two looks
 * @param quietMax after so long without a change the account is sent all the same
 */
record BatchWatch(BatchLookup lookup, Duration interval, Duration quietMax) {
    /** As long as it may take to see that the caller has gone away. */
    private static final Duration PAUSE_MAX = Duration.ofMillis(100);

    /** Of a caller's time, no more than this at once; only that it is over matters here. */
    private static final Duration AHEAD = Duration.ofDays(1);

    /** What calls for a message when it changes. */
    private record Sight(Object state, Object counts, int attempt) {
        static Sight of(Batch batch) {
            return new Sight(batch.visibleState(), batch.counts(), batch.attempt());
        }
    }

    void watch(WatchBatchRequest request, Replies<dev.tranche.v1.Batch> replies) {
        String id = request.getBatchId();
        BatchLookup.check(request.getWorkspace(), id);
        long workspace = lookup.directory().workspace(request.getWorkspace()).id();
        Batch batch = lookup.byId(workspace, id);
        replies.batch(id);
        replies.send(Accounts.batch(batch));
        long sentNanos = System.nanoTime();
        while (batch.isBusy()) {
            pause(replies.call());
            Batch now = lookup.byId(workspace, id);
            boolean longQuiet = System.nanoTime() - sentNanos >= quietMax.toNanos();
            if (longQuiet || !Sight.of(now).equals(Sight.of(batch))) {
                replies.send(Accounts.batch(now));
                sentNanos = System.nanoTime();
            }
            batch = now;
        }
    }

    /**
     * Lets the interval pass.
     *
     * @throws CallFailure if the caller goes away meanwhile, or has no time left
     */
    private void pause(Call call) {
        long endNanos = System.nanoTime() + interval.toNanos();
        long left = interval.toNanos();
        while (left > 0) {
            call.budget(AHEAD).check();
            try {
                Thread.sleep(Duration.ofNanos(Math.min(left, PAUSE_MAX.toNanos())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CallFailure(new Failure.Cancelled(), e);
            }
            left = endNanos - System.nanoTime();
        }
        call.budget(AHEAD).check();
    }
}
