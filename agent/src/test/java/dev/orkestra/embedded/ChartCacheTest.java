package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartCacheTest {
    private static final Instant LONG_AGO = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path folder;

    @Test
    void whatWasUsedLongestAgoGoesWhenThereAreTooManyFiles() throws IOException {
        ChartCache cache = new ChartCache(folder, 3, 1_000, InstantSource.system());
        Files.setLastModifiedTime(Files.createFile(folder.resolve("part1.tgz")), FileTime.from(LONG_AGO));
        for (int i = 0; i < 3; i++) {
            Path kept = cache.keep(new byte[10], digest(i));
            Files.setLastModifiedTime(kept, FileTime.from(LONG_AGO.plusSeconds(i + 1)));
        }
        assertThat(cache.use(digest(0))).isPresent();
        cache.keep(new byte[10], digest(3));
        assertThat(cache.use(digest(0))).as("it was used again").isPresent();
        assertThat(cache.use(digest(1))).isEmpty();
        assertThat(cache.use(digest(2))).isPresent();
        assertThat(folder.resolve("part1.tgz")).doesNotExist();
    }

    @Test
    void soItDoesWhenTheyAreTooLargeButTheNewestStays() throws IOException {
        ChartCache cache = new ChartCache(folder, 3, 1_000, InstantSource.system());
        Files.setLastModifiedTime(cache.keep(new byte[600], digest(0)), FileTime.from(LONG_AGO));
        cache.keep(new byte[500], digest(1));
        assertThat(cache.use(digest(0))).isEmpty();
        assertThat(cache.use(digest(1))).isPresent();
        assertThat(cache.keep(new byte[2_000], digest(2))).exists();
    }

    private static String digest(int i) {
        return "sha256:" + String.valueOf(i).repeat(64);
    }
}
