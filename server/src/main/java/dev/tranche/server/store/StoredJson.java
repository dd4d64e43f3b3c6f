package dev.tranche.server.store;

import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.InvalidJsonException;
import dev.tranche.server.schema.Json;
import org.jspecify.annotations.Nullable;

/** JSON that went through the server's checks before it was stored. */
final class StoredJson {
    private StoredJson() {}

    static Json parse(String text) {
        return Json.known(text);
    }

    static CollectionDefinition definition(String text) {
        try {
            return CollectionDefinition.fromJson(text);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("a stored definition is none any more", e);
        }
    }

    static @Nullable Json parseOrNull(@Nullable String text) {
        return text == null ? null : parse(text);
    }

    static @Nullable String textOrNull(@Nullable Json json) {
        return json == null ? null : json.text();
    }
}
