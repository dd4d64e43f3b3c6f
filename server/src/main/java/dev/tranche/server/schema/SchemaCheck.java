package dev.tranche.server.schema;

import dev.tranche.server.schema.SchemaOutline.PatternAt;
import dev.tranche.server.schema.SchemaOutline.Reference;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Decides whether Tranche takes a schema, before the validator sees it. */
record SchemaCheck(JsonLimits limits) {
    static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final CompiledSchema META_SCHEMA = Compilation.metaSchema(DRAFT);

    /** Checks a schema, and compiles its regular expressions into {@code patterns}. */
    void check(Json schema, Patterns patterns) throws InvalidSchemaException {
        refuse(sizeAndDraft(schema));
        refuse(META_SCHEMA.validate(schema));
        SchemaOutline outline = SchemaOutline.of(schema.tree());
        Map<Reference, String> targets = References.resolve(outline, schema.tree());
        refuse(outline.violations);
        SchemaGraph.check(outline, targets, limits);
        for (PatternAt pattern : outline.patterns) {
            String problem = patterns.problem(pattern.text());
            if (problem != null) {
                outline.violations.add(Violation.at(pattern.path(), problem));
            }
        }
        refuse(outline.violations);
    }

    private List<Violation> sizeAndDraft(Json schema) {
        if (schema.sizeBytes() > limits.schemaBytesMax()) {
            String message =
                    "schema of "
                            + schema.sizeBytes()
                            + " bytes given, at most "
                            + limits.schemaBytesMax()
                            + " allowed";
            return List.of(new Violation("", message));
        }
        JsonNode draft = schema.tree().path("$schema");
        if (draft.isString()
                && !draft.stringValue().equals(DRAFT)
                && !draft.stringValue().equals(DRAFT + "#")) {
            String message = Excerpt.quoted(draft.stringValue()) + " given, only " + DRAFT;
            return List.of(new Violation("/$schema", message + " allowed"));
        }
        return List.of();
    }

    private void refuse(List<Violation> violations) throws InvalidSchemaException {
        if (!violations.isEmpty()) {
            throw new InvalidSchemaException(
                    violations.stream().limit(limits.violationsMax()).toList());
        }
    }
}
