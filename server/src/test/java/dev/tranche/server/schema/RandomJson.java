package dev.tranche.server.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** Draws JSON values, and writes a value in another way that means the same. */
final class RandomJson {
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    "A",
                    "a ",
                    "\u00e9",
                    "e\u0301",
                    "😀",
                    "1",
                    "true",
                    "null",
                    "\n\"\\/\u0001");
    private static final List<String> NUMBERS =
            List.of("0", "1", "-1", "10", "0.1", "1e400", "-1e-400", "9223372036854775808", "120");

    private final Random random;

    RandomJson(long seed) {
        this.random = new Random(seed);
    }

    /** The text of any value. */
    String value(int levels) {
        return switch (random.nextInt(levels > 0 ? 7 : 5)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case 3, 4 -> quoted(TEXTS.get(random.nextInt(TEXTS.size())));
            case 5 -> "[" + String.join(",", values(levels - 1)) + "]";
            default -> object(levels - 1);
        };
    }

    /** The text of an object. */
    String object(int levels) {
        List<String> names = new ArrayList<>(TEXTS);
        Collections.shuffle(names, random);
        List<String> members = new ArrayList<>();
        for (String name : names.subList(0, random.nextInt(5))) {
            members.add(quoted(name) + ":" + value(levels));
        }
        return "{" + String.join(",", members) + "}";
    }

    private List<String> values(int levels) {
        List<String> values = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            values.add(value(levels));
        }
        return values;
    }

    /** Other blanks, another order of members, other spellings of numbers and text. */
    String respelled(JsonNode node) {
        return blank()
                + switch (node.getNodeType()) {
                    case OBJECT -> respelledObject(node);
                    case ARRAY ->
                            "["
                                    + String.join(
                                            ",", node.valueStream().map(this::respelled).toList())
                                    + "]";
                    case NUMBER -> respelledNumber(node.decimalValue());
                    case STRING -> escaped(node.stringValue());
                    case BOOLEAN, NULL, BINARY, MISSING, POJO -> node.toString();
                }
                + blank();
    }

    private String respelledObject(JsonNode node) {
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(node.properties());
        Collections.shuffle(members, random);
        return "{"
                + String.join(
                        ",",
                        members.stream()
                                .map(one -> escaped(one.getKey()) + ":" + respelled(one.getValue()))
                                .toList())
                + "}";
    }

    private String respelledNumber(BigDecimal number) {
        return switch (number.signum() == 0 ? 3 : random.nextInt(4)) {
            case 0 -> number.unscaledValue() + "e" + -number.scale();
            case 1 -> number.unscaledValue() + ".000E" + -number.scale();
            case 2 -> number.unscaledValue() + "00e" + (-number.scale() - 2);
            default -> number.toString();
        };
    }

    private String blank() {
        return " \t\r\n".substring(random.nextInt(5));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < ' ' || c == '"' || c == '\\') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** Every character escaped. */
    private String escaped(String text) {
        if (random.nextBoolean()) {
            return quoted(text);
        }
        StringBuilder escaped = new StringBuilder("\"");
        text.chars().forEach(c -> escaped.append(String.format("\\u%04X", c)));
        return escaped.append('"').toString();
    }
}
