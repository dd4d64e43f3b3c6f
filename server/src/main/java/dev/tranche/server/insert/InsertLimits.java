package dev.tranche.server.insert;

import dev.tranche.server.batch.InsertOptions;
import java.time.Duration;

/**
 * The limits of inserts.
 *
 * @param recordsMax records of one {@code BatchInsert}, at least 1
 * @param allRecordsMax those of one that stands or falls as a whole, at least 1
 * @param chunkRecordsMax records that commit together, at least 1
 * @param chunkBytesMax UTF-8 bytes of JSON text that commit together; one record may be larger
 * @param chunksAheadMax chunks, of all calls together, whose transaction has begun while that of the
 *     chunk before still runs; 0 for none
 * @param transactionTime for the transaction of a chunk, reruns included
 * @param lease how long a batch whose server says nothing counts as running
 * @param keptBytesMax UTF-8 bytes of failed records kept for retries, per batch
 * @param keptTime how long each is kept since it was last tried
 */
public record InsertLimits(
        int recordsMax,
        int allRecordsMax,
        int chunkRecordsMax,
        long chunkBytesMax,
        int chunksAheadMax,
        Duration transactionTime,
        Duration lease,
        long keptBytesMax,
        Duration keptTime) {

    /**
     * How much commits together.
     *
     * @param bytes UTF-8 bytes of JSON text; one record may be larger
     */
    record ChunkSize(int records, long bytes) {}

    /** How much of a batch commits together. */
    ChunkSize chunk(InsertOptions options) {
        return options.allOrNothing()
                ? new ChunkSize(Integer.MAX_VALUE, Long.MAX_VALUE)
                : new ChunkSize(chunkRecordsMax, chunkBytesMax);
    }
}
