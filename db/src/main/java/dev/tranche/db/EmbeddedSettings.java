package dev.tranche.db;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How an embedded database runs.
 *
 * @param folder where it keeps everything; made if it is not there, else empty or made by an
 *     earlier run
 * @param port on loopback, 1 to 65,535; 0 takes a free one
 * @param bufferPoolMebibytes what InnoDB caches, from 16 MiB, taken as data grows; the
 *     process needs about 100 MiB more
 * @param binaries where MariaDB's programs are unpacked, 350 MiB once a version; shared by all runs
 * @param startMax how long the start may take, recovery after a crash included
 * @param stopMax how long it may take to end by itself, before it is killed; that loses nothing
 *     but makes the next start longer
 */
public record EmbeddedSettings(
        Path folder,
        int port,
        int bufferPoolMebibytes,
        Path binaries,
        Duration startMax,
        Duration stopMax) {
    private static final int PORT_MAX = 65_535;
    private static final int BUFFER_POOL_MEBIBYTES_MIN = 16;

    /** Checks the ranges. */
    public EmbeddedSettings {
        folder = folder.toAbsolutePath().normalize();
        binaries = binaries.toAbsolutePath().normalize();
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "port: %d given, 0 to 65535 allowed".formatted(port));
        }
        if (bufferPoolMebibytes < BUFFER_POOL_MEBIBYTES_MIN) {
            throw new IllegalArgumentException(
                    "bufferPoolMebibytes: %d given, at least %d allowed"
                            .formatted(bufferPoolMebibytes, BUFFER_POOL_MEBIBYTES_MIN));
        }
    }

    /**
     * The usual: a free port, 512 MiB of buffer pool, programs in the user's cache folder ({@code
     * $XDG_CACHE_HOME/tranche} or {@code ~/.cache/tranche}), 60 s to start and 30 s to stop.
     */
    public static EmbeddedSettings in(Path folder) {
        return new EmbeddedSettings(
                folder, 0, 512, cacheFolder(), Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    /** The same on a certain port. */
    public EmbeddedSettings withPort(int value) {
        return new EmbeddedSettings(
                folder, value, bufferPoolMebibytes, binaries, startMax, stopMax);
    }

    /** The same with another buffer pool. */
    public EmbeddedSettings withBufferPoolMebibytes(int value) {
        return new EmbeddedSettings(folder, port, value, binaries, startMax, stopMax);
    }

    /** The same with the programs elsewhere. */
    public EmbeddedSettings withBinaries(Path value) {
        return new EmbeddedSettings(folder, port, bufferPoolMebibytes, value, startMax, stopMax);
    }

    private static Path cacheFolder() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path cache =
                configured == null || configured.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(configured);
        return cache.resolve("tranche");
    }
}
