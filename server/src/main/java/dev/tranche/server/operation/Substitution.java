package dev.tranche.server.operation;

import dev.tranche.server.schema.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Puts what references stand for into the data of one operation. */
final class Substitution {
    private final Scope scope;
    private final History history;
    private long bytes;

    Substitution(Scope scope, History history) {
        this.scope = scope;
        this.history = history;
    }

    Json in(Json json) {
        return scope.derived(json, json.mapStrings(this::replacement));
    }

    private @Nullable JsonNode replacement(String pointer, String text) {
        if (Reference.looksLikeOne(text)) {
            String path = scope.path("data") + pointer;
            JsonNode value = history.value(Reference.parse(text), path);
            checkSize(value, path);
            checkDepth(value, pointer, path);
            return value;
        }
        return Reference.isEscaped(text) ? StringNode.valueOf(text.substring(1)) : null;
    }

    /** A value that is put in a thousand times must not be built first and refused then. */
    private void checkSize(JsonNode value, String path) {
        bytes += Json.of(value).sizeBytes();
        int allowed = scope.spending().limits().recordBytesMax();
        if (bytes > allowed) {
            Message message =
                    Message.of(
                            "references put more than {limit} bytes into one record ({setting})",
                            "limit",
                            allowed,
                            "setting",
                            "--record-bytes-max");
            throw scope.failed(Reason.LIMIT_EXCEEDED, message, path);
        }
    }

    private void checkDepth(JsonNode value, String pointer, String path) {
        int above = Math.toIntExact(pointer.chars().filter(c -> c == '/').count());
        int levels = above + Json.levels(value);
        if (levels > Json.NESTING_MAX) {
            Message message =
                    Message.of(
                            "the reference makes the data {actual} levels deep, at most {limit}"
                                    + " allowed",
                            "actual",
                            levels,
                            "limit",
                            Json.NESTING_MAX);
            throw scope.failed(Reason.LIMIT_EXCEEDED, message, path);
        }
    }
}
