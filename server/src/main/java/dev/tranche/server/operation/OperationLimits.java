package dev.tranche.server.operation;

/**
 * How large what operations touch may be.
 *
 * @param recordBytesMax UTF-8 bytes of one record's JSON text, after merges and references
 * @param scanRecordsMax live records that a change of a collection's definition checks
 * @param scanBytesMax UTF-8 bytes of their JSON text together
 * @param derivedBytesMax UTF-8 bytes of JSON text that merges and references make, all operations of
 *     a transaction together
 * @param cascadeRowsMax records that one transaction deletes by cascade
 */
public record OperationLimits(
        int recordBytesMax,
        int scanRecordsMax,
        long scanBytesMax,
        long derivedBytesMax,
        int cascadeRowsMax) {}
