package dev.tranche.server.config;

import dev.tranche.server.config.Setting.Limit;
import dev.tranche.server.config.Setting.Switch;
import java.time.Duration;

/**
 * What a batch may be.
 *
 * @param enabled whether batches are accepted at all
 * @param operationsMax of one ExecuteBatch
 * @param recordsMax of one BatchInsert
 * @param allRecordsMax of one that stands or falls as a whole
 * @param recordBytesMax UTF-8 bytes of one record's JSON text
 * @param chunkRecordsMax records that commit together
 * @param chunkBytesMax UTF-8 bytes of their JSON text together
 * @param transactionTimeMax of one transaction, reruns included
 * @param lease how long a running batch counts as running without a sign of life
 * @param keptBytesMax UTF-8 bytes of the payloads kept of what failed, a batch
 * @param loadRoundsMax loads of one transaction
 * @param loadBytesMax UTF-8 bytes of JSON text of the records one load reads by their ids
 * @param derivedBytesMax UTF-8 bytes of JSON text that merges and references make in a transaction
 * @param cascadeRowsMax relationships that go with deleted records, and records that go by cascade
 * @param scanRecordsMax live records that a change of a collection's definition checks
 * @param scanBytesMax UTF-8 bytes of their JSON text together
 */
public record BatchLimits(
        boolean enabled,
        int operationsMax,
        int recordsMax,
        int allRecordsMax,
        int recordBytesMax,
        int chunkRecordsMax,
        long chunkBytesMax,
        Duration transactionTimeMax,
        Duration lease,
        long keptBytesMax,
        int loadRoundsMax,
        long loadBytesMax,
        long derivedBytesMax,
        int cascadeRowsMax,
        int scanRecordsMax,
        long scanBytesMax) {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    static final Switch ENABLED =
            new Switch("batches-enabled", true, "Accept batches; with false only reads are served");
    static final Limit OPERATIONS_MAX =
            new Limit(
                    "operations-max", Unit.COUNT, 1, 100, 10_000, "Operations in one ExecuteBatch");
    static final Limit RECORDS_MAX =
            new Limit("records-max", Unit.COUNT, 1, 10_000, 100_000, "Records in one BatchInsert");
    static final Limit ALL_RECORDS_MAX =
            new Limit(
                    "all-records-max",
                    Unit.COUNT,
                    1,
                    1_000,
                    10_000,
                    "Records in one BatchInsert that stands or falls as a whole");
    static final Limit RECORD_BYTES_MAX =
            new Limit("record-bytes-max", Unit.BYTES, KIB, MIB, 8 * MIB, "JSON text of one record");
    static final Limit CHUNK_RECORDS_MAX =
            new Limit(
                    "chunk-records-max",
                    Unit.COUNT,
                    1,
                    1_000,
                    10_000,
                    "Records of a BatchInsert that commit together");
    static final Limit CHUNK_BYTES_MAX =
            new Limit(
                    "chunk-bytes-max",
                    Unit.BYTES,
                    KIB,
                    MIB,
                    16 * MIB,
                    "JSON text of the records that commit together; a larger record commits alone");
    static final Limit TRANSACTION_TIME_MAX =
            new Limit(
                    "transaction-time-max",
                    Unit.TIME,
                    100,
                    3_000,
                    60_000,
                    "Time of one transaction, reruns included");
    static final Limit LEASE =
            new Limit(
                    "lease",
                    Unit.TIME,
                    1_000,
                    10_000,
                    600_000,
                    "After this time without a sign of life a running batch counts as interrupted;"
                            + " at least the time of a transaction");
    static final Limit KEPT_BYTES_MAX =
            new Limit(
                    "kept-bytes-max",
                    Unit.BYTES,
                    0,
                    64 * MIB,
                    1024 * MIB,
                    "JSON text of the failed records that a batch keeps for a retry");
    static final Limit LOAD_ROUNDS_MAX =
            new Limit(
                    "load-rounds-max",
                    Unit.COUNT,
                    1,
                    16,
                    100,
                    "Rounds of reading records in one transaction, each because of what was read before");
    static final Limit LOAD_BYTES_MAX =
            new Limit(
                    "load-bytes-max",
                    Unit.BYTES,
                    MIB,
                    64 * MIB,
                    1024 * MIB,
                    "JSON text of the records and relationships that one load brings into memory");
    static final Limit DERIVED_BYTES_MAX =
            new Limit(
                    "derived-bytes-max",
                    Unit.BYTES,
                    MIB,
                    64 * MIB,
                    1024 * MIB,
                    "JSON text that merge patches and references make in one transaction");
    static final Limit CASCADE_ROWS_MAX =
            new Limit(
                    "cascade-rows-max",
                    Unit.COUNT,
                    0,
                    1_000,
                    100_000,
                    "Relationships that go with deleted records, and records that go by cascade");
    static final Limit SCAN_RECORDS_MAX =
            new Limit(
                    "scan-records-max",
                    Unit.COUNT,
                    0,
                    10_000,
                    1_000_000,
                    "Live records that a changed schema or unique constraint is checked against");
    static final Limit SCAN_BYTES_MAX =
            new Limit(
                    "scan-bytes-max",
                    Unit.BYTES,
                    0,
                    64 * MIB,
                    1024 * MIB,
                    "JSON text of these records together");
    static final Section SECTION =
            new Section(
                    "Batches",
                    ENABLED,
                    OPERATIONS_MAX,
                    RECORDS_MAX,
                    ALL_RECORDS_MAX,
                    RECORD_BYTES_MAX,
                    CHUNK_RECORDS_MAX,
                    CHUNK_BYTES_MAX,
                    TRANSACTION_TIME_MAX,
                    LEASE,
                    KEPT_BYTES_MAX,
                    LOAD_ROUNDS_MAX,
                    LOAD_BYTES_MAX,
                    DERIVED_BYTES_MAX,
                    CASCADE_ROWS_MAX,
                    SCAN_RECORDS_MAX,
                    SCAN_BYTES_MAX);

    static BatchLimits of(Values values) throws BadSettings {
        values.checkOrder(TRANSACTION_TIME_MAX, LEASE);
        return new BatchLimits(
                values.on(ENABLED),
                values.count(OPERATIONS_MAX),
                values.count(RECORDS_MAX),
                values.count(ALL_RECORDS_MAX),
                values.count(RECORD_BYTES_MAX),
                values.count(CHUNK_RECORDS_MAX),
                values.amount(CHUNK_BYTES_MAX),
                values.time(TRANSACTION_TIME_MAX),
                values.time(LEASE),
                values.amount(KEPT_BYTES_MAX),
                values.count(LOAD_ROUNDS_MAX),
                values.amount(LOAD_BYTES_MAX),
                values.amount(DERIVED_BYTES_MAX),
                values.count(CASCADE_ROWS_MAX),
                values.count(SCAN_RECORDS_MAX),
                values.amount(SCAN_BYTES_MAX));
    }
}
