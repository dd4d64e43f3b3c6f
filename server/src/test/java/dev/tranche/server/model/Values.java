package dev.tranche.server.model;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON values as plain Java: maps, lists, strings, booleans, numbers without trailing zeros, and
 * {@link Null#NULL}. So {@code equals} compares values: 1 is 1.0, and is not "1".
 */
final class Values {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Begins what the server draws and the model cannot know; it stands for any text. */
    private static final String UNKNOWN = "\u0001unknown ";

    /** JSON's null. */
    enum Null {
        NULL
    }

    private Values() {}

    static Map<String, Object> object(String text) {
        return object(MAPPER.readTree(text));
    }

    static Map<String, Object> object(Struct struct) {
        Map<String, Object> object = new LinkedHashMap<>();
        struct.getFieldsMap().forEach((name, value) -> object.put(name, of(value)));
        return object;
    }

    private static Map<String, Object> object(JsonNode node) {
        Map<String, Object> object = new LinkedHashMap<>();
        node.properties().forEach(one -> object.put(one.getKey(), of(one.getValue())));
        return object;
    }

    private static Object of(JsonNode node) {
        if (node.isObject()) {
            return object(node);
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(one -> list.add(of(one)));
            return list;
        }
        if (node.isNumber()) {
            return number(node.decimalValue());
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? Null.NULL : node.stringValue();
    }

    private static Object of(Value value) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> object(value.getStructValue());
            case LIST_VALUE ->
                    value.getListValue().getValuesList().stream().map(Values::of).toList();
            case NUMBER_VALUE -> number(BigDecimal.valueOf(value.getNumberValue()));
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case NULL_VALUE -> Null.NULL;
            case KIND_NOT_SET -> throw new IllegalArgumentException("a value of no kind");
        };
    }

    static Object number(long value) {
        return number(BigDecimal.valueOf(value));
    }

    private static Object number(BigDecimal value) {
        return value.stripTrailingZeros();
    }

    /** The value under a path of names joined by dots; null if there is none. */
    static @Nullable Object at(Map<String, Object> object, String path) {
        Object value = object;
        for (String name : path.split("\\.", -1)) {
            value = member(value, name);
            if (value == null) {
                return null;
            }
        }
        return value;
    }

    private static @Nullable Object member(Object value, String name) {
        return value instanceof Map<?, ?> map ? map.get(name) : null;
    }

    /** As {@link #at}, and a name is a position in a list. */
    static @Nullable Object find(Map<String, Object> object, String path) {
        Object value = object;
        for (String name : path.split("\\.", -1)) {
            value = value instanceof List<?> list ? element(list, name) : member(value, name);
            if (value == null) {
                return null;
            }
        }
        return value;
    }

    private static @Nullable Object element(List<?> list, String name) {
        return name.matches("[0-9]{1,6}") && Integer.parseInt(name) < list.size()
                ? list.get(Integer.parseInt(name))
                : null;
    }

    /** RFC 7396. */
    static Map<String, Object> merged(Map<?, ?> target, Map<?, ?> patch) {
        Map<String, Object> merged = new LinkedHashMap<>();
        target.forEach((name, value) -> merged.put((String) name, value));
        patch.forEach((name, value) -> {
            if (value == Null.NULL) {
                merged.remove((String) name);
            } else if (value instanceof Map<?, ?> inner) {
                Map<?, ?> under =
                        merged.get((String) name) instanceof Map<?, ?> was ? was : Map.of();
                merged.put((String) name, merged(under, inner));
            } else {
                merged.put((String) name, value);
            }
        });
        return merged;
    }

    static String unknown(String what) {
        return UNKNOWN + what;
    }

    static boolean isUnknown(String text) {
        return text.startsWith(UNKNOWN);
    }

    /** Whether the values are the same, where unknown texts stand for any text. */
    static boolean match(@Nullable Object expected, @Nullable Object given) {
        if (expected instanceof String text && isUnknown(text)) {
            return given instanceof String other && !other.isEmpty();
        }
        if (expected instanceof Map<?, ?> map && given instanceof Map<?, ?> other) {
            return map.keySet().equals(other.keySet())
                    && map.keySet().stream()
                            .allMatch(name -> match(map.get(name), other.get(name)));
        }
        if (expected instanceof List<?> list && given instanceof List<?> other) {
            boolean same = list.size() == other.size();
            for (int i = 0; same && i < list.size(); i++) {
                same = match(list.get(i), other.get(i));
            }
            return same;
        }
        return expected == null ? given == null : expected.equals(given);
    }
}
