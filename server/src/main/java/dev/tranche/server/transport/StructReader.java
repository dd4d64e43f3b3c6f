package dev.tranche.server.transport;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.JsonText;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a {@link Struct} as JSON text, whole numbers as whole numbers: 90 stays 90. */
final class StructReader {
    private static final int PATH_CHARS_MAX = 1_000;

    private final Violations violations;
    private final String path;

    /** Names of members and positions in lists from there to what is being read, the last one first. */
    private final Deque<Object> place = new ArrayDeque<>();

    private final JsonText out = new JsonText();

    private StructReader(String path, Violations violations) {
        this.path = path;
        this.violations = violations;
    }

    /**
     * The object; makes sense only if no violation was found.
     *
     * @param path of the Struct, from the root of the request
     */
    static Json read(Struct struct, String path, Violations violations) {
        StructReader reader = new StructReader(path, violations);
        reader.object(struct, 1);
        return Json.known(reader.out.toString());
    }

    /**
     * @param level objects and arrays around it, itself counted
     */
    private void object(Struct struct, int level) {
        out.beginObject();
        if (isWithin(level)) {
            for (Map.Entry<String, Value> member : struct.getFieldsMap().entrySet()) {
                out.name(member.getKey());
                place.push(member.getKey());
                value(member.getValue(), level);
                place.pop();
            }
        }
        out.endObject();
    }

    private void array(ListValue list, int level) {
        out.beginArray();
        if (isWithin(level)) {
            for (int index = 0; index < list.getValuesCount(); index++) {
                place.push(index);
                value(list.getValues(index), level);
                place.pop();
            }
        }
        out.endArray();
    }

    private boolean isWithin(int level) {
        if (level > Json.NESTING_MAX) {
            refuse("more than " + Json.NESTING_MAX + " levels of nesting given");
            return false;
        }
        return true;
    }

    private void value(Value value, int level) {
        switch (value.getKindCase()) {
            case STRUCT_VALUE -> object(value.getStructValue(), level + 1);
            case LIST_VALUE -> array(value.getListValue(), level + 1);
            case STRING_VALUE -> out.string(value.getStringValue());
            case NUMBER_VALUE -> number(value.getNumberValue());
            case BOOL_VALUE -> out.literal(Boolean.toString(value.getBoolValue()));
            case NULL_VALUE -> out.literal("null");
            case KIND_NOT_SET -> refuse("a Value of no kind given");
        }
    }

    private void number(double number) {
        String text = text(number);
        if (text != null) {
            out.literal(text);
        } else if (Double.isFinite(number)) {
            refuse(
                    "a whole number beyond ±(2^53 - 1) given, which has lost digits in a Struct; send"
                            + " JSON text instead");
        } else {
            refuse(number + " given, finite numbers allowed");
        }
    }

    /** A number as JSON text; null if it is not finite, or whole and may have lost digits. */
    static @Nullable String text(double number) {
        if (number == Math.rint(number)) {
            return Math.abs(number) > Documents.WHOLE_MAX ? null : Long.toString((long) number);
        }
        String text = Double.toString(number);
        if (text.indexOf('E') < 0) {
            return Double.isNaN(number) ? null : text;
        }
        return new BigDecimal(text).toString();
    }

    private void refuse(String description) {
        StringBuilder at = new StringBuilder(path);
        place.descendingIterator()
                .forEachRemaining(step ->
                        at.append('/')
                                .append(step.toString().replace("~", "~0").replace("/", "~1")));
        violations.add(
                at.length() <= PATH_CHARS_MAX
                        ? at.toString()
                        : at.substring(0, PATH_CHARS_MAX) + "…",
                description);
    }
}
