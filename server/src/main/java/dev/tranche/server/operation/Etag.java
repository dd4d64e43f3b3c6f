package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Opaque name of one state of a record: 16 characters that never come back. */
final class Etag {
    private static final int BYTES = 12;

    private Etag() {}

    static String of(RecordKey key, long life, long version) {
        byte[] id = key.id().getBytes(StandardCharsets.UTF_8);
        ByteBuffer state =
                ByteBuffer.allocate(3 * Long.BYTES + id.length)
                        .putLong(key.collection())
                        .putLong(life)
                        .putLong(version)
                        .put(id);
        byte[] hash = Arrays.copyOf(sha256().digest(state.array()), BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
