package dev.tranche.server.store;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.Rows.RelationshipRow;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A row of the table {@code relationship}, column by column. */
record RelationshipLine(
        long sourceCollectionId,
        String sourceId,
        String type,
        long targetCollectionId,
        String targetId,
        @Nullable String data,
        long version,
        LocalDateTime createdAt,
        String createdBy,
        LocalDateTime updatedAt,
        String updatedBy) {

    static RelationshipLine of(RelationshipRow row) {
        RelationshipKey key = row.key();
        return new RelationshipLine(
                key.source().collection(),
                key.source().id(),
                key.type(),
                key.target().collection(),
                key.target().id(),
                StoredJson.textOrNull(row.data()),
                row.version(),
                Times.column(row.created().at()),
                row.created().by(),
                Times.column(row.updated().at()),
                row.updated().by());
    }

    RelationshipRow row() {
        return new RelationshipRow(
                new RelationshipKey(
                        new RecordKey(sourceCollectionId, sourceId),
                        type,
                        new RecordKey(targetCollectionId, targetId)),
                StoredJson.parseOrNull(data),
                version,
                Times.stamp(createdAt, createdBy),
                Times.stamp(updatedAt, updatedBy));
    }

    /** The primary key of a row. */
    record Key(
            long sourceCollectionId,
            String sourceId,
            String type,
            long targetCollectionId,
            String targetId) {

        RelationshipKey key() {
            return new RelationshipKey(
                    new RecordKey(sourceCollectionId, sourceId),
                    type,
                    new RecordKey(targetCollectionId, targetId));
        }
    }
}
