package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times as columns hold them: in UTC, whatever the zones of server, database and connection. */
final class Times {
    private Times() {}

    static LocalDateTime column(Instant at) {
        return LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    }

    static @Nullable LocalDateTime columnOrNull(@Nullable Instant at) {
        return at == null ? null : column(at);
    }

    static Instant instant(LocalDateTime column) {
        return column.toInstant(ZoneOffset.UTC);
    }

    static @Nullable Instant instantOrNull(@Nullable LocalDateTime column) {
        return column == null ? null : instant(column);
    }

    /** As an interval of the database. */
    static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }

    static Stamp stamp(LocalDateTime at, String by) {
        return new Stamp(instant(at), by);
    }
}
