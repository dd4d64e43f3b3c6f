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

    private StoredDefinition() {}

    static String write(CollectionDefinition definition) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ArrayNode array = object.putArray(CONSTRAINTS);
        for (ConstraintDefinition constraint : definition.constraints()) {
            ObjectNode one = array.addObject().put("name", constraint.name());
            constraint.fields().forEach(one.putArray("fields")::add);
        }
        String text = CompactWriter.write(object);
        Json schema = definition.schema();
        return schema == null
                ? text
                : text.substring(0, text.length() - 1) + SCHEMA + schema.text() + "}";
    }

    static CollectionDefinition read(String text) throws InvalidJsonException {
        int at = text.indexOf(SCHEMA);
        JsonNode rest = StrictParser.parse(at < 0 ? text : text.substring(0, at) + "}");
        Json schema =
                at < 0 ? null : Json.parse(text.substring(at + SCHEMA.length(), text.length() - 1));
        CollectionDefinition read = new CollectionDefinition(schema, constraints(rest));
        if (!read.toJson().equals(text)) {
            throw new InvalidJsonException("", "text given that is no stored definition");
        }
        return read;
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
