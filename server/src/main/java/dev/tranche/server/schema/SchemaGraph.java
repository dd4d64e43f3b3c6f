package dev.tranche.server.schema;

import dev.tranche.server.schema.SchemaOutline.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What it takes to apply a schema to one value, the parts of the value apart. A schema that applies
 * itself to the same value, by whatever detour, never ends; one that applies itself to parts of the
 * value, as that of a tree does, ends with the value.
 */
final class SchemaGraph {
    /**
     * What one value costs.
     *
     * @param schemas how many are applied, each as often as it is
     * @param depth how many are applied inside each other
     */
    private record Cost(long schemas, int depth) {
        static final Cost NONE = new Cost(0, 0);
        static final long HUGE = Long.MAX_VALUE / 2;

        Cost plus(Cost inner) {
            return new Cost(Math.min(HUGE, schemas + inner.schemas), Math.max(depth, inner.depth));
        }

        Cost around() {
            return new Cost(schemas + 1, depth + 1);
        }
    }

    private final Map<String, List<String>> applied;

    /** Of the schemas that end. */
    private final Map<String, Cost> costs = new HashMap<>();

    private SchemaGraph(Map<String, List<String>> applied) {
        this.applied = applied;
    }

    static void check(SchemaOutline outline, Map<Reference, String> targets, JsonLimits limits) {
        SchemaGraph graph = new SchemaGraph(outline.applied);
        graph.count();
        Set<String> endless = graph.endless();
        for (Reference reference : outline.references) {
            if (endless.contains(reference.schema().toString())
                    && endless.contains(targets.get(reference))) {
                outline.violations.add(
                        Violation.at(
                                reference.schema().at(reference.keyword()).toString(),
                                Excerpt.quoted(reference.target())
                                        + " given, which leads back to itself for the same value;"
                                        + " references that end allowed"));
            }
        }
        graph.refuseCostly(outline, limits);
    }

    private void count() {
        for (String schema : innerFirst(applied)) {
            costs.put(schema, cost(schema));
        }
    }

    /** The schemas, each after those it leads to; without those that lead into a circle. */
    private static List<String> innerFirst(Map<String, List<String>> edges) {
        Map<String, List<String>> sources = reversed(edges);
        Map<String, Integer> waiting = new HashMap<>();
        List<String> ready = new ArrayList<>();
        edges.forEach((schema, targets) -> {
            waiting.put(schema, targets.size());
            if (targets.isEmpty()) {
                ready.add(schema);
            }
        });
        for (int at = 0; at < ready.size(); at++) {
            for (String source : sources.getOrDefault(ready.get(at), List.of())) {
                if (waiting.merge(source, -1, Integer::sum) == 0) {
                    ready.add(source);
                }
            }
        }
        return ready;
    }

    private Cost cost(String schema) {
        Cost inner = Cost.NONE;
        for (String one : applied.getOrDefault(schema, List.of())) {
            inner = inner.plus(costs.getOrDefault(one, Cost.NONE));
        }
        return inner.around();
    }

    /** What leads into a circle and is led to from one: the circles, and the ways between them. */
    private Set<String> endless() {
        Set<String> endless = new HashSet<>(applied.keySet());
        endless.removeAll(costs.keySet());
        innerFirst(reversed(applied)).forEach(endless::remove);
        return endless;
    }

    private void refuseCostly(SchemaOutline outline, JsonLimits limits) {
        for (String schema : outline.schemas.keySet()) {
            Cost cost = costs.getOrDefault(schema, Cost.NONE);
            if (cost.schemas() > limits.evaluationStepsMax()
                    || cost.depth() > limits.evaluationDepthMax()) {
                outline.violations.add(
                        Violation.at(
                                schema,
                                "schema given that applies more than "
                                        + limits.evaluationStepsMax()
                                        + " schemas to one value, or more than "
                                        + limits.evaluationDepthMax()
                                        + " inside each other, at most that allowed"));
                return;
            }
        }
    }

    private static Map<String, List<String>> reversed(Map<String, List<String>> edges) {
        Map<String, List<String>> reversed = new HashMap<>();
        edges.keySet().forEach(schema -> reversed.put(schema, new ArrayList<>()));
        edges.forEach((from, targets) ->
                targets.forEach(
                        to -> reversed.computeIfAbsent(to, none -> new ArrayList<>()).add(from)));
        return reversed;
    }
}
