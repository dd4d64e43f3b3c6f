package dev.tranche.server.execute;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ReferenceDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which definitions can be taken over: what is referred to comes first. Where new
 * collections refer to each other in a circle, one of them comes without what is not there yet, and
 * once more, whole, at the end.
 */
final class PromotionOrder {
    private final List<CollectionRow> rows;

    /** Position of the collections that are not there yet, by name. */
    private final Map<String, Integer> coming = new HashMap<>();

    /** How many others each one still waits for. */
    private final int[] waitsFor;

    private final List<List<Integer>> awaitedBy = new ArrayList<>();
    private final ArrayDeque<Integer> ready = new ArrayDeque<>();
    private final Set<Integer> settled = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> again = new ArrayList<>();

    /**
     * One definition to take over.
     *
     * @param position of its collection among those to be promoted
     */
    record Step(int position, CollectionDefinition definition) {}

    private PromotionOrder(List<CollectionRow> rows, Set<String> living) {
        this.rows = rows;
        this.waitsFor = new int[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            awaitedBy.add(new ArrayList<>());
            if (!living.contains(rows.get(i).name())) {
                coming.put(rows.get(i).name(), i);
            }
        }
    }

    /**
     * The steps in order.
     *
     * @param rows the collections of the source
     * @param living names of those that live in the target
     */
    static List<Step> of(List<CollectionRow> rows, Set<String> living) {
        PromotionOrder order = new PromotionOrder(rows, living);
        order.link();
        order.settleAll();
        return order.steps;
    }

    private void link() {
        for (int i = 0; i < rows.size(); i++) {
            Set<Integer> awaited = new HashSet<>();
            for (ReferenceDefinition one : rows.get(i).definition().references()) {
                Integer target = coming.get(one.collection());
                if (target != null && target != i && awaited.add(target)) {
                    awaitedBy.get(target).add(i);
                }
            }
            waitsFor[i] = awaited.size();
            if (awaited.isEmpty()) {
                ready.add(i);
            }
        }
    }

    private void settleAll() {
        settleReady();
        for (int i = 0; i < rows.size(); i++) {
            if (!settled.contains(i)) {
                CollectionDefinition whole = rows.get(i).definition();
                steps.add(new Step(i, withoutMissing(i, whole)));
                again.add(new Step(i, whole));
                settle(i);
                settleReady();
            }
        }
        steps.addAll(again);
    }

    private void settleReady() {
        while (!ready.isEmpty()) {
            int position = ready.remove();
            steps.add(new Step(position, rows.get(position).definition()));
            settle(position);
        }
    }

    private void settle(int position) {
        settled.add(position);
        for (int waiting : awaitedBy.get(position)) {
            if (--waitsFor[waiting] == 0 && !settled.contains(waiting)) {
                ready.add(waiting);
            }
        }
    }

    private CollectionDefinition withoutMissing(int position, CollectionDefinition whole) {
        List<ReferenceDefinition> there =
                whole.references().stream()
                        .filter(one -> isThere(position, coming.get(one.collection())))
                        .toList();
        return new CollectionDefinition(
                whole.schema(), whole.constraints(), there, whole.ifMatchRequired());
    }

    private boolean isThere(int position, @Nullable Integer target) {
        return target == null || target == position || settled.contains(target);
    }
}
