package dev.tranche.server.schema;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads JSON text, and takes nothing that has two meanings or costs more than its length: no repeated
 * member names, half surrogate pairs, deep nesting, long numbers or exponents. A tree is made only if
 * it is wanted, for most text is only stored.
 */
final class StrictParser {
    /** Text is as long as its message allows; the limits of this class come before Jackson's. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    // The table of names is shared by all texts, and anyone can spoil it.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    // A thread reads many texts, one after the other.
                    .recyclerPool(JsonRecyclerPools.threadLocalPool())
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(2 * Json.NESTING_MAX)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .errorReportConfiguration(
                            ErrorReportConfiguration.builder()
                                    .maxErrorTokenLength(Excerpt.CHARS_MAX)
                                    .build())
                    .build();

    /** Decimals of so few places are written as they are read, unless they have an exponent. */
    private static final int PLAIN_SCALE_MAX = 6;

    private final JsonParser parser;

    /** Whether strings may hold half a surrogate pair: most texts show at a glance that none does. */
    private final boolean mayHoldHalves;

    private final boolean makesTree;

    private StrictParser(JsonParser parser, boolean mayHoldHalves, boolean makesTree) {
        this.parser = parser;
        this.mayHoldHalves = mayHoldHalves;
        this.makesTree = makesTree;
    }

    /**
     * Requires one JSON value of any type.
     *
     * @throws InvalidJsonException if it is not that
     */
    static void check(String text) throws InvalidJsonException {
        read(text, false);
    }

    /**
     * Makes a tree of one JSON value of any type.
     *
     * @throws InvalidJsonException if it is not that
     */
    static JsonNode parse(String text) throws InvalidJsonException {
        return read(text, true);
    }

