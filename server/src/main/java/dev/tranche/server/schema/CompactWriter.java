package dev.tranche.server.schema;

import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * Writes a tree as JSON text without blanks, numbers with the digits they were read with. Throws
 * {@link IllegalArgumentException} on what the strict parser would not read back.
 */
final class CompactWriter {
    private final StringBuilder out = new StringBuilder();

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
            case STRING -> string(node.stringValue());
            case BOOLEAN -> out.append(node.booleanValue());
            case NULL -> out.append("null");
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
        char before = '{';
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            out.append(before);
            string(member.getKey());
            out.append(':');
            value(member.getValue(), level);
            before = ',';
        }
        out.append(node.isEmpty() ? "{}" : "}");
    }

    private void array(JsonNode node, int level) {
        char before = '[';
        for (JsonNode element : node.values()) {
            out.append(before);
            value(element, level);
            before = ',';
        }
        out.append(node.isEmpty() ? "[]" : "]");
    }

    private void number(JsonNode node) {
        if (((NumericNode) node).isNaN() || node.isFloat()) {
            throw refused("a number that is not finite, or of single precision");
        }
        out.append(
                node instanceof ExactNumber exact ? exact.text() : node.numberValue().toString());
    }

    private void string(String text) {
        if (!Unicode.isValid(text)) {
            throw refused("text with half a surrogate pair");
        }
        out.append('"');
        for (int at = 0; at < text.length(); at++) {
            character(text.charAt(at));
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ') {
                    out.append("\\u").append(HexFormat.of().toHexDigits(c));
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("no JSON that Tranche takes: " + what);
    }
}
