package dev.tranche.server.transport;

import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.Outcome.Failed;
import dev.tranche.server.operation.Outcome.NotAttempted;
import dev.tranche.server.operation.Outcome.RolledBack;
import dev.tranche.server.operation.Outcome.Skipped;
import dev.tranche.server.operation.Resource;
import dev.tranche.server.schema.Violation;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.IndexedError;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import org.jspecify.annotations.Nullable;

/** Says in messages what became of items. */
final class Outcomes {
    private Outcomes() {}

    /** Of an item of any batch. */
    static RecordResult record(ItemResult result) {
        RecordResult.Builder message =
                RecordResult.newBuilder().setIndex(result.index()).setAttempt(result.attempt());
        switch (result.outcome()) {
            case Applied applied -> {
                message.setOutcome(outcome(applied.effect())).setVersion(applied.version());
                if (applied.recordId() != null) {
                    message.setRecordId(applied.recordId());
                }
                if (applied.etag() != null) {
                    message.setEtag(applied.etag());
                }
            }
            case Failed failed ->
                    message.setOutcome(Outcome.OUTCOME_FAILED).setError(error(failed.error()));
            case Skipped skipped ->
                    message.setOutcome(Outcome.OUTCOME_SKIPPED).setRecordId(skipped.recordId());
            case NotAttempted nothing -> message.setOutcome(Outcome.OUTCOME_NOT_ATTEMPTED);
            case RolledBack nothing -> message.setOutcome(Outcome.OUTCOME_ROLLED_BACK);
        }
        return message.build();
    }

    /** Of an operation, with what it read or left. */
    static OperationResult operation(ItemResult result, DataFormat format) {
        RecordResult common = record(result);
        OperationResult.Builder message =
                OperationResult.newBuilder()
                        .setIndex(common.getIndex())
                        .setOutcome(common.getOutcome())
                        .setRecordId(common.getRecordId())
                        .setVersion(common.getVersion())
                        .setEtag(common.getEtag());
        if (common.hasError()) {
            message.setError(common.getError());
        }
        if (result.outcome() instanceof Applied applied) {
            addResource(message, applied.resource(), format);
        }
        return message.build();
    }

    private static void addResource(
            OperationResult.Builder message, @Nullable Resource resource, DataFormat format) {
        switch (resource) {
            case Resource.OfRecord record ->
                    message.setRecord(Resources.record(record.collection(), record.row(), format));
            case Resource.OfRelationship link ->
                    message.setRelationship(Resources.relationship(link, format));
            case Resource.OfCollection collection ->
                    message.setCollection(Resources.collection(collection, format));
            case null -> {}
        }
    }

    /** An error at its place. */
    static IndexedError indexed(Failure.IndexedError error) {
        return IndexedError.newBuilder()
                .setIndex(error.index())
                .setError(error(error.error()))
                .build();
    }

    /** What an effect is called. */
    static Outcome outcome(Effect effect) {
        return switch (effect) {
            case INSERTED -> Outcome.OUTCOME_INSERTED;
            case UPDATED -> Outcome.OUTCOME_UPDATED;
            case UNCHANGED -> Outcome.OUTCOME_UNCHANGED;
            case DELETED -> Outcome.OUTCOME_DELETED;
            case READ -> Outcome.OUTCOME_READ;
        };
    }

    private static dev.tranche.v1.ItemError error(ItemError error) {
        dev.tranche.v1.ItemError.Builder message =
                dev.tranche.v1.ItemError.newBuilder()
                        .setCode(Statuses.codeOf(error.reason()))
                        .setReason(Statuses.reasonOf(error.reason()))
                        .setMessage(error.message())
                        .setRetryable(Statuses.isRetryable(error.reason()));
        error.violations().stream()
                .limit(Violations.COUNT_MAX)
                .map(Outcomes::violation)
                .forEach(message::addFieldViolations);
        if (error.constraint() != null) {
            message.setConstraint(error.constraint());
        }
        if (error.existingRecordId() != null) {
            message.setExistingRecordId(error.existingRecordId());
        }
        if (error.earlierIndex() != null) {
            message.setEarlierIndex(error.earlierIndex());
        }
        return message.build();
    }

    private static FieldViolation violation(Violation violation) {
        return FieldViolation.newBuilder()
                .setPath(violation.path())
                .setDescription(violation.description())
                .build();
    }
}
