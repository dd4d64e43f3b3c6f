package dev.tranche.server.batch;

import dev.tranche.server.operation.Outcome;

/**
 * The result of one item.
 *
 * @param index the caller's, from 0
 * @param attempt which attempt came to it, from 1
 */
public record ItemResult(int index, Outcome outcome, int attempt) {}
