package dev.tranche.server.execute;

import dev.tranche.server.batch.Counts;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Failure.IndexedError;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Pass;
import java.util.List;

/**
 * What the operations of a batch came to.
 *
 * @param all one per operation, ascending by index
 */
record Results(List<ItemResult> all) {
    /** Before anything was tried. */
    static final Results NONE = new Results(List.of());

    /** Of a pass, with as much as the caller wants to see. */
    static Results of(Pass.Complete pass, ResultView view) {
        return new Results(
                pass.outcomes().stream()
                        .map(one -> new ItemResult(one.index(), seen(one.outcome(), view), 1))
                        .toList());
    }

    private static Outcome seen(Outcome outcome, ResultView view) {
        return switch (view) {
            case BASIC -> outcome.brief();
            case FULL -> outcome;
        };
    }

    /** What is replied: what was not attempted stands in the account, and ends a reply. */
    List<ItemResult> attempted() {
        return all.stream()
                .takeWhile(one -> !(one.outcome() instanceof Outcome.NotAttempted))
                .toList();
    }

    /**
     * Ends a call whose operations do not stand.
     *
     * @param begun whether anything could have been written
     * @throws CallFailure if it is to be rolled back, and one of them failed
     */
    void refuseFailures(OnError onError, boolean begun) {
        switch (onError) {
            case ROLLBACK -> {
                List<IndexedError> errors = errors();
                if (!errors.isEmpty()) {
                    throw new CallFailure(new Failure.RolledBack(errors, begun));
                }
            }
            case CONTINUE, STOP -> {}
        }
    }

    Counts counts() {
        Counts counts = Counts.none(all.size());
        for (ItemResult result : all) {
            counts = counts.plus(result.outcome());
        }
        return counts;
    }

    private List<IndexedError> errors() {
        return all.stream()
                .filter(one -> one.outcome() instanceof Outcome.Failed)
                .map(one -> new IndexedError(one.index(), ((Outcome.Failed) one.outcome()).error()))
                .toList();
    }
}
