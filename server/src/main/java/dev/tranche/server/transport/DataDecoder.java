package dev.tranche.server.transport;

import com.google.protobuf.Struct;
import dev.tranche.server.schema.InvalidJsonException;
import dev.tranche.server.schema.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads JSON as it travels: as a Struct or as text.
 *
 * @param asTree whether the trees of texts are going to be wanted soon
 */
record DataDecoder(Violations violations, boolean asTree) {

    DataDecoder(Violations violations) {
        this(violations, false);
    }

    /** What stands for data that cannot be taken. */
    private static final Json NOTHING = Json.of(JsonNodeFactory.instance.objectNode());

    /**
     * The object in a message's {@code data} or {@code data_json}, whichever is set.
     *
     * @param path of the message, from the root of the request
     * @return some object if it cannot be taken; the violations say why
     */
    Json object(@Nullable Struct data, @Nullable String dataJson, String path) {
        Json json = null;
        if (data != null) {
            json = struct(data, path + ".data");
        } else if (dataJson != null) {
            json = objectText(dataJson, path + ".data_json");
        } else {
            violations.add(path + ".data", "neither data nor data_json given, one allowed");
        }
        return json == null ? NOTHING : json;
    }

    /**
     * A Struct.
     *
     * @param path of the field, from the root of the request
     * @return null if it cannot be taken; the violations say why
     */
    @Nullable Json struct(Struct struct, String path) {
        Violations own = new Violations();
        Json object = StructReader.read(struct, path, own);
        violations.addAll(own);
        return own.isEmpty() ? object : null;
    }

    /**
     * A JSON text.
     *
     * @return null if it is none; the violations say why
     */
    @Nullable Json text(String text, String path) {
        try {
            return asTree ? Json.parseTree(text) : Json.parse(text);
        } catch (InvalidJsonException e) {
            violations.add(path, e.detail());
            return null;
        }
    }

    private @Nullable Json objectText(String text, String path) {
        Json json = text(text, path);
        if (json == null || json.isObject()) {
            return json;
        }
        String type = json.tree().getNodeType().name().toLowerCase(Locale.ROOT);
        violations.add(path, "JSON of type " + type + " given, an object allowed");
        return null;
    }
}
