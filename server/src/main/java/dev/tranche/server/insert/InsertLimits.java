package dev.tranche.server.insert;

import java.time.Duration;

/**
 * The limits of a {@code BatchInsert}.
 *
 * @param recordsMax records of one call, at least 1
 * @param chunkRecordsMax records that commit together, at least 1
 * @param chunkBytesMax UTF-8 bytes of JSON text that commit together; one record may be larger
 * @param transactionTime for the transaction of a chunk, reruns included
 * @param lease how long a batch whose server says nothing counts as running
 * @param keptBytesMax UTF-8 bytes of failed records kept for a retry, per call
 */
public record InsertLimits(
        int recordsMax,
        int chunkRecordsMax,
        long chunkBytesMax,
        Duration transactionTime,
        Duration lease,
        long keptBytesMax) {}
