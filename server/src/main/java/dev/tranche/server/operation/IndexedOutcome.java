package dev.tranche.server.operation;

/**
 * An outcome at its place.
 *
 * @param index the caller's, from 0
 */
public record IndexedOutcome(int index, Outcome outcome) {}
