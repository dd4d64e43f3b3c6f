package dev.tranche.bench;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The data of records: JSON objects of ten fields, each made of a number. */
final class Product {
    /** Of the JSON text. */
    static final int BYTES = 150;

    static final int LARGE_BYTES = 1_000;

    /** Name of the field of the unique constraint. */
    static final String KEY_FIELD = "sku";

    /** What all of them keep to. */
    static final String SCHEMA =
            """
            {
              "type": "object",
              "properties": {
                "sku": {"type": "string", "minLength": 10, "maxLength": 20},
                "name": {"type": "string", "minLength": 1, "maxLength": 100},
                "price": {"type": "number", "minimum": 0},
                "stock": {"type": "integer", "minimum": 0, "maximum": 100000},
                "active": {"type": "boolean"},
                "rating": {"type": "number", "minimum": 0, "maximum": 5},
                "region": {"enum": ["north", "east", "south", "west"]},
                "day": {"type": "string", "maxLength": 10},
                "size": {"type": "integer", "minimum": 1},
                "note": {"type": "string"}
              },
              "required": ["sku", "name", "price", "stock", "active", "rating", "region", "day",
                           "size", "note"],
              "additionalProperties": false
            }
            """;

    private static final List<String> REGIONS = List.of("north", "east", "south", "west");
    private static final String WORDS = "light and strong, for every day ";
    private static final String NOTE = "note";

    private Product() {}

    /**
     * The value of the unique constraint.
     *
     * @param number from 0 to 999,999,999; another one makes another value
     */
    static String sku(int number) {
        return String.format(Locale.ROOT, "P-%09d", number);
    }

    /**
     * As JSON text of exactly so many bytes.
     *
     * @param bytes at least 150
     */
    static String json(int number, int bytes) {
        return text(struct(number, bytes));
    }

    /** As a {@code Struct}; its JSON text has exactly so many bytes. */
    static Struct struct(int number, int bytes) {
        Struct.Builder fields =
                Struct.newBuilder()
                        .putFields(KEY_FIELD, value(sku(number)))
                        .putFields("name", value("Box " + number % 100))
                        .putFields("price", value(number % 90 + 10 + number % 4 / 4.0))
                        .putFields("stock", value(number % 900 + 100))
                        .putFields(
                                "active", Value.newBuilder().setBoolValue(number % 3 != 0).build())
                        .putFields("rating", value(number % 5 + 0.5))
                        .putFields("region", value(REGIONS.get(number % REGIONS.size())))
                        .putFields("day", value(day(number)))
                        .putFields("size", value(number % 9 + 1))
                        .putFields(NOTE, value(""));
        int rest = bytes - text(fields.build()).length();
        return fields.putFields(
                        NOTE, value(WORDS.repeat(rest / WORDS.length() + 1).substring(0, rest)))
                .build();
    }

    private static String day(int number) {
        return String.format(Locale.ROOT, "2025-%02d-%02d", number % 12 + 1, number % 28 + 1);
    }

    private static Value value(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Value value(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    private static String text(Struct struct) {
        return struct.getFieldsMap().entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + text(field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Nothing in the texts needs to be escaped. */
    private static String text(Value value) {
        if (value.hasStringValue()) {
            return '"' + value.getStringValue() + '"';
        }
        if (value.hasBoolValue()) {
            return Boolean.toString(value.getBoolValue());
        }
        double number = value.getNumberValue();
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
