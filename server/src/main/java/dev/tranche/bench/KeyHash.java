package dev.tranche.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The bytes by which {@code record_key} knows the value of a constraint of one text field, made as
 * the server makes them: a run that relies on conflicts fails if they are not the same. For one
 * thread at a time.
 */
final class KeyHash {
    private static final int BYTES = 16;
    private static final byte FORM = 1;

    /** The only constraint of a fresh collection. */
    private static final short CONSTRAINT = 1;

    private final MessageDigest digest;

    KeyHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    byte[] of(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer canonical = ByteBuffer.allocate(2 + Integer.BYTES + text.length);
        canonical.put(FORM).put((byte) 's').putInt(text.length).put(text);
        return Arrays.copyOf(digest.digest(canonical.array()), BYTES);
    }

    /** As the record's own row keeps it. */
    static byte[] packed(byte[] hash) {
        return ByteBuffer.allocate(Short.BYTES + BYTES).putShort(CONSTRAINT).put(hash).array();
    }

    /** What {@link #packed} was given. */
    static byte[] unpacked(byte[] packed) {
        return Arrays.copyOfRange(packed, Short.BYTES, Short.BYTES + BYTES);
    }
}
