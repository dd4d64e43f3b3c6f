package dev.tranche.server.transport;

import static dev.tranche.server.transport.Resources.time;

import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.BatchState;
import dev.tranche.v1.Actor;
import dev.tranche.v1.Atomicity;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchError;
import dev.tranche.v1.InsertOptions;
import dev.tranche.v1.OnConflict;
import dev.tranche.v1.OnError;

/** Says in messages how batches are doing. */
final class Accounts {
    private Accounts() {}

    static Batch batch(dev.tranche.server.batch.Batch batch) {
        Batch.Builder message =
                Batch.newBuilder()
                        .setBatchId(batch.id())
                        .setState(state(batch.visibleState()))
                        .setTotalCount(batch.counts().total())
                        .setSucceededCount(batch.counts().succeeded())
                        .setFailedCount(batch.counts().failed())
                        .setSkippedCount(batch.counts().skipped())
                        .setAttempt(batch.attempt())
                        .setNotAppliedCount(batch.counts().notApplied())
                        .setStartTime(time(batch.startedAt()))
                        .setUpdateTime(time(batch.updatedAt()))
                        .setUpdatedBy(actor(batch.updatedBy()));
        addSubmission(message, batch);
        if (batch.completedAt() != null) {
            message.setCompleteTime(time(batch.completedAt()));
        }
        if (batch.cause() != null) {
            message.setFailure(
                    BatchError.newBuilder()
                            .setCode(Statuses.codeOf(batch.cause().reason()))
                            .setReason(Statuses.reasonOf(batch.cause().reason()))
                            .setMessage(batch.cause().message()));
        }
        return message.build();
    }

    private static void addSubmission(Batch.Builder message, dev.tranche.server.batch.Batch batch) {
        dev.tranche.server.batch.Batch.Submission submission = batch.submission();
        message.setWorkspace(submission.workspace())
                .setKind(kind(submission.kind()))
                .setCreateTime(time(submission.createdAt()))
                .setCreatedBy(actor(submission.createdBy()))
                .putAllLabels(submission.labels());
        if (submission.requestId() != null) {
            message.setRequestId(submission.requestId());
        }
        if (submission.collection() != null) {
            message.setCollection(submission.collection());
        }
        if (submission.kind() == BatchKind.INSERT) {
            message.setInsertOptions(options(batch.insertOptions()));
        }
        if (submission.onError() != null) {
            message.setOnError(onError(submission.onError()));
        }
    }

    private static InsertOptions options(dev.tranche.server.batch.InsertOptions options) {
        InsertOptions.Builder message =
                InsertOptions.newBuilder()
                        .setOnConflict(onConflict(options.onConflict()))
                        .setAtomicity(atomicity(options.atomicity()))
                        .setOrdered(options.ordered())
                        .setMaxFailures(options.ordered() ? 0 : options.failuresMax());
        if (options.conflictConstraint() != null) {
            message.setConflictConstraint(options.conflictConstraint());
        }
        return message.build();
    }

    private static OnConflict onConflict(dev.tranche.server.batch.OnConflict onConflict) {
        return switch (onConflict) {
            case FAIL -> OnConflict.ON_CONFLICT_FAIL;
            case SKIP -> OnConflict.ON_CONFLICT_SKIP;
            case UPDATE -> OnConflict.ON_CONFLICT_UPDATE;
        };
    }

    private static Atomicity atomicity(dev.tranche.server.batch.Atomicity atomicity) {
        return switch (atomicity) {
            case PER_RECORD -> Atomicity.ATOMICITY_PER_RECORD;
            case ALL -> Atomicity.ATOMICITY_ALL;
        };
    }

    private static dev.tranche.v1.BatchKind kind(BatchKind kind) {
        return switch (kind) {
            case EXECUTE -> dev.tranche.v1.BatchKind.BATCH_KIND_EXECUTE;
            case INSERT -> dev.tranche.v1.BatchKind.BATCH_KIND_INSERT;
        };
    }

    private static dev.tranche.v1.BatchState state(BatchState state) {
        return switch (state) {
            case RUNNING -> dev.tranche.v1.BatchState.BATCH_STATE_RUNNING;
            case SUCCEEDED -> dev.tranche.v1.BatchState.BATCH_STATE_SUCCEEDED;
            case PARTIALLY_SUCCEEDED -> dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
            case FAILED -> dev.tranche.v1.BatchState.BATCH_STATE_FAILED;
            case INTERRUPTED -> dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
        };
    }

    private static OnError onError(dev.tranche.server.operation.OnError onError) {
        return switch (onError) {
            case ROLLBACK -> OnError.ON_ERROR_ROLLBACK;
            case CONTINUE -> OnError.ON_ERROR_CONTINUE;
            case STOP -> OnError.ON_ERROR_STOP;
        };
    }

    private static Actor actor(dev.tranche.server.schema.Actor actor) {
        return Actor.newBuilder().setId(actor.id()).setName(actor.name()).build();
    }
}
