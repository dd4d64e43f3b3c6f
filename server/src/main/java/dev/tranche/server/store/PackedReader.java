package dev.tranche.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link PackedWriter} wrote. */
final class PackedReader {
    private final ByteBuffer in;

    PackedReader(byte[] packed) {
        this.in = ByteBuffer.wrap(packed);
    }

    int code() {
        return Byte.toUnsignedInt(in.get());
    }

    long number() {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    int count() {
        return Math.toIntExact(number());
    }

    long wide() {
        return in.getLong();
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    Instant instant() {
        return Instant.EPOCH.plus(wide(), ChronoUnit.MICROS);
    }

    String text() {
        return new String(bytes(count()), StandardCharsets.UTF_8);
    }

    @Nullable String id() {
        int kind = code();
        return switch (kind) {
            case PackedWriter.NO_TEXT -> null;
            case PackedWriter.TEXT -> text();
            case PackedWriter.UUID_TEXT -> new UUID(wide(), wide()).toString();
            default -> throw new IllegalStateException("kind of text " + kind + " is stored");
        };
    }

    boolean isAtEnd() {
        return !in.hasRemaining();
    }
}
