package dev.tranche.server.schema;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rebuilds a tree with other values for some of its strings; names of members stay. */
@SuppressWarnings("ReferenceEquality") // the very same node means that nothing changed
record StringReplacement(Json.StringMapper mapper) {

    /** The same node if nothing in it changed. */
    JsonNode apply(JsonNode node, Pointer at) {
        if (node.isString()) {
            JsonNode replacement = mapper.map(at.toString(), node.stringValue());
            return replacement == null ? node : replacement;
        }
        return node.isObject() ? object(node, at) : node.isArray() ? array(node, at) : node;
    }

    private JsonNode object(JsonNode node, Pointer at) {
        ObjectNode rebuilt = JsonNodeFactory.instance.objectNode();
        boolean changed = false;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            JsonNode now = apply(member.getValue(), at.at(member.getKey()));
            changed |= now != member.getValue();
            rebuilt.set(member.getKey(), now);
        }
        return changed ? rebuilt : node;
    }

    private JsonNode array(JsonNode node, Pointer at) {
        ArrayNode rebuilt = JsonNodeFactory.instance.arrayNode(node.size());
        boolean changed = false;
        for (JsonNode element : node.values()) {
            JsonNode now = apply(element, at.at(rebuilt.size()));
            changed |= now != element;
            rebuilt.add(now);
        }
        return changed ? rebuilt : node;
    }
}
