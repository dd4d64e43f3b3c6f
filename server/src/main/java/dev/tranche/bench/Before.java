package dev.tranche.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the server took of the processors before it was made faster, from a file beside this class: a
 * line a row that was measured then.
 */
record Before(Properties rows) {
    private static final String FILE = "before.properties";

    static Before read() {
        Properties rows = new Properties();
        try (InputStream file = Before.class.getResourceAsStream(FILE)) {
            rows.load(Objects.requireNonNull(file, FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
        return new Before(rows);
    }

    /** User and system time an item; null if nobody has measured it. */
    @Nullable Double serverCpuMicros(String row) {
        String value = rows.getProperty(row);
        return value == null ? null : Double.valueOf(value);
    }
}
