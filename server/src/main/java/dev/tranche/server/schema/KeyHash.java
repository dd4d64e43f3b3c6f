package dev.tranche.server.schema;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import tools.jackson.databind.JsonNode;

/**
 * The values of a unique constraint's fields, as the first 16 bytes of a SHA-256. Ordered as the
 * database orders them: by bytes, unsigned.
 *
 * @param high the first 8 bytes, big-endian
 * @param low the last 8 bytes, big-endian
 */
public record KeyHash(long high, long low) implements Comparable<KeyHash> {
    /** Length in bytes. */
    public static final int BYTES = 16;

    static final KeyHash ZERO = new KeyHash(0, 0);

    /** The hash of one value. */
    static KeyHash of(JsonNode value) {
        MessageDigest digest = Sha256.digest();
        CanonicalForm form = new CanonicalForm(digest);
        form.write(value);
        form.end();
        return ofBytes(digest.digest(), 0);
    }

    /** Reads {@link #BYTES} bytes that start at an offset. */
    public static KeyHash ofBytes(byte[] bytes, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
        return new KeyHash(buffer.getLong(), buffer.getLong());
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    @Override
    public int hashCode() {
        return (int) high;
    }

    @Override
    public int compareTo(KeyHash other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }
}
