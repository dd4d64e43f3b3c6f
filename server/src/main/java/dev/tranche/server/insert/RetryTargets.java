package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.insert.RetryRequest.Replacement;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Which indexes of a batch a retry is about. */
final class RetryTargets {
    private final int total;
    private final List<Violation> violations = new ArrayList<>();
    private final TreeSet<Integer> targets = new TreeSet<>();

    private RetryTargets(int total) {
        this.total = total;
    }

    /**
     * The indexes, ascending.
     *
     * @param failed every failed index, for a request that names none
     * @throws CallFailure INVALID_REQUEST if an index is out of range or given twice, or if only
     *     some are named of a batch that stands or falls as a whole
     */
    static List<Integer> of(RetryRequest request, Batch batch, Collection<Integer> failed) {
        int total = batch.counts().total();
        RetryTargets targets = new RetryTargets(total);
        int named = request.indexes().size();
        if (batch.insertOptions().allOrNothing() && named > 0 && named != total) {
            targets.violations.add(
                    new Violation(
                            "retry_indices",
                            named
                                    + " given, none or all "
                                    + total
                                    + " allowed: the batch stands or falls as a whole"));
        }
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < request.indexes().size(); i++) {
            targets.add("retry_indices[" + i + "]", request.indexes().get(i), seen);
        }
        Set<Integer> replaced = new HashSet<>();
        List<Replacement> replacements = request.replacements();
        for (int i = 0; i < replacements.size(); i++) {
            targets.add("replacements[" + i + "].index", replacements.get(i).index(), replaced);
        }
        if (!targets.violations.isEmpty()) {
            throw new CallFailure(new Failure.InvalidRequest(targets.violations));
        }
        if (batch.insertOptions().allOrNothing()) {
            IntStream.range(0, total).forEach(targets.targets::add);
        } else if (request.indexes().isEmpty()) {
            targets.targets.addAll(failed);
        }
        return List.copyOf(targets.targets);
    }

    private void add(String path, int index, Set<Integer> seen) {
        if (index < 0 || index >= total) {
            String allowed = index + " given, 0 to " + (total - 1) + " allowed";
            violations.add(new Violation(path, allowed));
        } else if (!seen.add(index)) {
            violations.add(new Violation(path, index + " given twice"));
        }
        targets.add(index);
    }
}
