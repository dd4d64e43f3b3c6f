package dev.tranche.server.store;

import dev.tranche.server.operation.Resource.OfRelationship;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A row of the table {@code relationship}, with the names of its ends' collections. */
record ListedRelationshipLine(
        String sourceName,
        String targetName,
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

    OfRelationship relationship() {
        RelationshipLine line =
                new RelationshipLine(
                        sourceCollectionId,
                        sourceId,
                        type,
                        targetCollectionId,
                        targetId,
                        data,
                        version,
                        createdAt,
                        createdBy,
                        updatedAt,
                        updatedBy);
        return new OfRelationship(sourceName, targetName, line.row());
    }
}
