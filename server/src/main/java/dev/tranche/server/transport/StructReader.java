package dev.tranche.server.transport;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tranche.server.schema.Json;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads a {@link Struct} into a tree, whole numbers as whole numbers: 90 stays 90. */
final class StructReader {
    private static final int PATH_CHARS_MAX = 1_000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Violations violations;
    private final StringBuilder path;

    /**
     * @param path of the Struct, from the root of the request
     */
    StructReader(String path, Violations violations) {
        this.path = new StringBuilder(path);
        this.violations = violations;
    }

    /**
     * The object; makes sense only if no violation was found.
     *
     * @param level objects and arrays around it, itself counted
     */
    ObjectNode object(Struct struct, int level) {
        ObjectNode object = NODES.objectNode();
        if (isWithin(level)) {
            struct.getFieldsMap()
                    .forEach((name, value) -> object.set(name, at(name, value, level)));
        }
        return object;
    }

    private ArrayNode array(ListValue list, int level) {
        ArrayNode array = NODES.arrayNode();
        if (isWithin(level)) {
            int index = 0;
            for (Value element : list.getValuesList()) {
                array.add(at(Integer.toString(index++), element, level));
            }
        }
        return array;
    }

    private boolean isWithin(int level) {
        if (level > Json.NESTING_MAX) {
            refuse("more than " + Json.NESTING_MAX + " levels of nesting given");
            return false;
        }
        return true;
    }

    private JsonNode at(String name, Value value, int level) {
        int length = path.length();
        path.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        JsonNode node = value(value, level);
        path.setLength(length);
        return node;
    }

    private JsonNode value(Value value, int level) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> object(value.getStructValue(), level + 1);
            case LIST_VALUE -> array(value.getListValue(), level + 1);
            case STRING_VALUE -> NODES.stringNode(value.getStringValue());
            case NUMBER_VALUE -> number(value.getNumberValue());
            case BOOL_VALUE -> NODES.booleanNode(value.getBoolValue());
            case NULL_VALUE -> NODES.nullNode();
            case KIND_NOT_SET -> {
                refuse("a Value of no kind given");
                yield NODES.nullNode();
            }
        };
    }

    private JsonNode number(double number) {
        if (!Double.isFinite(number)) {
            refuse(number + " given, finite numbers allowed");
        } else if (number != Math.rint(number)) {
            return NODES.numberNode(BigDecimal.valueOf(number));
        } else if (Math.abs(number) > Documents.WHOLE_MAX) {
            refuse(
                    "a whole number beyond ±(2^53 - 1) given, which has lost digits in a Struct; send"
                            + " JSON text instead");
        } else {
            return NODES.numberNode((long) number);
        }
        return NODES.nullNode();
    }

    private void refuse(String description) {
        String at =
                path.length() <= PATH_CHARS_MAX
                        ? path.toString()
                        : path.substring(0, PATH_CHARS_MAX) + "…";
        violations.add(at, description);
    }
}
