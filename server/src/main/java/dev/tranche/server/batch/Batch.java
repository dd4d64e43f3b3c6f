package dev.tranche.server.batch;

import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Actor;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The account of one submission, without its results.
 *
 * @param id UUIDv7, 36 characters
 * @param workspaceId surrogate id of the workspace
 * @param submission what was asked, by whom
 * @param run how many times its request id was run, from 1; only for EXECUTE
 * @param attempt how many times its records were tried, from 1; only for INSERT
 * @param epoch raised whenever somebody else takes the batch over; fences off who had it before
 * @param nextIndex the first index that the first attempt of an INSERT has not come to
 * @param sealed whether the first attempt of an INSERT came to its end, be it an early one
 * @param leaseExpired whether the lease of a RUNNING batch has run out, by the database's clock
 * @param cause why a FAILED batch failed as a whole; null if it did not
 * @param completedAt null while it runs
 */
public record Batch(
        String id,
        long workspaceId,
        Submission submission,
        BatchState state,
        int run,
        int attempt,
        int epoch,
        int nextIndex,
        boolean sealed,
        boolean leaseExpired,
        Counts counts,
        @Nullable Cause cause,
        Instant startedAt,
        Instant updatedAt,
        Actor updatedBy,
        @Nullable Instant completedAt) {

    /**
     * What was submitted.
     *
     * @param workspace its name
     * @param requestId the caller's idempotency key; null if none was given
     * @param contentHash SHA-256 of the canonical content, 64 hex digits; null without a request id
     * @param collection the collection of an INSERT, else null
     * @param onError of an EXECUTE, else null
     * @param insertOptions of an INSERT, else null
     * @param labels the caller's, to find it by
     */
    public record Submission(
            BatchKind kind,
            String workspace,
            @Nullable String requestId,
            @Nullable String contentHash,
            @Nullable String collection,
            @Nullable OnError onError,
            @Nullable InsertOptions insertOptions,
            Instant createdAt,
            Actor createdBy,
            Map<String, String> labels) {}

    /** Why a batch failed as a whole. */
    public record Cause(Reason reason, String message) {}

    /** Begins an account. Its counts say how many items there are, none of them done. */
    public static Batch begin(String id, long workspaceId, Submission submission, int total) {
        return new Batch(
                id,
                workspaceId,
                submission,
                BatchState.RUNNING,
                1,
                1,
                1,
                0,
                false,
                false,
                Counts.none(total),
                null,
                submission.createdAt(),
                submission.createdAt(),
                submission.createdBy(),
                null);
    }

    /** The state a caller sees: a batch whose server went away is not running. */
    public BatchState visibleState() {
        return state == BatchState.RUNNING && leaseExpired ? BatchState.INTERRUPTED : state;
    }

    /** Whether it committed, whatever its items did: from then on its request id stands for it. */
    public boolean isBound() {
        return switch (submission.kind()) {
            case EXECUTE -> completedAt != null && cause == null;
            // What broke off committed, too; and it can be gone on with.
            case INSERT -> cause == null;
        };
    }

    /** Whether somebody works on it. */
    public boolean isBusy() {
        return visibleState() == BatchState.RUNNING;
    }

    /** How its records are inserted. */
    public InsertOptions insertOptions() {
        InsertOptions options = submission.insertOptions();
        return options == null ? InsertOptions.DEFAULTS : options;
    }

    /** The same account further on, still running. */
    public Batch progress(Counts now, Instant at) {
        return with(BatchState.RUNNING, now, null, at, null);
    }

    /** The account at its end; the state follows from the counts. */
    public Batch finish(Counts now, Instant at) {
        return with(endState(now), now, null, at, at);
    }

    private BatchState endState(Counts now) {
        return switch (submission.kind()) {
            // What it did not apply it never will.
            case EXECUTE -> now.endState();
            // What the first attempt has not come to can still be sent.
            case INSERT ->
                    sealed || now.notApplied() == 0 ? now.endState() : BatchState.INTERRUPTED;
        };
    }

    /** The same account, whose first attempt has come so far. */
    public Batch reached(int index) {
        return at(epoch, attempt, Math.max(nextIndex, index), sealed);
    }

    /** The same account, whose first attempt has come to its end. */
    public Batch seal() {
        return at(epoch, attempt, nextIndex, true);
    }

    /** The account of a call that broke half-way. */
    public Batch interrupt(Instant at) {
        return with(BatchState.INTERRUPTED, counts, cause, at, at);
    }

    /** The account of a batch that failed as a whole. */
    public Batch fail(Cause why, Counts now, Instant at) {
        return with(BatchState.FAILED, now, why, at, at);
    }

    /** Somebody takes the batch over for another attempt at its failed records. */
    public Batch retry(Actor actor, Instant at) {
        return at(epoch + 1, attempt + 1, nextIndex, sealed).taken(actor, at);
    }

    /** Somebody takes the batch over to go on where its first attempt broke off. */
    public Batch resume(Actor actor, Instant at) {
        return raiseEpoch().taken(actor, at);
    }

    /** Fences off whoever had the batch until now. */
    public Batch raiseEpoch() {
        return at(epoch + 1, attempt, nextIndex, sealed);
    }

    /** A request id whose run failed is run again, with whatever content, under the same id. */
    public Batch rerun(Submission again, int total) {
        return new Batch(
                id,
                workspaceId,
                again,
                BatchState.RUNNING,
                run + 1,
                1,
                epoch + 1,
                0,
                false,
                false,
                Counts.none(total),
                null,
                again.createdAt(),
                again.createdAt(),
                again.createdBy(),
                null);
    }

    private Batch at(int nextEpoch, int nextAttempt, int next, boolean isSealed) {
        return new Batch(
                id,
                workspaceId,
                submission,
                state,
                run,
                nextAttempt,
                nextEpoch,
                next,
                isSealed,
                false,
                counts,
                cause,
                startedAt,
                updatedAt,
                updatedBy,
                completedAt);
    }

    private Batch taken(Actor actor, Instant at) {
        return new Batch(
                id,
                workspaceId,
                submission,
                BatchState.RUNNING,
                run,
                attempt,
                epoch,
                nextIndex,
                sealed,
                false,
                counts,
                null,
                startedAt,
                at,
                actor,
                null);
    }

    private Batch with(
            BatchState nextState,
            Counts nextCounts,
            @Nullable Cause nextCause,
            Instant at,
            @Nullable Instant completed) {
        return new Batch(
                id,
                workspaceId,
                submission,
                nextState,
                run,
                attempt,
                epoch,
                nextIndex,
                sealed,
                false,
                nextCounts,
                nextCause,
                startedAt,
                at,
                updatedBy,
                completed);
    }
}
