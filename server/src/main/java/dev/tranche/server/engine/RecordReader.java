package dev.tranche.server.engine;

import dev.tranche.server.operation.Rows.RecordRow;
import java.util.List;

/**
 * Port: records outside a batch. Every method is a short transaction of its own that locks nothing,
 * and may throw {@link dev.tranche.server.operation.CallFailure} DATABASE_UNAVAILABLE.
 */
public interface RecordReader {

    /** The records of these ids, alive or deleted, in no particular order; unknown ids are left out. */
    List<RecordRow> find(long collectionId, List<String> ids);

    /**
     * Records in the order of their ids (UTF-8 bytes).
     *
     * @param after only ids after this one; empty for all
     * @param deletedToo whether soft-deleted ones are among them
     * @param limit at most this many
     * @param bytesMax stops before the record whose JSON text makes the UTF-8 bytes together exceed
     *     this, but answers at least one
     */
    List<RecordRow> list(
            long collectionId, String after, boolean deletedToo, int limit, long bytesMax);
}
