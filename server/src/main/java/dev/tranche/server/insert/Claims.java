package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.BatchState;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.insert.Claim.Standing;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.schema.Actor;
import dev.tranche.server.schema.Violation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes batches for calls: new ones, those a request id stands for, and those to be retried. */
final class Claims {
    private static final Duration BUSY_DELAY = Duration.ofSeconds(1);

    private final FreshIds ids;
    private final InstantSource clock;
    private final Duration lease;

    Claims(FreshIds ids, InstantSource clock, Duration lease) {
        this.ids = ids;
        this.clock = clock;
        this.lease = lease;
    }

    /**
     * Takes the batch that an order is for. Nothing of a new one is stored.
     *
     * @param hash of what is asked; null without a request id
     * @param total how many records there are
     * @throws CallFailure WORKSPACE_NOT_FOUND, REQUEST_ID_REUSED, REQUEST_IN_PROGRESS
     */
    Claim claim(
            BatchTransaction tx, InsertOrder order, @Nullable String hash, int total, Actor actor) {
        long workspace = workspaceId(tx, order.workspace());
        Submission submission = submission(order, hash, actor);
        String requestId = order.requestId();
        Optional<Batch> earlier =
                requestId == null ? Optional.empty() : tx.lockByRequestId(workspace, requestId);
        if (earlier.isEmpty()) {
            Batch begun = Batch.begin(ids.next(), workspace, submission, total);
            return new Claim(begun, Standing.NEW, true);
        }
        return earlier.get().isBound()
                ? again(tx, earlier.get(), submission)
                : rerun(tx, earlier.get(), submission, total);
    }

    /** As {@link #claim}, and stores a new one, for its caller is told of it before any record. */
    Claim open(BatchTransaction tx, InsertOrder order, @Nullable String hash, Actor actor) {
        Claim claim = claim(tx, order, hash, 0, actor);
        return switch (claim.standing()) {
            case NEW -> {
                tx.insert(claim.batch(), lease);
                yield new Claim(claim.batch(), Standing.BOUND, true);
            }
            case UNBOUND -> new Claim(claim.batch(), Standing.BOUND, true);
            case BOUND, COMPLETE -> claim;
        };
    }

    /**
     * Takes a batch over for another attempt at what failed.
     *
     * @throws CallFailure WORKSPACE_NOT_FOUND, BATCH_NOT_FOUND, INVALID_REQUEST, BATCH_BUSY
     */
    Retry retry(BatchTransaction tx, RetryRequest request, Actor actor) {
        long workspace = workspaceId(tx, request.workspace());
        Batch batch =
                tx.lockVisible(workspace, request.batchId())
                        .orElseThrow(
                                () -> missing(Reason.BATCH_NOT_FOUND, "batch", request.batchId()));
        if (batch.submission().kind() != BatchKind.INSERT) {
            throw invalid("batch_id", "an ExecuteBatch given, a BatchInsert allowed");
        }
        if (batch.isBusy()) {
            throw busy(Reason.BATCH_BUSY, "batch " + batch.id()).of(batch.id());
        }
        List<Integer> failed =
                request.indexes().isEmpty() ? tx.failedIndexes(batch.id()) : List.of();
        List<Integer> targets = RetryTargets.of(request, batch, failed);
        Batch taken = batch.retry(actor, now());
        tx.update(taken, batch.epoch(), lease);
        return new Retry(new Claim(taken, Standing.BOUND, false), targets);
    }

    /** A batch that is retried, and at which indexes, ascending. */
    record Retry(Claim claim, List<Integer> targets) {}

    private Claim again(BatchTransaction tx, Batch earlier, Submission submission) {
        String requestId = submission.requestId();
        if (earlier.submission().kind() != BatchKind.INSERT
                || !Objects.equals(earlier.submission().contentHash(), submission.contentHash())) {
            throw reused(earlier, requestId);
        }
        if (earlier.isBusy()) {
            throw busy(Reason.REQUEST_IN_PROGRESS, "request_id \"" + requestId + "\"")
                    .of(earlier.id());
        }
        if (earlier.sealed() || earlier.visibleState() != BatchState.INTERRUPTED) {
            return new Claim(earlier, Standing.COMPLETE, true);
        }
        Batch resumed = earlier.resume(submission.createdBy(), now());
        tx.update(resumed, earlier.epoch(), lease);
        return new Claim(resumed, Standing.BOUND, true);
    }

    private Claim rerun(BatchTransaction tx, Batch earlier, Submission submission, int total) {
        Batch again = earlier.rerun(submission, total);
        tx.update(again, earlier.epoch(), lease);
        tx.clearResults(again.id());
        return new Claim(again, Standing.UNBOUND, true);
    }

    private Submission submission(InsertOrder order, @Nullable String hash, Actor actor) {
        return new Submission(
                BatchKind.INSERT,
                order.workspace(),
                order.requestId(),
                hash,
                order.collection(),
                null,
                order.options(),
                now(),
                actor,
                order.labels());
    }

    private static long workspaceId(BatchTransaction tx, String name) {
        return tx.workspace(name)
                .map(WorkspaceRow::id)
                .orElseThrow(() -> missing(Reason.WORKSPACE_NOT_FOUND, "workspace", name));
    }

    private static CallFailure reused(Batch earlier, @Nullable String requestId) {
        String id = String.valueOf(requestId);
        String message =
                "request_id \"" + id + "\" stands for another request (batch " + earlier.id() + ")";
        return new CallFailure(
                        new Failure.Refused(
                                Reason.REQUEST_ID_REUSED, message, Map.of("request_id", id)))
                .of(earlier.id());
    }

    private static CallFailure busy(Reason reason, String what) {
        return new CallFailure(
                new Failure.TryAgain(reason, what + " is being worked on", BUSY_DELAY));
    }

    private static CallFailure missing(Reason reason, String what, String name) {
        return new CallFailure(Failure.Refused.missing(reason, what, name));
    }

    private static CallFailure invalid(String path, String description) {
        return new CallFailure(
                new Failure.InvalidRequest(List.of(new Violation(path, description))));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
