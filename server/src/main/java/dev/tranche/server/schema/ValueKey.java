package dev.tranche.server.schema;

import tools.jackson.databind.JsonNode;

/**
 * What tells a value apart in a hash map: equal for equal values, and comparable with others of its
 * kind, so that whoever makes up values of one hash gains nothing.
 */
final class ValueKey {
    private ValueKey() {}

    static Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case NUMBER -> CanonicalNumber.of(node);
            case BOOLEAN -> node.booleanValue();
            case NULL -> KeyHash.ZERO;
            case OBJECT, ARRAY, BINARY, MISSING, POJO -> KeyHash.of(node);
        };
    }
}
