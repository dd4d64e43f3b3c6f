package dev.tranche.server.transport;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tranche.server.schema.Json;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes JSON objects as {@link Struct}s, where that loses nothing. */
final class Documents {
    /** The largest whole number from which a double still tells its neighbours. */
    static final long WHOLE_MAX = (1L << 53) - 1;

    private static final BigDecimal EXACT_MAX = BigDecimal.valueOf(WHOLE_MAX);

    private Documents() {}

    /** The object as a Struct; null if it holds a number that a double cannot. */
    static @Nullable Struct struct(Json object) {
        return isExact(object.tree()) ? struct(object.tree()) : null;
    }

    private static boolean isExact(JsonNode node) {
        if (node.isNumber()) {
            return node.isInt() || isExact(node.decimalValue());
        }
        for (JsonNode inner : node) {
            if (!isExact(inner)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isExact(BigDecimal number) {
        if (number.signum() == 0) {
            return true;
        }
        if (number.stripTrailingZeros().scale() <= 0) {
            return number.abs().compareTo(EXACT_MAX) <= 0;
        }
        double nearest = number.doubleValue();
        return Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(number) == 0;
    }

    private static Struct struct(JsonNode object) {
        Struct.Builder struct = Struct.newBuilder();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            struct.putFields(member.getKey(), value(member.getValue()));
        }
        return struct.build();
    }

    private static Value value(JsonNode node) {
        Value.Builder value = Value.newBuilder();
        return switch (node.getNodeType()) {
            case OBJECT -> value.setStructValue(struct(node)).build();
            case ARRAY -> value.setListValue(list(node)).build();
            case STRING -> value.setStringValue(node.stringValue()).build();
            case NUMBER -> value.setNumberValue(node.decimalValue().doubleValue()).build();
            case BOOLEAN -> value.setBoolValue(node.booleanValue()).build();
            case NULL -> value.setNullValue(NullValue.NULL_VALUE).build();
            case BINARY, MISSING, POJO ->
                    throw new IllegalArgumentException("no JSON: " + node.getNodeType());
        };
    }

    private static ListValue list(JsonNode array) {
        ListValue.Builder list = ListValue.newBuilder();
        for (JsonNode element : array) {
            list.addValues(value(element));
        }
        return list.build();
    }
}
