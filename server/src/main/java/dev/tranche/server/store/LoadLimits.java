package dev.tranche.server.store;

/**
 * How much one transaction may bring into memory.
 *
 * @param scanRecordsMax live records read when a collection's definition changes
 * @param scanBytesMax UTF-8 bytes of their JSON text together
 * @param bytesMax UTF-8 bytes of JSON text of the records read by their ids and of relationships;
 *     the setting is {@code --load-bytes-max}
 * @param linksMax relationships found at the records asked about, and records found pointing at one;
 *     the setting is {@code --cascade-rows-max}
 */
public record LoadLimits(int scanRecordsMax, long scanBytesMax, long bytesMax, int linksMax) {}
