package dev.tranche.server.store;

/**
 * A row of the table {@code batch_result}, column by column.
 *
 * @param results packed by {@link ResultCodec}; indexes between the first and the last may be missing
 */
@SuppressWarnings(
        "ArrayRecordComponent") // never compared: it only crosses between row and statement
record ResultLine(String batchId, int attempt, int firstIndex, int lastIndex, byte[] results) {}
