package dev.tranche.server.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes values in few bytes; {@link PackedReader} reads them in the same order. */
final class PackedWriter {
    /** What stands before a text: there is none, its bytes follow, or a UUID's 16 bytes follow. */
    static final int NO_TEXT = 0;

    static final int TEXT = 1;
    static final int UUID_TEXT = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void code(int code) {
        out.write(code);
    }

    /** Seven bits a byte, the lowest first. Negative numbers take ten bytes. */
    void number(long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Eight bytes, for numbers that are rarely small. */
    void wide(long number) {
        bytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    void bytes(byte[] bytes) {
        out.writeBytes(bytes);
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
        return out.toByteArray();
    }
}
