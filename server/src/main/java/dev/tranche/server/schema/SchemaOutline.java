package dev.tranche.server.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where the schemas are in the text of a schema, and how they lead to each other. Data in it, below
 * {@code const}, {@code enum}, {@code default} or an unknown keyword, is not looked at; nor is {@code
 * contentSchema}, which is never applied.
 */
final class SchemaOutline {
    /** A {@code $ref} or {@code $dynamicRef}. */
    record Reference(Pointer schema, String keyword, String target) {
        String path() {
            return schema.at(keyword).toString();
        }
    }

    /** A regular expression, and the path of what holds it. */
    record PatternAt(String path, String text) {}

    private enum Holds {
        SCHEMA,
        SCHEMAS_BY_NAME,
        LIST_OF_SCHEMAS
    }

    /** How a keyword holds schemas, and whether they apply to the very value it applies to. */
    private record Applicator(Holds holds, boolean inPlace) {}

    private static final Map<String, Applicator> APPLICATORS = applicators();

    /** The schemas by pointer, outer before inner. */
    final Map<String, JsonNode> schemas = new LinkedHashMap<>();

    /** For a schema's pointer, those of the schemas that it applies to the same value. */
    final Map<String, List<String>> applied = new HashMap<>();

    /** Pointers of schemas by {@code $anchor} or {@code $dynamicAnchor}. */
    final Map<String, String> anchors = new HashMap<>();

    final List<Reference> references = new ArrayList<>();
    final List<PatternAt> patterns = new ArrayList<>();
    final List<Violation> violations = new ArrayList<>();

    private SchemaOutline() {}

    /** Reads a schema that satisfies the meta-schema. */
    static SchemaOutline of(JsonNode root) {
        SchemaOutline outline = new SchemaOutline();
        outline.schema(root, Pointer.ROOT);
        return outline;
    }

    private void schema(JsonNode schema, Pointer at) {
        schemas.put(at.toString(), schema);
        applied.put(at.toString(), new ArrayList<>());
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            String keyword = member.getKey();
            JsonNode value = member.getValue();
            Applicator applicator = APPLICATORS.get(keyword);
            if (applicator != null) {
                inner(applicator, value, at, keyword);
            } else {
                keyword(at, keyword, value);
            }
        }
    }

    private void keyword(Pointer at, String keyword, JsonNode value) {
        switch (keyword) {
            case "$ref", "$dynamicRef" ->
                    references.add(new Reference(at, keyword, value.stringValue()));
            case "$anchor", "$dynamicAnchor" -> anchor(at, keyword, value.stringValue());
            case "$id", "$schema" -> onlyAtRoot(at, keyword);
            case "pattern" ->
                    patterns.add(new PatternAt(at.at(keyword).toString(), value.stringValue()));
            default -> {}
        }
    }

    private void anchor(Pointer at, String keyword, String name) {
        String other = anchors.put(name, at.toString());
        if (other != null && !other.equals(at.toString())) {
            violations.add(
                    Violation.at(
                            at.at(keyword).toString(),
                            "anchor " + Excerpt.quoted(name) + " given twice, once allowed"));
        }
    }

    private void onlyAtRoot(Pointer at, String keyword) {
        if (at.parent() != null) {
            violations.add(
                    Violation.at(
                            at.at(keyword).toString(),
                            keyword + " given inside of a schema, allowed at its root only"));
        }
    }

    private void inner(Applicator applicator, JsonNode value, Pointer at, String keyword) {
        Pointer below = at.at(keyword);
        switch (applicator.holds()) {
            case SCHEMA -> inner(applicator, value, at, below);
            case LIST_OF_SCHEMAS -> {
                int index = 0;
                for (JsonNode element : value.values()) {
                    inner(applicator, element, at, below.at(index++));
                }
            }
            case SCHEMAS_BY_NAME -> {
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    String name = member.getKey();
                    if (keyword.equals("patternProperties")) {
                        patterns.add(new PatternAt(below.at(name).toString(), name));
                    }
                    inner(applicator, member.getValue(), at, below.at(name));
                }
            }
        }
    }

    /** The old {@code dependencies} hold lists of names beside schemas. */
    private void inner(Applicator applicator, JsonNode value, Pointer outer, Pointer at) {
        if (value.isArray()) {
            return;
        }
        if (applicator.inPlace()) {
            appliedBy(outer.toString()).add(at.toString());
        }
        schema(value, at);
    }

    List<String> appliedBy(String schema) {
        return applied.getOrDefault(schema, List.of());
    }

    private static Map<String, Applicator> applicators() {
        Map<String, Applicator> applicators = new HashMap<>();
        put(applicators, Holds.SCHEMA, true, "not", "if", "then", "else");
        put(applicators, Holds.SCHEMA, false, "additionalProperties", "propertyNames");
        put(applicators, Holds.SCHEMA, false, "items", "contains");
        put(applicators, Holds.SCHEMA, false, "unevaluatedItems", "unevaluatedProperties");
        put(applicators, Holds.SCHEMAS_BY_NAME, true, "dependentSchemas", "dependencies");
        put(applicators, Holds.SCHEMAS_BY_NAME, false, "properties", "patternProperties");
        put(applicators, Holds.SCHEMAS_BY_NAME, false, "$defs", "definitions");
        put(applicators, Holds.LIST_OF_SCHEMAS, true, "allOf", "anyOf", "oneOf");
        put(applicators, Holds.LIST_OF_SCHEMAS, false, "prefixItems");
        return Map.copyOf(applicators);
    }

    private static void put(
            Map<String, Applicator> applicators, Holds holds, boolean inPlace, String... names) {
        for (String name : names) {
            applicators.put(name, new Applicator(holds, inPlace));
        }
    }

    /** The pointer that a fragment names, "" for the root; null if there is no schema. */
    @Nullable String resolve(String fragment) {
        String pointer =
                fragment.isEmpty() || fragment.startsWith("/") ? fragment : anchors.get(fragment);
        return pointer != null && schemas.containsKey(pointer) ? pointer : null;
    }
}
