package dev.tranche.server.execute;

import dev.tranche.server.execute.PromotionOrder.Step;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Failure.IndexedError;
import dev.tranche.server.operation.IndexedOutcome;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Resource.OfCollection;
import dev.tranche.server.operation.Rows.CollectionRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the collections came to. A collection can have been changed in two steps, and counts as one.
 *
 * @param before those of them that live in the target, by name
 * @param steps one per outcome of the pass
 */
record PromotionResults(
        PromotionPlan plan,
        Map<String, CollectionRow> before,
        List<Step> steps,
        Pass.Complete pass) {

    /**
     * One for each collection, in the order of the plan.
     *
     * @param source name of the workspace they come from
     * @param begun whether anything could have been written
     * @throws CallFailure if any of them failed; it names all that did
     */
    List<Promotion> promotions(String source, boolean begun) {
        Map<String, Integer> indexes = plan.indexes();
        TreeMap<Integer, ItemError> errors = missing(source, indexes);
        TreeMap<Integer, Promotion> promotions = new TreeMap<>();
        for (IndexedOutcome one : pass.outcomes()) {
            String name = nameAt(one.index());
            int index = indexes.getOrDefault(name, 0);
            switch (one.outcome()) {
                case Outcome.Applied applied ->
                        promotions.put(index, promotion(name, applied, promotions.get(index)));
                case Outcome.Failed failed ->
                        errors.putIfAbsent(index, error(name, failed.error(), indexes));
                case Outcome.Skipped none -> throw unexpected(none);
                case Outcome.NotAttempted none -> throw unexpected(none);
                case Outcome.RolledBack none -> throw unexpected(none);
            }
        }
        if (!errors.isEmpty()) {
            throw new CallFailure(new Failure.RolledBack(list(errors), begun, "collections"));
        }
        return List.copyOf(promotions.values());
    }

    private TreeMap<Integer, ItemError> missing(String source, Map<String, Integer> indexes) {
        TreeMap<Integer, ItemError> errors = new TreeMap<>();
        for (String name : plan.missing()) {
            String message = quoted(name) + " does not exist in workspace \"" + source + "\"";
            errors.put(
                    indexes.getOrDefault(name, 0),
                    new ItemError(
                            Reason.COLLECTION_NOT_FOUND,
                            message,
                            List.of(),
                            null,
                            null,
                            null,
                            Map.of("collection", name, "workspace", source)));
        }
        return errors;
    }

    private Promotion promotion(String name, Outcome.Applied applied, @Nullable Promotion earlier) {
        if (!(applied.resource() instanceof OfCollection after)) {
            throw new IllegalStateException("an upsert left no collection");
        }
        CollectionRow was = before.get(name);
        Effect effect = earlier == null ? applied.effect() : earlier.effect();
        return new Promotion(name, effect, was == null ? null : OfCollection.of(was), after);
    }

    /** The error of a step as one of its collection: callers know of no steps. */
    private ItemError error(String name, ItemError error, Map<String, Integer> indexes) {
        String culprit = error.earlierIndex() == null ? null : nameAt(error.earlierIndex());
        Map<String, String> variables = new HashMap<>(error.variables());
        variables.putIfAbsent("collection", name);
        return new ItemError(
                error.reason(),
                culprit == null
                        ? quoted(name) + ": " + error.message()
                        : quoted(name) + " depends on " + quoted(culprit) + ", which failed",
                error.violations(),
                error.constraint(),
                error.existingRecordId(),
                culprit == null ? null : indexes.get(culprit),
                variables);
    }

    private static String quoted(String collection) {
        return "collection \"" + collection + "\"";
    }

    private String nameAt(int step) {
        return plan.rows().get(steps.get(step).position()).name();
    }

    private static List<IndexedError> list(TreeMap<Integer, ItemError> errors) {
        List<IndexedError> list = new ArrayList<>();
        errors.forEach((index, error) -> list.add(new IndexedError(index, error)));
        return list;
    }

    private static IllegalStateException unexpected(Outcome outcome) {
        return new IllegalStateException("a promotion came to " + outcome);
    }
}
