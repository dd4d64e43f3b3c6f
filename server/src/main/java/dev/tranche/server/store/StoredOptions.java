package dev.tranche.server.store;

import dev.tranche.server.batch.Atomicity;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.OnConflict;
import dev.tranche.server.schema.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How records are inserted, as a JSON object; what it does not name is as by default. */
final class StoredOptions {
    private static final String ON_CONFLICT = "on_conflict";
    private static final String CONFLICT_CONSTRAINT = "conflict_constraint";
    private static final String ATOMICITY = "atomicity";
    private static final String FAILURES_MAX = "failures_max";
    private static final String ORDERED = "ordered";

    private StoredOptions() {}

    static @Nullable String write(@Nullable InsertOptions options) {
        if (options == null) {
            return null;
        }
        ObjectNode object =
                JsonNodeFactory.instance
                        .objectNode()
                        .put(ON_CONFLICT, options.onConflict().name())
                        .put(ATOMICITY, options.atomicity().name())
                        .put(FAILURES_MAX, options.failuresMax())
                        .put(ORDERED, options.ordered());
        if (options.conflictConstraint() != null) {
            object.put(CONFLICT_CONSTRAINT, options.conflictConstraint());
        }
        return Json.of(object).text();
    }

    static @Nullable InsertOptions read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        JsonNode tree = StoredJson.parse(text).tree();
        JsonNode constraint = tree.path(CONFLICT_CONSTRAINT);
        return new InsertOptions(
                OnConflict.valueOf(tree.path(ON_CONFLICT).stringValue(OnConflict.FAIL.name())),
                constraint.isString() ? constraint.stringValue() : null,
                Atomicity.valueOf(tree.path(ATOMICITY).stringValue(Atomicity.PER_RECORD.name())),
                tree.path(FAILURES_MAX).intValue(0),
                tree.path(ORDERED).booleanValue(false));
    }
}
