package dev.tranche.server.schema;

import tools.jackson.databind.JsonNode;

/** Paths of fields, as definitions give them: names joined by dots, from the outside in. */
final class FieldPath {
    private FieldPath() {}

    /** What stands there; a missing node if nothing does. */
    static JsonNode valueAt(JsonNode tree, String field) {
        JsonNode value = tree;
        int start = 0;
        for (int dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', start)) {
            value = value.path(field.substring(start, dot));
            start = dot + 1;
        }
        return value.path(start == 0 ? field : field.substring(start));
    }

    /** RFC 6901 pointer of the field. */
    static String pointer(String field) {
        Pointer pointer = Pointer.ROOT;
        for (String name : field.split("\\.", -1)) {
            pointer = pointer.at(name);
        }
        return pointer.toString();
    }
}
