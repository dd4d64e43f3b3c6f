package dev.tranche.server.store;

import dev.tranche.server.engine.RecordReader;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.RecordRow;
import java.util.List;

/** Records, read outside of batches. */
final class StoredRecords implements RecordReader {
    private final ShortTransactions transactions;
    private final long bytesMax;

    /**
     * @param bytesMax UTF-8 bytes of JSON text that one {@link #find} may bring into memory
     */
    StoredRecords(ShortTransactions transactions, long bytesMax) {
        this.transactions = transactions;
        this.bytesMax = bytesMax;
    }

    @Override
    public List<RecordRow> find(long collectionId, List<String> ids) {
        return transactions.read(session -> {
            BoundedRows<RecordLine, RecordRow> rows =
                    new BoundedRows<>(RecordLine::row, row -> row.data().sizeBytes(), bytesMax);
            for (List<String> some : Portions.of(ids)) {
                find(session, collectionId, some, rows);
            }
            return rows.rows();
        });
    }

    private void find(
            StoreSession session,
            long collectionId,
            List<String> ids,
            BoundedRows<RecordLine, RecordRow> rows) {
        session.read(() -> {
            session.mapper(RecordMapper.class).find(collectionId, Literals.ofIds(ids), rows);
            return rows;
        });
        if (!rows.isComplete()) {
            throw new CallFailure(
                    new Failure.Refused(
                            Reason.RESPONSE_TOO_LARGE,
                            "records of more than "
                                    + bytesMax
                                    + " bytes together asked for (--load-bytes-max): ask for fewer"));
        }
    }

    @Override
    public List<RecordRow> list(
            long collectionId, String after, boolean deletedToo, int limit, long pageBytesMax) {
        return transactions
                .read(session ->
                        session.read(() ->
                                session.mapper(RecordMapper.class)
                                        .list(
                                                collectionId,
                                                after,
                                                deletedToo,
                                                limit,
                                                pageBytesMax)))
                .stream()
                .map(RecordLine::row)
                .toList();
    }
}
