package dev.tranche.server.batch;

import dev.tranche.server.operation.Outcome;

/**
 * What became of the items of a batch.
 *
 * @param total how many there are
 * @param succeeded also those that were unchanged or read
 * @param failed those with an error
 * @param skipped those left out on purpose
 */
public record Counts(int total, int succeeded, int failed, int skipped) {

    /** Nothing done yet. */
    public static Counts none(int total) {
        return new Counts(total, 0, 0, 0);
    }

    /** The same, of more items. */
    public Counts of(int more) {
        return new Counts(more, succeeded, failed, skipped);
    }

    /** Rolled back or not attempted. */
    public int notApplied() {
        return total - succeeded - failed - skipped;
    }

    /** With one more outcome. */
    public Counts plus(Outcome outcome) {
        return add(outcome, 1);
    }

    /** Without an outcome that another one replaces. */
    public Counts minus(Outcome outcome) {
        return add(outcome, -1);
    }

    /** The state of a batch that came to its end with these, and of which nothing is to follow. */
    public BatchState endState() {
        if (succeeded + skipped == total) {
            return BatchState.SUCCEEDED;
        }
        if (succeeded + skipped > 0) {
            return BatchState.PARTIALLY_SUCCEEDED;
        }
        return BatchState.FAILED;
    }

    private Counts add(Outcome outcome, int n) {
        return switch (outcome) {
            case Outcome.Applied applied -> new Counts(total, succeeded + n, failed, skipped);
            case Outcome.Skipped skip -> new Counts(total, succeeded, failed, skipped + n);
            case Outcome.Failed error -> new Counts(total, succeeded, failed + n, skipped);
            case Outcome.NotAttempted nothing -> this;
            case Outcome.RolledBack nothing -> this;
        };
    }
}
