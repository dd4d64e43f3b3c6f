package dev.tranche.server.schema;

import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Equality by value: the order of members is free, 1 = 1.0, types are kept apart. */
final class ValueEquality {
    private ValueEquality() {}

    static boolean equal(JsonNode a, JsonNode b) {
        if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
            return false;
        }
        return switch (a.getNodeType()) {
            case OBJECT -> membersEqual(a, b);
            case ARRAY -> elementsEqual(a, b);
            case NUMBER -> numbersEqual(a, b);
            case STRING -> a.stringValue().equals(b.stringValue());
            case BOOLEAN -> a.booleanValue() == b.booleanValue();
            case NULL -> true;
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("no JSON: " + a);
        };
    }

    /** Equal values have equal hashes. */
    static int hash(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                int sum = 1;
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    sum += 31 * member.getKey().hashCode() ^ hash(member.getValue());
                }
                yield sum;
            }
            case ARRAY -> {
                int sum = 2;
                for (JsonNode element : node.values()) {
                    sum = 31 * sum + hash(element);
                }
                yield sum;
            }
            case NUMBER -> CanonicalNumber.of(node).hashCode();
            case STRING -> node.stringValue().hashCode();
            case BOOLEAN -> Boolean.hashCode(node.booleanValue());
            case NULL -> 3;
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("no JSON: " + node);
        };
    }

    private static boolean membersEqual(JsonNode a, JsonNode b) {
        for (Map.Entry<String, JsonNode> member : a.properties()) {
            JsonNode other = b.get(member.getKey());
            if (other == null || !equal(member.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean elementsEqual(JsonNode a, JsonNode b) {
        Iterator<JsonNode> others = b.values().iterator();
        for (JsonNode element : a.values()) {
            if (!equal(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean numbersEqual(JsonNode a, JsonNode b) {
        return (isLong(a) && isLong(b))
                ? a.longValue() == b.longValue()
                : CanonicalNumber.of(a).equals(CanonicalNumber.of(b));
    }

    /** The order of two numbers: negative, zero or positive. */
    static int compareNumbers(JsonNode a, JsonNode b) {
        return isLong(a) && isLong(b)
                ? Long.compare(a.longValue(), b.longValue())
                : a.decimalValue().compareTo(b.decimalValue());
    }

    static boolean isLong(JsonNode number) {
        return number.isInt() || number.isLong();
    }
}
