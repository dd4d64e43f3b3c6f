package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.schema.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Opaque name of one state of a record: 16 characters that never come back. */
final class Etag {
    private static final int BYTES = 12;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Etag() {}

    static String of(RecordKey key, long life, long version) {
        byte[] id = key.id().getBytes(StandardCharsets.UTF_8);
        ByteBuffer state =
                ByteBuffer.allocate(3 * Long.BYTES + id.length)
                        .putLong(key.collection())
                        .putLong(life)
                        .putLong(version)
                        .put(id);
        byte[] hash = Arrays.copyOf(Sha256.digest().digest(state.array()), BYTES);
        return ENCODER.encodeToString(hash);
    }
}
