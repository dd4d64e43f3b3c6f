package dev.tranche.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an embedded database, held by one server at a time: where in it things are, and the
 * password. Everything in it is for its owner only.
 */
final class DatabaseFolder implements AutoCloseable {
    private static final String LOCK = "tranche.lock";

    private static final int PASSWORD_BYTES = 24;

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /**
     * What this JVM holds. Asked before the lock file is opened: the system drops a process' lock
     * as soon as the process closes any of its channels to the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final FileLock lock;

    private DatabaseFolder(Path root, FileLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Makes the folder if need be, and takes hold of it.
     *
     * @throws DatabaseUnusableException if another server has it, or it holds something else
     */
    static DatabaseFolder open(Path folder) {
        try {
            Files.createDirectories(folder, OWNER_ONLY_FOLDER);
            Path root = folder.toRealPath();
            requireOurs(root);
            DatabaseFolder held = tryOpen(root);
            if (held == null) {
                throw new DatabaseUnusableException(
                        ("another server has the database in %s open. Stop it, or give this one a"
                                        + " folder of its own")
                                .formatted(root));
            }
            Files.createDirectories(held.temporary());
            return held;
        } catch (IOException e) {
            throw new DatabaseUnusableException(
                    "the folder of the database, %s, cannot be used: %s"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    /** Takes hold of a folder; null if somebody else has it. */
    static @Nullable DatabaseFolder tryOpen(Path root) throws IOException {
        if (!HELD.add(root)) {
            return null;
        }
        FileLock lock = null;
        try {
            lock = lock(root.resolve(LOCK));
            return lock == null ? null : new DatabaseFolder(root, lock);
        } finally {
            if (lock == null) {
                HELD.remove(root);
            }
        }
    }

    @SuppressWarnings("resource") // The lock is closed with its channel.
    private static @Nullable FileLock lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        OWNER_ONLY);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            return lock;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static void requireOurs(Path root) throws IOException {
        try (DirectoryStream<Path> content = Files.newDirectoryStream(root)) {
            if (!Files.exists(root.resolve(LOCK)) && content.iterator().hasNext()) {
                throw new DatabaseUnusableException(
                        ("%s is not empty, and no folder of a database. Give an empty folder, or"
                                        + " one that is not there yet")
                                .formatted(root));
            }
        }
    }

    Path root() {
        return root;
    }

    /** MariaDB's own; there only once it is complete. */
    Path data() {
        return root.resolve("data");
    }

    /** How mariadbd is told; by it, a process is known to be this folder's. */
    static String argument(Path data) {
        return "--datadir=" + data;
    }

    Path dataInTheMaking() {
        return root.resolve("data.new");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    Path pidFile() {
        return root.resolve("mariadb.pid");
    }

    Path initFile() {
        return root.resolve("init.sql");
    }

    /** What MariaDB prints, since it was started last. */
    Path log() {
        return root.resolve("mariadb.log");
    }

    /** Puts the log of the run before aside, in place of the one before that. */
    void turnLog() throws IOException {
        if (Files.exists(log())) {
            Files.move(
                    log(), root.resolve("mariadb.log.before"), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.createFile(log(), OWNER_ONLY);
    }

    /** The password of the account: 32 characters, drawn when it is first asked for, and kept. */
    String password() throws IOException {
        Path file = root.resolve("password");
        String kept = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!kept.isEmpty()) {
            return kept;
        }
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String drawn = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        write(file, drawn);
        return drawn;
    }

    /** Writes a file that only its owner may read, from its first byte on. */
    void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, OWNER_ONLY);
        Files.writeString(file, text);
    }

    /** Lets go of it. */
    @Override
    public void close() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(root);
        }
    }
}
