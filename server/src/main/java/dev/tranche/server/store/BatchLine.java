package dev.tranche.server.store;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.BatchState;
import dev.tranche.server.batch.Counts;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.schema.Actor;
import java.time.LocalDateTime;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@code batch}, column by column.
 *
 * @param workspace name of the workspace; not a column
 * @param leaseOver whether its lease has run out by the database's clock; not a column
 */
@SuppressWarnings(
        "ArrayRecordComponent") // never compared: it only crosses between row and statement
record BatchLine(
        String id,
        long workspaceId,
        String workspace,
        String kind,
        @Nullable String requestId,
        byte @Nullable [] contentHash,
        int run,
        String state,
        int attempt,
        int leaseEpoch,
        boolean leaseOver,
        int total,
        int succeeded,
        int failed,
        int skipped,
        @Nullable String collection,
        @Nullable String onError,
        @Nullable String failure,
        @Nullable String labels,
        @Nullable String options,
        int nextIndex,
        boolean sealed,
        LocalDateTime createdAt,
        String createdBy,
        String createdByName,
        LocalDateTime startedAt,
        LocalDateTime updatedAt,
        String updatedBy,
        String updatedByName,
        @Nullable LocalDateTime completedAt) {

    static BatchLine of(Batch batch) {
        Submission given = batch.submission();
        Counts counts = batch.counts();
        return new BatchLine(
                batch.id(),
                batch.workspaceId(),
                given.workspace(),
                given.kind().name(),
                given.requestId(),
                bytes(given.contentHash()),
                batch.run(),
                batch.state().name(),
                batch.attempt(),
                batch.epoch(),
                batch.leaseExpired(),
                counts.total(),
                counts.succeeded(),
                counts.failed(),
                counts.skipped(),
                given.collection(),
                given.onError() == null ? null : given.onError().name(),
                StoredCause.write(batch.cause()),
                StoredLabels.write(given.labels()),
                StoredOptions.write(given.insertOptions()),
                batch.nextIndex(),
                batch.sealed(),
                Times.column(given.createdAt()),
                given.createdBy().id(),
                given.createdBy().name(),
                Times.column(batch.startedAt()),
                Times.column(batch.updatedAt()),
                batch.updatedBy().id(),
                batch.updatedBy().name(),
                Times.columnOrNull(batch.completedAt()));
    }

    Batch batch() {
        BatchState stored = BatchState.valueOf(state);
        return new Batch(
                id,
                workspaceId,
                submission(),
                stored,
                run,
                attempt,
                leaseEpoch,
                nextIndex,
                sealed,
                stored == BatchState.RUNNING && leaseOver,
                new Counts(total, succeeded, failed, skipped),
                StoredCause.read(failure),
                Times.instant(startedAt),
                Times.instant(updatedAt),
                new Actor(updatedBy, updatedByName),
                Times.instantOrNull(completedAt));
    }

    private Submission submission() {
        return new Submission(
                BatchKind.valueOf(kind),
                workspace,
                requestId,
                contentHash == null ? null : HexFormat.of().formatHex(contentHash),
                collection,
                onError == null ? null : OnError.valueOf(onError),
                StoredOptions.read(options),
                Times.instant(createdAt),
                new Actor(createdBy, createdByName),
                StoredLabels.read(labels));
    }

    private static byte @Nullable [] bytes(@Nullable String hex) {
        return hex == null ? null : HexFormat.of().parseHex(hex);
    }
}
