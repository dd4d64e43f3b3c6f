package dev.tranche.server.insert;

import dev.tranche.server.batch.Counts;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.batch.OnConflict;
import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.Chunk.Work;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.IndexedOutcome;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** Says what became of the records of one call, by what their operations came to. */
final class Verdicts {
    private final InsertOptions options;
    private final int attempt;
    private final boolean namesTwins;

    /** What this call wrote, to name the twin of a record that fails. */
    private final Twins written = new Twins();

    /**
     * @param attempt which one this is, from 1
     * @param namesTwins whether twins in the same call are named, which takes memory for each record
     */
    Verdicts(InsertOptions options, int attempt, boolean namesTwins) {
        this.options = options;
        this.attempt = attempt;
        this.namesTwins = namesTwins;
    }

    /** Takes note of what is committed. */
    void remember(List<ItemResult> results) {
        if (namesTwins) {
            for (ItemResult result : results) {
                if (result.outcome() instanceof Outcome.Applied applied
                        && applied.effect() != Effect.UNCHANGED
                        && applied.recordId() != null) {
                    written.add(applied.recordId(), result.index());
                }
            }
        }
    }

    /**
     * One result per entry.
     *
     * @throws CallFailure if what all records have in common is wrong
     */
    List<ItemResult> of(Chunk chunk, Pass.Complete pass) {
        Iterator<IndexedOutcome> outcomes = pass.outcomes().iterator();
        List<ItemResult> results = new ArrayList<>(chunk.entries().size());
        for (Entry entry : chunk.entries()) {
            results.add(
                    switch (entry.work()) {
                        case Work.Insert insert -> result(entry, verdict(outcomes.next()));
                        case Work.Fail fail -> result(entry, new Outcome.Failed(fail.error()));
                        case Work.Keep keep -> Objects.requireNonNull(entry.before());
                    });
        }
        return results;
    }

    /** If all stand or fall together and one failed, none stands. */
    List<ItemResult> standing(List<ItemResult> results) {
        return stand(results) ? results : results.stream().map(this::rolledBack).toList();
    }

    /** Whether what the operations changed is to be written. */
    boolean stand(List<ItemResult> results) {
        return !options.allOrNothing()
                || results.stream().noneMatch(one -> one.outcome() instanceof Outcome.Failed);
    }

    /** The counts of a batch after the results of a chunk, or of its beginning. */
    static Counts counts(Counts before, List<Entry> entries, List<ItemResult> results) {
        Counts counts = before;
        for (int i = 0; i < results.size(); i++) {
            counts = count(counts, entries.get(i), results.get(i));
        }
        return counts;
    }

    /**
     * How many entries there are up to the failure that ends the batch.
     *
     * @param failuresMax the failure that makes so many; 0 for none
     * @return -1 if it goes on
     */
    static int end(Counts before, Chunk chunk, List<ItemResult> results, int failuresMax) {
        Counts counts = before;
        for (int i = 0; i < results.size() && failuresMax > 0; i++) {
            counts = count(counts, chunk.entries().get(i), results.get(i));
            if (counts.failed() >= failuresMax) {
                return i + 1;
            }
        }
        return -1;
    }

    private static Counts count(Counts counts, Entry entry, ItemResult result) {
        Counts without = entry.before() == null ? counts : counts.minus(entry.before().outcome());
        return without.plus(result.outcome());
    }

    private ItemResult result(Entry entry, Outcome outcome) {
        return new ItemResult(entry.index(), outcome, attempt);
    }

    private Outcome verdict(IndexedOutcome one) {
        if (!(one.outcome() instanceof Outcome.Failed failed)) {
            return one.outcome().brief();
        }
        ItemError error = failed.error();
        refuseCommon(error, "records[" + one.index() + "].by_constraint");
        String existing = error.existingRecordId();
        if (options.onConflict() == OnConflict.SKIP && existing != null && isConflict(error)) {
            return new Outcome.Skipped(existing);
        }
        return new Outcome.Failed(withTwin(error));
    }

    /** Of a stream none is named: which ones could be would depend on how it was cut into chunks. */
    private ItemError withTwin(ItemError error) {
        if (!namesTwins) {
            return error.causedBy(null);
        }
        return error.existingRecordId() == null || error.earlierIndex() != null
                ? error
                : error.causedBy(written.index(error.existingRecordId()));
    }

    private static boolean isConflict(ItemError error) {
        return error.reason() == Reason.RECORD_ALREADY_EXISTS
                || error.reason() == Reason.UNIQUE_CONSTRAINT_VIOLATION;
    }

    /**
     * @param constraintPath where an operation names the constraint that says which record is meant
     */
    private static void refuseCommon(ItemError error, String constraintPath) {
        if (error.reason() == Reason.COLLECTION_NOT_FOUND) {
            throw new CallFailure(
                    new Failure.Refused(error.reason(), error.message(), error.variables()));
        }
        if (error.violations().stream().anyMatch(one -> one.path().equals(constraintPath))) {
            throw new CallFailure(
                    new Failure.InvalidRequest(
                            List.of(new Violation("conflict_constraint", error.message()))));
        }
    }

    private ItemResult rolledBack(ItemResult result) {
        return switch (result.outcome()) {
            case Outcome.Failed failed -> result;
            case Outcome.Applied applied -> rolledBack(result.index());
            case Outcome.Skipped skipped -> rolledBack(result.index());
            case Outcome.NotAttempted nothing -> rolledBack(result.index());
            case Outcome.RolledBack nothing -> rolledBack(result.index());
        };
    }

    private ItemResult rolledBack(int index) {
        return new ItemResult(index, new Outcome.RolledBack(), attempt);
    }
}
