package dev.tranche.server.schema;

import static java.util.Map.entry;
import static java.util.stream.Collectors.joining;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Says what the errors of the validator mean: what was given, and what is allowed. */
final class Violations {
    private static final int ALLOWED_CHARS_MAX = 200;

    private static final Comparator<Error> ORDER =
            Comparator.comparing(Error::getInstanceLocation, Violations::compare)
                    .thenComparing(error -> String.valueOf(error.getEvaluationPath()));

    private static final Map<String, Function<Fault, String>> WORDINGS =
            Map.ofEntries(
                    entry("type", fault -> fault.type() + " given, " + fault.types() + " allowed"),
                    entry("enum", fault -> fault.given("one of " + fault.allowed())),
                    entry("const", fault -> fault.given("only " + fault.allowed())),
                    entry("minimum", fault -> fault.given("at least " + fault.allowed())),
                    entry("maximum", fault -> fault.given("at most " + fault.allowed())),
                    entry("exclusiveMinimum", fault -> fault.given("more than " + fault.allowed())),
                    entry("exclusiveMaximum", fault -> fault.given("less than " + fault.allowed())),
                    entry("multipleOf", fault -> fault.given("multiples of " + fault.allowed())),
                    entry("pattern", fault -> fault.given("text that matches " + fault.allowed())),
                    entry("false", fault -> fault.given("nothing")),
                    entry("not", fault -> fault.shown() + " given, which the schema excludes"),
                    entry("oneOf", Fault::alternatives),
                    entry("minLength", fault -> fault.sized("at least ")),
                    entry("maxLength", fault -> fault.sized("at most ")),
                    entry("minItems", fault -> fault.sized("at least ")),
                    entry("maxItems", fault -> fault.sized("at most ")),
                    entry("minProperties", fault -> fault.sized("at least ")),
                    entry("maxProperties", fault -> fault.sized("at most ")),
                    entry("items", fault -> "more elements given than allowed"),
                    entry("unevaluatedItems", fault -> "more elements given than allowed"),
                    entry("contains", fault -> "fewer fitting elements given than required"),
                    entry("minContains", fault -> "fewer fitting elements given than required"),
                    entry("maxContains", fault -> "more fitting elements given than allowed"),
                    entry("uniqueItems", Fault::equalElement),
                    entry("required", fault -> "no " + fault.member() + " given, required"),
                    entry("dependentRequired", Fault::incomplete),
                    entry("dependencies", Fault::incomplete),
                    entry("additionalProperties", Fault::notAMember),
                    entry("unevaluatedProperties", Fault::notAMember),
                    entry("propertyNames", Fault::notAMember));

    private Violations() {}

    /** The first different violations, ordered by place. */
    static List<Violation> of(List<Error> errors, int max) {
        return errors.stream()
                .sorted(ORDER)
                .map(Violations::violation)
                .distinct()
                .limit(max)
                .toList();
    }

    private static Violation violation(Error error) {
        Function<Fault, String> wording = WORDINGS.get(error.getKeyword());
        String description =
                wording == null || error.getInstanceNode() == null || error.getSchemaNode() == null
                        ? Excerpt.cut(error.getMessage(), ALLOWED_CHARS_MAX)
                        : wording.apply(new Fault(error));
        return Violation.at(error.getInstanceLocation().toString(), description);
    }

    /** Outer before inner; elements of an array by index, members by name. */
    private static int compare(NodePath a, NodePath b) {
        int common = Math.min(a.getNameCount(), b.getNameCount());
        for (int at = 0; at < common; at++) {
            Object left = a.getElement(at);
            Object right = b.getElement(at);
            int order =
                    left instanceof Integer i && right instanceof Integer j
                            ? i.compareTo(j)
                            : left.toString().compareTo(right.toString());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.getNameCount(), b.getNameCount());
    }

    /** An error whose keyword and value are known. */
    private record Fault(Error error) {
        JsonNode node() {
            return error.getInstanceNode();
        }

        String given(String allowed) {
            return shown() + " given, " + allowed + " allowed";
        }

        String sized(String bound) {
            return extent() + " given, " + bound + allowed() + " allowed";
        }

        String shown() {
            return switch (node().getNodeType()) {
                case OBJECT -> "an object";
                case ARRAY -> "an array";
                case STRING -> Excerpt.quoted(node().stringValue());
                case NUMBER, BOOLEAN, NULL -> Excerpt.of(CompactWriter.write(node()));
                case BINARY, MISSING, POJO -> "no JSON";
            };
        }

        /** The value of the keyword. */
        String allowed() {
            return Excerpt.cut(CompactWriter.write(error.getSchemaNode()), ALLOWED_CHARS_MAX);
        }

        String type() {
            return node().getNodeType().name().toLowerCase(Locale.ROOT);
        }

        String types() {
            JsonNode types = error.getSchemaNode();
            return types.isString()
                    ? types.stringValue()
                    : types.valueStream().map(JsonNode::asString).collect(joining(" or "));
        }

        /** Text is counted in characters of Unicode. */
        String extent() {
            if (node().isString()) {
                String text = node().stringValue();
                return text.codePointCount(0, text.length()) + " characters";
            }
            return node().size() + (node().isArray() ? " elements" : " members");
        }

        String member() {
            String name = error.getProperty();
            return "member " + Excerpt.quoted(name == null ? "" : name);
        }

        String notAMember() {
            return member() + " given, not one of those allowed";
        }

        String incomplete() {
            return member() + " given without all those it requires";
        }

        String equalElement() {
            return "element given that equals element "
                    + error.getArguments()[0]
                    + ", different ones allowed";
        }

        String alternatives() {
            return shown()
                    + " given, which fits "
                    + error.getArguments()[0]
                    + " of the alternatives, exactly 1 allowed";
        }
    }
}
