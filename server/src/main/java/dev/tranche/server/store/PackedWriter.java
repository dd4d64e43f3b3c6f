package dev.tranche.server.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes values in few bytes; {@link PackedReader} reads them in the same order. */
final class PackedWriter {
    /** What stands before a text: there is none, its bytes follow, or a UUID's 16 bytes follow. */
    static final int NO_TEXT = 0;

    static final int TEXT = 1;
    static final int UUID_TEXT = 2;

    private byte[] written = new byte[1 << 10];
    private int count;

    void code(int code) {
        put(code);
    }

    /** Seven bits a byte, the lowest first. Negative numbers take ten bytes. */
    void number(long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            put((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        put((int) rest);
    }

    /** Eight bytes, for numbers that are rarely small. */
    void wide(long number) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((int) (number >>> shift));
        }
    }

    void bytes(byte[] bytes) {
        makeRoom(bytes.length);
        System.arraycopy(bytes, 0, written, count, bytes.length);
        count += bytes.length;
    }

    void instant(Instant at) {
        wide(ChronoUnit.MICROS.between(Instant.EPOCH, at));
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes(utf8);
    }

    /** An id, most of which are UUIDs in their canonical form. */
    void id(@Nullable String id) {
        if (id == null) {
            code(NO_TEXT);
        } else if (Uuids.isCanonical(id)) {
            UUID uuid = UUID.fromString(id);
            code(UUID_TEXT);
            wide(uuid.getMostSignificantBits());
            wide(uuid.getLeastSignificantBits());
        } else {
            code(TEXT);
            text(id);
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(written, count);
    }

    private void put(int one) {
        makeRoom(1);
        written[count++] = (byte) one;
    }

    private void makeRoom(int bytes) {
        if (bytes > written.length - count) {
            written = Arrays.copyOf(written, Math.max(2 * written.length, count + bytes));
        }
    }
}
