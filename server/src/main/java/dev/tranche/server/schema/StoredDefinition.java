package dev.tranche.server.schema;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The text of a stored definition, the schema in it byte for byte. */
final class StoredDefinition {
    /** Stands once outside of the schema: quotes inside the strings before it are escaped. */
    private static final String SCHEMA = ",\"schema\":";

    private static final String CONSTRAINTS = "unique_constraints";
    private static final String REFERENCES = "references";
    private static final String IF_MATCH_REQUIRED = "if_match_required";

    private StoredDefinition() {}

    static String write(CollectionDefinition definition) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ArrayNode array = object.putArray(CONSTRAINTS);
        for (ConstraintDefinition constraint : definition.constraints()) {
            ObjectNode one = array.addObject().put("name", constraint.name());
            constraint.fields().forEach(one.putArray("fields")::add);
        }
        if (!definition.references().isEmpty()) {
            ArrayNode references = object.putArray(REFERENCES);
            for (ReferenceDefinition reference : definition.references()) {
                references
                        .addObject()
                        .put("field", reference.field())
                        .put("collection", reference.collection())
                        .put("on_delete", reference.onDelete().name());
            }
        }
        if (definition.ifMatchRequired()) {
            object.put(IF_MATCH_REQUIRED, true);
        }
        String text = CompactWriter.write(object);
        Json schema = definition.schema();
        return schema == null
                ? text
                : text.substring(0, text.length() - 1) + SCHEMA + schema.text() + "}";
    }

    static CollectionDefinition read(String text) throws InvalidJsonException {
        int at = text.indexOf(SCHEMA);
        JsonNode rest = Json.parse(at < 0 ? text : text.substring(0, at) + "}").tree();
        Json schema =
                at < 0 ? null : Json.parse(text.substring(at + SCHEMA.length(), text.length() - 1));
        CollectionDefinition read =
                new CollectionDefinition(
                        schema,
                        constraints(rest),
                        references(rest),
                        rest.path(IF_MATCH_REQUIRED).booleanValue(false));
        if (!read.toJson().equals(text)) {
            throw new InvalidJsonException("", "text given that is no stored definition");
        }
        return read;
    }

    private static List<ReferenceDefinition> references(JsonNode definition)
            throws InvalidJsonException {
        List<ReferenceDefinition> references = new ArrayList<>();
        for (JsonNode one : definition.path(REFERENCES).values()) {
            references.add(
                    new ReferenceDefinition(
                            one.path("field").stringValue(""),
                            one.path("collection").stringValue(""),
                            onDelete(one.path("on_delete").stringValue(""))));
        }
        return references;
    }

    private static OnDelete onDelete(String name) throws InvalidJsonException {
        for (OnDelete one : OnDelete.values()) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        throw new InvalidJsonException("", "text given that is no stored definition");
    }

    private static List<ConstraintDefinition> constraints(JsonNode definition) {
        List<ConstraintDefinition> constraints = new ArrayList<>();
        for (JsonNode one : definition.path(CONSTRAINTS).values()) {
            List<String> fields = new ArrayList<>();
            one.path("fields").values().forEach(field -> fields.add(field.stringValue("")));
            constraints.add(new ConstraintDefinition(one.path("name").stringValue(""), fields));
        }
        return constraints;
    }
}
