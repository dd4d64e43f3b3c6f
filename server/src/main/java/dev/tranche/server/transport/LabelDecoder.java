package dev.tranche.server.transport;

import dev.tranche.server.schema.Identifiers;
import dev.tranche.server.schema.Json;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.StringNode;

/** Reads the labels of a batch. */
final class LabelDecoder {
    private LabelDecoder() {}

    /** The labels as they are; what is wrong with them is added to the violations. */
    static Map<String, String> decode(Map<String, String> labels, Violations violations) {
        if (labels.size() > Identifiers.LABELS_MAX) {
            violations.add(
                    "labels",
                    labels.size() + " given, at most " + Identifiers.LABELS_MAX + " allowed");
        }
        new TreeMap<>(labels)
                .forEach((key, value) -> {
                    violations.check(path(key), Identifiers.labelKey(key));
                    violations.check(path(key), Identifiers.labelValue(value));
                });
        return Map.copyOf(labels);
    }

    private static String path(String key) {
        String shown = Utf8.cut(key, Identifiers.LABEL_KEY_BYTES_MAX);
        return "labels[" + Json.of(StringNode.valueOf(shown)).text() + "]";
    }
}