    /**
     * What stands at a path, as {@link FieldPath} has them, in text that was checked; nothing is made
     * of the rest.
     *
     * @return a missing node if nothing stands there
     */
    static JsonNode at(String text, String field) throws InvalidJsonException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return enter(parser, field)
                    ? new StrictParser(parser, false, true).value(0)
                    : MissingNode.getInstance();
        }
    }

    private static JsonNode read(String text, boolean makesTree) throws InvalidJsonException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            boolean mayHoldHalves = text.contains("\\u") || !Unicode.isValid(text);
            return new StrictParser(parser, mayHoldHalves, makesTree).document();
        }
    }

    private static boolean enter(JsonParser parser, String field) {
        int start = 0;
        for (int dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', start)) {
            if (!enterMember(parser, field.substring(start, dot))) {
                return false;
            }
            start = dot + 1;
        }
        return enterMember(parser, start == 0 ? field : field.substring(start));
    }

    /** Goes on to the value of a member; false if what stands here has none of this name. */
    private static boolean enterMember(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private JsonNode document() throws InvalidJsonException {
        try {
            if (parser.nextToken() == null) {
                throw refused("nothing given, a JSON value allowed", parser.currentLocation());
            }
            JsonNode value = value(0);
            if (parser.nextToken() != null) {
                throw refused("more text given after the JSON value, one value allowed");
            }
            return value;
        } catch (JacksonException e) {
            throw refused(
                    "text given that is no JSON: " + readable(e.getOriginalMessage()),
                    e.getLocation());
        }
    }

    /** Some node if no tree is made. */
    private JsonNode value(int level) throws InvalidJsonException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> makesTree ? object(inner(level)) : checkObject(inner(level));
            case START_ARRAY -> array(inner(level));
            case VALUE_STRING -> string();
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> decimal();
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NULL -> NullNode.instance;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("no value: " + parser.currentToken());
        };
    }

    private int inner(int level) throws InvalidJsonException {
        if (level == Json.NESTING_MAX) {
            throw refused(level + 1 + " levels of nesting given, at most " + level + " allowed");
        }
        return level + 1;
    }

    private JsonNode object(int level) throws InvalidJsonException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = valid(parser.currentName());
            parser.nextToken();
            if (object.replace(name, value(level)) != null) {
                throw givenTwice(name);
            }
        }
        return object;
    }

    private JsonNode checkObject(int level) throws InvalidJsonException {
        MemberNames names = new MemberNames();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = valid(parser.currentName());
            parser.nextToken();
            value(level);
            if (!names.add(name)) {
                throw givenTwice(name);
            }
        }
        return NullNode.instance;
    }

    private InvalidJsonException givenTwice(String name) {
        return refused("member " + Excerpt.quoted(name) + " given twice, once allowed");
    }

    private JsonNode array(int level) throws InvalidJsonException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode element = value(level);
            if (makesTree) {
                array.add(element);
            }
        }
        return array;
    }

    private JsonNode string() throws InvalidJsonException {
        return makesTree || mayHoldHalves
                ? StringNode.valueOf(valid(parser.getString()))
                : NullNode.instance;
    }

    private String valid(String text) throws InvalidJsonException {
        if (mayHoldHalves && !Unicode.isValid(text)) {
            throw refused("half a surrogate pair given, only whole characters allowed");
        }
        return text;
    }

    private JsonNode integer() throws InvalidJsonException {
        checkLength();
        return makesTree ? integerNode() : NullNode.instance;
    }

    private JsonNode integerNode() {
        return switch (parser.getNumberType()) {
            case INT -> {
                int value = parser.getIntValue();
                yield value == 0 && parser.getStringLength() > 1
                        ? new ExactNumber(BigDecimal.ZERO, "-0")
                        : IntNode.valueOf(value);
            }
            case LONG -> LongNode.valueOf(parser.getLongValue());
            case BIG_INTEGER -> BigIntegerNode.valueOf(parser.getBigIntegerValue());
            case FLOAT, DOUBLE, BIG_DECIMAL ->
                    throw new IllegalStateException("no integer: " + parser.getNumberType());
        };
    }

    private JsonNode decimal() throws InvalidJsonException {
        checkLength();
        String text = parser.getString();
        checkExponent(text);
        return makesTree ? decimalNode(text) : NullNode.instance;
    }

    private static JsonNode decimalNode(String text) {
        BigDecimal value = new BigDecimal(text);
        boolean plain =
                value.signum() != 0 && value.scale() > 0 && value.scale() <= PLAIN_SCALE_MAX;
        return plain && text.indexOf('e') < 0 && text.indexOf('E') < 0
                ? DecimalNode.valueOf(value)
                : new ExactNumber(value, text);
    }

    private void checkLength() throws InvalidJsonException {
        int length = parser.getStringLength();
        if (length > Json.NUMBER_CHARS_MAX) {
            throw refused(
                    "number of "
                            + length
                            + " characters given, at most "
                            + Json.NUMBER_CHARS_MAX
                            + " allowed");
        }
    }

    private void checkExponent(String text) throws InvalidJsonException {
        int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (mark < 0) {
            return;
        }
        String exponent = text.substring(mark + 1);
        int first = exponent.charAt(0) == '+' || exponent.charAt(0) == '-' ? 1 : 0;
        while (first < exponent.length() - 1 && exponent.charAt(first) == '0') {
            first++;
        }
        int digits = exponent.length() - first;
        if (digits > 4 || Integer.parseInt(exponent.substring(first)) > Json.EXPONENT_MAX) {
            throw refused(
                    "number with exponent "
                            + Excerpt.of(exponent)
                            + " given, -"
                            + Json.EXPONENT_MAX
                            + " to "
                            + Json.EXPONENT_MAX
                            + " allowed");
        }
    }

    private InvalidJsonException refused(String what) {
        return refused(what, parser.currentTokenLocation());
    }

    private InvalidJsonException refused(String what, @Nullable TokenStreamLocation location) {
        TokenStreamLocation at = location == null ? parser.currentLocation() : location;
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        String where = "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
        return new InvalidJsonException(pointer, where + what);
    }

    /** Without what only Jackson's own callers can make use of. */
    private static String readable(String message) {
        return message.startsWith("Unexpected end-of-input")
                ? "unexpected end"
                : Excerpt.cut(message.replaceFirst("(?<=[')]): .*|: enable .*", ""), 120);
    }
}
