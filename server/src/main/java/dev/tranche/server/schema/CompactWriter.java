package dev.tranche.server.schema;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * Writes a tree as JSON text without blanks, numbers with the digits they were read with. Throws
 * {@link IllegalArgumentException} on what the strict parser would not read back.
 */
final class CompactWriter {
    private final JsonText out = new JsonText();

    private CompactWriter() {}

    static String write(JsonNode tree) {
        CompactWriter writer = new CompactWriter();
        writer.value(tree, 0);
        return writer.out.toString();
    }

    private void value(JsonNode node, int level) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node, inner(level));
            case ARRAY -> array(node, inner(level));
            case NUMBER -> number(node);
            case STRING -> out.string(valid(node.stringValue()));
            case BOOLEAN -> out.literal(Boolean.toString(node.booleanValue()));
            case NULL -> out.literal("null");
            case BINARY, MISSING, POJO -> throw refused("a node of type " + node.getNodeType());
        }
    }

    private static int inner(int level) {
        if (level == Json.NESTING_MAX) {
            throw refused("more than " + level + " levels of nesting");
        }
        return level + 1;
    }

    private void object(JsonNode node, int level) {
        out.beginObject();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            out.name(valid(member.getKey()));
            value(member.getValue(), level);
        }
        out.endObject();
    }

    private void array(JsonNode node, int level) {
        out.beginArray();
        for (JsonNode element : node.values()) {
            value(element, level);
        }
        out.endArray();
    }

    private void number(JsonNode node) {
        if (((NumericNode) node).isNaN() || node.isFloat()) {
            throw refused("a number that is not finite, or of single precision");
        }
        out.literal(
                node instanceof ExactNumber exact ? exact.text() : node.numberValue().toString());
    }

    private static String valid(String text) {
        if (!Unicode.isValid(text)) {
            throw refused("text with half a surrogate pair");
        }
        return text;
    }

    private static IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("no JSON that Tranche takes: " + what);
    }
}
