package dev.tranche.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinariesTest {
    @TempDir private Path cache;

    @Test
    void areUnpackedByTwoAtOnceAndKept() throws Exception {
        for (int i = 0; i < 100; i++) {
            Path old = Files.createDirectory(cache.resolve("mariadb-11.4.5-linux.unpacking-" + i));
            Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
        }
        Callable<Binaries> unpack = () -> Binaries.in(cache);
        Binaries first;
        try (ExecutorService processes = Executors.newFixedThreadPool(2)) {
            List<Future<Binaries>> both = processes.invokeAll(List.of(unpack, unpack));
            first = both.getFirst().get();
            assertThat(both.getLast().get()).isEqualTo(first);
        }
        assertThat(cache.toFile().list()).containsExactly("mariadb-11.4.5-linux");
        assertThat(first.server()).isExecutable();
        assertThat(first.installer()).isExecutable();

        FileTime unpacked = Files.getLastModifiedTime(first.server());
        Binaries.in(cache);
        assertThat(Files.getLastModifiedTime(first.server())).isEqualTo(unpacked);
    }

    @ParameterizedTest
    @CsvSource({"Linux,aarch64", "Mac OS X,aarch64", "Windows 11,amd64"})
    void sayThatThisPlatformHasNone(String system, String architecture) {
        assertThatThrownBy(() -> Binaries.requirePlatform(system, architecture))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining(system + " on " + architecture)
                .hasMessageContaining("--db-url");
    }

    @Test
    void sayThatThereIsNoRoomForThem() throws Exception {
        Path file = Files.writeString(cache.resolve("file"), "");
        assertThatThrownBy(() -> Binaries.in(file))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageContaining("could not be unpacked into " + file);
    }
}
