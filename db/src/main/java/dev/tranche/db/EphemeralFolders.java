package dev.tranche.db;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The temporary folders of databases that nobody needs once their process is gone. */
public final class EphemeralFolders {
    private static final String PREFIX = "tranche-ephemeral-";

    /** A younger folder may be one that its process has yet to take hold of. */
    private static final Duration LEFTOVER_AGE = Duration.ofMinutes(1);

    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(EphemeralFolders.class);

    private EphemeralFolders() {}

    /**
     * Makes one, and removes what processes that were killed have left behind, running databases
     * too.
     *
     * @throws DatabaseUnusableException if there is no room for temporary files
     */
    public static Path create() {
        return createIn(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * The same in a folder of the caller's choice, for whom it matters on which disk it is.
     *
     * @param parent made if it is not there
     * @throws DatabaseUnusableException if nothing can be made there
     */
    public static Path createIn(Path parent) {
        try {
            Files.createDirectories(parent);
            removeLeftovers(parent);
            return Files.createTempDirectory(parent.toRealPath(), PREFIX);
        } catch (IOException e) {
            throw new DatabaseUnusableException("no temporary folder: " + e.getMessage(), e);
        }
    }

    /** Deletes one, once its database is closed. What cannot be deleted is logged and left. */
    public static void delete(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            log.warn("{} could not be deleted", folder, e);
        }
    }

    private static void removeLeftovers(Path parent) {
        Instant old = Instant.now().minus(LEFTOVER_AGE);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (Files.isWritable(folder)
                        && Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
                    removeUnlessHeld(folder.toRealPath());
                }
            }
        } catch (IOException e) {
            // Others may remove the same at the same time.
            log.debug("leftovers stay for the next time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeUnlessHeld(Path folder) throws IOException, InterruptedException {
        try (DatabaseFolder held = DatabaseFolder.tryOpen(folder)) {
            if (held != null) {
                LeftoverProcess.end(held, STOP_MAX);
                FileTree.delete(folder);
            }
        }
    }
}
