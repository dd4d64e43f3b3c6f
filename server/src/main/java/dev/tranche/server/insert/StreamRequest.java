package dev.tranche.server.insert;

import org.jspecify.annotations.Nullable;

/**
 * A {@code StreamInsert}, without its records.
 *
 * @param resultsFrom results of an earlier stream with the same request id are answered again from
 *     this index on; null for none
 */
public record StreamRequest(InsertOrder order, @Nullable Integer resultsFrom) {}
