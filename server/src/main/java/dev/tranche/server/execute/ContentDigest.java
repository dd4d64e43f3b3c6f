package dev.tranche.server.execute;

import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a request 64 hex digits that are equal for requests that mean the same, whatever the bytes
 * they came in. A field that is not set adds nothing, so that a field added later does not change
 * what older requests come to.
 */
public final class ContentDigest {
    private final MessageDigest digest;

    /**
     * @param version of the form in which the request is given here
     */
    public ContentDigest(byte version) {
        digest = Sha256.digest();
        digest.update(version);
    }

    /** Adds a field. Lengths before contents: no two requests run together to the same bytes. */
    public void text(String tag, String value) {
        bytes(tag.getBytes(StandardCharsets.UTF_8));
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a field that is true. */
    public void flag(String tag, boolean set) {
        if (set) {
            text(tag, "true");
        }
    }

    /** Adds a JSON value by what it means; nothing for null. */
    public void json(String tag, @Nullable Json json) {
        if (json != null) {
            text(tag, "");
            json.canonicalTo(digest);
        }
    }

    /** Adds labels, whatever their order. */
    public void labels(Map<String, String> labels) {
        new TreeMap<>(labels)
                .forEach((key, value) -> {
                    text("label", key);
                    text("value", value);
                });
    }

    /** What it all came to; once. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void bytes(byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }
}
