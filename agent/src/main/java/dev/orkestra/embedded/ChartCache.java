package dev.orkestra.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Charts as files that are named by their digest, so that each is there whole or not at all. What was used longest ago
 * goes first when there is too much. Can be lost at any time. Thread-safe.
 */
final class ChartCache {
    /** As many as {@link dev.orkestra.release.ChartStore} keeps. */
    private static final int KEPT_FILES = 400;

    private static final long KEPT_BYTES = 1L << 30;

    private final Path folder;
    private final int files;
    private final long bytes;
    private final InstantSource clock;

    /**
     * @param folder made when absent
     * @param clock tells when a file was used
     */
    ChartCache(Path folder, InstantSource clock) {
        this(folder, KEPT_FILES, KEPT_BYTES, clock);
    }

    ChartCache(Path folder, int files, long bytes, InstantSource clock) {
        this.folder = folder;
        this.files = files;
        this.bytes = bytes;
        this.clock = clock;
    }

    /**
     * The file of a chart that is kept; it counts as used now.
     *
     * @param digest {@code sha256:} and 64 hexadecimal digits, checked
     */
    Optional<Path> use(String digest) {
        Path file = file(digest);
        return touch(file) ? Optional.of(file) : Optional.empty();
    }

    /** Counts {@code file} as used now. False when it is gone. */
    boolean touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return true;
        } catch (IOException e) {
            // One that cannot be marked, on a read-only volume for example, can still be read.
            return Files.exists(file);
        }
    }

    /** Written beside and moved, so that no reader ever sees half a chart. */
    synchronized Path keep(byte[] content, String digest) throws IOException {
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "part", ".tgz");
        try {
            Files.write(part, content);
            Files.move(part, file(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        tidy(file(digest));
        return file(digest);
    }

    /** Parts that a killed agent left go like the others; {@code kept} is about to be used and stays. */
    private void tidy(Path kept) throws IOException {
        record Kept(Path file, FileTime used, long size) {}
        List<Path> all;
        try (Stream<Path> listed = Files.list(folder)) {
            all = listed.toList();
        }
        List<Kept> newestFirst = all.stream()
                .filter(file -> !file.equals(kept))
                .flatMap(file -> {
                    try {
                        return Stream.of(new Kept(file, Files.getLastModifiedTime(file), Files.size(file)));
                    } catch (IOException gone) {
                        return Stream.empty();
                    }
                })
                .sorted(Comparator.comparing(Kept::used).reversed())
                .toList();
        long sum = Files.size(kept);
        for (int i = 0; i < newestFirst.size(); i++) {
            sum += newestFirst.get(i).size();
            if (i + 1 >= files || sum > bytes) {
                Files.deleteIfExists(newestFirst.get(i).file());
            }
        }
    }

    private Path file(String digest) {
        return folder.resolve(digest.replace(':', '-') + ".tgz");
    }
}
