package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.RecordRow;
import java.time.LocalDateTime;
import java.util.Objects;

/**
 * A row of the table {@code record_tombstone}, column by column.
 *
 * @param stored whether the record is still deleted since then
 */
record TombstoneLine(LocalDateTime deletedAt, long collectionId, String recordId, boolean stored) {
    /** About what one takes in a packet. */
    static final long BYTES = 200;

    /** Of a record that is deleted. */
    static TombstoneLine of(RecordRow row) {
        return new TombstoneLine(
                Times.column(Objects.requireNonNull(row.deletedAt(), "it lives")),
                row.key().collection(),
                row.key().id(),
                true);
    }
}
