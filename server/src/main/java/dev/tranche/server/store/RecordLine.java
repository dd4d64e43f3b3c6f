package dev.tranche.server.store;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.RecordRow;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A row of the table {@code record}, column by column. */
@SuppressWarnings(
        "ArrayRecordComponent") // never compared: it only crosses between row and statement
record RecordLine(
        long collectionId,
        String id,
        String data,
        long version,
        long life,
        byte[] keyHashes,
        boolean constraintsIgnored,
        LocalDateTime createdAt,
        String createdBy,
        LocalDateTime updatedAt,
        String updatedBy,
        @Nullable LocalDateTime deletedAt) {

    static RecordLine of(RecordRow row) {
        return new RecordLine(
                row.key().collection(),
                row.key().id(),
                row.data().text(),
                row.version(),
                row.life(),
                KeyHashes.pack(row.keys()),
                row.constraintsIgnored(),
                Times.column(row.created().at()),
                row.created().by(),
                Times.column(row.updated().at()),
                row.updated().by(),
                Times.columnOrNull(row.deletedAt()));
    }

    RecordRow row() {
        return new RecordRow(
                new RecordKey(collectionId, id),
                StoredJson.parse(data),
                version,
                life,
                KeyHashes.unpack(collectionId, keyHashes),
                constraintsIgnored,
                Times.stamp(createdAt, createdBy),
                Times.stamp(updatedAt, updatedBy),
                Times.instantOrNull(deletedAt));
    }
}
