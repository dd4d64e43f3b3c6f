package dev.tranche.bench;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of one contender, as it was measured.
 *
 * @param serverCpu user and system time that the server's process took meanwhile; null if unknown
 * @param databaseCpu the same of the database; null if it is not ours
 */
record Sample(
        Work work, Duration time, @Nullable Duration serverCpu, @Nullable Duration databaseCpu) {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    /** What a row is about. */
    enum Metric {
        ITEMS_PER_SECOND,
        P50_MILLIS,
        MICROS_PER_ITEM,
        SECONDS;

        /** The unit, where an item is a record or an operation. */
        String unit(String item) {
            return switch (this) {
                case ITEMS_PER_SECOND -> item + "s/s";
                case P50_MILLIS -> "ms";
                case MICROS_PER_ITEM -> "us/" + item;
                case SECONDS -> "s";
            };
        }

        /** A figure as people read it, with its unit. */
        String text(double figure, String item) {
            return String.format(
                    Locale.ROOT,
                    this == ITEMS_PER_SECOND ? "%,.0f %s" : "%.2f %s",
                    figure,
                    unit(item));
        }
    }

    Sample withoutCpu() {
        return new Sample(work, time, null, null);
    }

    double figure(Metric metric) {
        return switch (metric) {
            case ITEMS_PER_SECOND -> work.items() / seconds();
            case P50_MILLIS -> latencyMillis(50);
            case MICROS_PER_ITEM -> micros(time) / work.items();
            case SECONDS -> seconds();
        };
    }

    /** Only of work whose calls were timed one by one. */
    double latencyMillis(double percent) {
        return new Series(work.latencyMillis()).percentile(percent);
    }

    /** Of the server, an item; null if unknown. */
    @Nullable Double serverCpuMicros() {
        return serverCpu == null ? null : micros(serverCpu) / work.items();
    }

    /** Of the database, an item; null if unknown. */
    @Nullable Double databaseCpuMicros() {
        return databaseCpu == null ? null : micros(databaseCpu) / work.items();
    }

    private double seconds() {
        return time.toNanos() / NANOS_PER_SECOND;
    }

    private static double micros(Duration time) {
        return time.toNanos() / NANOS_PER_MICRO;
    }
}
