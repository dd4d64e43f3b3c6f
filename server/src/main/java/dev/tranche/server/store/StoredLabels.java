package dev.tranche.server.store;

import dev.tranche.server.schema.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The labels of a batch, as a JSON object of texts; none are null. */
final class StoredLabels {
    private StoredLabels() {}

    static @Nullable String write(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return null;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(labels).forEach(object::put);
        return Json.of(object).text();
    }

    static Map<String, String> read(@Nullable String text) {
        if (text == null) {
            return Map.of();
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> one : StoredJson.parse(text).tree().properties()) {
            labels.put(one.getKey(), one.getValue().stringValue(""));
        }
        return Map.copyOf(labels);
    }
}
