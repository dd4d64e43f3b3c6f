package dev.tranche.server.store;

import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.Rows.RecordRow;

/** What most updates of a row of the table {@code record} change, and the row they are about. */
@SuppressWarnings("ArrayRecordComponent") // never compared: it only crosses into a statement
record ChangedRecordLine(
        long collectionId,
        String id,
        long versionBefore,
        String data,
        long version,
        byte[] keyHashes,
        boolean deleted) {

    static ChangedRecordLine of(Update<RecordRow> update) {
        RecordRow row = update.after();
        return new ChangedRecordLine(
                row.key().collection(),
                row.key().id(),
                update.before().version(),
                row.data().text(),
                row.version(),
                KeyHashes.pack(row.keys()),
                !row.lives());
    }
}
