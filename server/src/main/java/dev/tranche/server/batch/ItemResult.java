package dev.tranche.server.batch;

import dev.tranche.server.operation.Outcome;

/**
 * The result of one item.
 *
 * @param index the caller's, from 0
 * @param attempt which attempt came to it, from 1
 */
public record ItemResult(int index, Outcome outcome, int attempt) {

    /** Whether the item is settled: it succeeded, or was left out on purpose. */
    public boolean isInForce() {
        return switch (outcome) {
            case Outcome.Applied applied -> true;
            case Outcome.Skipped skipped -> true;
            case Outcome.Failed failed -> false;
            case Outcome.RolledBack nothing -> false;
            case Outcome.NotAttempted nothing -> false;
        };
    }
}
