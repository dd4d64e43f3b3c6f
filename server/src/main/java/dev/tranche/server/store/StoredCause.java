package dev.tranche.server.store;

import dev.tranche.server.batch.Batch.Cause;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Why a batch failed, as JSON: {@code {"reason":…,"message":…}}. */
final class StoredCause {
    private StoredCause() {}

    static @Nullable String write(@Nullable Cause cause) {
        return cause == null
                ? null
                : Json.of(
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("reason", cause.reason().name())
                                        .put("message", cause.message()))
                        .text();
    }

    static @Nullable Cause read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        JsonNode tree = StoredJson.parse(text).tree();
        Reason reason = Reason.valueOf(tree.path("reason").stringValue(""));
        return new Cause(reason, tree.path("message").stringValue(""));
    }
}
