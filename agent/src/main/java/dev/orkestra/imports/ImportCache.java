package dev.orkestra.imports;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What imports were, under what was asked for and what a lock file pins it to. An entry is there whole or not at all,
 * and what is read from it has the pinned digest or counts as missing. Losing the folder at any time costs only the
 * fetching; trouble with it is logged and stops no import.
 *
 * <p>Whoever may use a folder may see what is in it, without the credentials that it was fetched with: people that must
 * not see each other's imports need folders of their own.
 */
public final class ImportCache {
    /** Eight compositions at their default limit of bytes. */
    public static final long DEFAULT_BYTES = 512L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ImportCache.class);
    private static final int FORMAT = 0x4f524b31;
    private static final String ENTRY = ".import";
    private static final String PART = ".part-";
    /** No write takes that long: what a killed process left. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path folder;
    private final long maxBytes;
    private final InstantSource clock;

    /**
     * @param folder made when it is needed
     * @param maxBytes of all entries together; those that nobody asked for longest go first
     */
    public ImportCache(Path folder, long maxBytes, InstantSource clock) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** What {@code need} was when it was pinned; empty when that is not here, or damaged. */
    Optional<Provided.Files> find(Need.Remote need, Pin pin) {
        Path entry = entry(need, pin);
        try {
            if (Files.size(entry) > maxBytes) {
                return Optional.empty();
            }
            Map<String, byte[]> contents = decoded(Files.readAllBytes(entry));
            if (!Pin.digestOf(contents).equals(pin.digest())) {
                throw new IOException("its files have another digest than they had");
            }
            touch(entry);
            return Optional.of(new Provided.Files(contents, pin));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("the cached import {} is fetched anew: {}", entry.getFileName(), e.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps {@code files} as the answer to {@code need} for whoever pins them. */
    void keep(Need.Remote need, Provided.Files files) {
        try {
            Files.createDirectories(folder);
            Path entry = entry(need, files.pin());
            byte[] bytes = encoded(files.contents());
            if (bytes.length > maxBytes) {
                return;
            }
            Path part = Files.createTempFile(folder, PART, "");
            try {
                Files.write(part, bytes);
                Files.move(part, entry, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            touch(entry);
            evict(entry);
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("an import is not kept in {}: {}", folder, e.toString());
        }
    }

    private void evict(Path kept) throws IOException {
        List<Stored> entries = new ArrayList<>();
        FileTime abandoned = FileTime.from(clock.instant().minus(ABANDONED));
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                String name = path.getFileName().toString();
                Optional<Stored> stored = stored(path);
                if (stored.isEmpty()) {
                    continue;
                }
                if (name.endsWith(ENTRY)) {
                    entries.add(stored.get());
                } else if (name.startsWith(PART) && stored.get().used.compareTo(abandoned) < 0) {
                    Files.deleteIfExists(path);
                }
            }
        }
        entries.sort(Comparator.comparing(Stored::used).thenComparing(Stored::path));
        long sum = entries.stream().mapToLong(Stored::bytes).sum();
        for (Stored oldest : entries) {
            if (sum <= maxBytes) {
                return;
            }
            if (!oldest.path.equals(kept)) {
                Files.deleteIfExists(oldest.path);
                sum -= oldest.bytes;
            }
        }
    }

    /** Empty when another process removed it meanwhile. */
    private static Optional<Stored> stored(Path path) throws IOException {
        try {
            return Optional.of(new Stored(path, Files.getLastModifiedTime(path), Files.size(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void touch(Path entry) throws IOException {
        try {
            Files.setLastModifiedTime(entry, FileTime.from(clock.instant()));
        } catch (NoSuchFileException e) {
            // Another process made room; what was read of it stays good.
            LOG.debug("{} is gone", entry);
        }
    }

    /** The key and the pin decide, and which variables hold the credentials: they can decide what a server shows. */
    private Path entry(Need.Remote need, Pin pin) {
        String auth = need.auth().map(Logins::names).orElse("");
        String name = String.join("\n", need.key(), auth, pin.resolved(), pin.digest());
        String digest = CanonicalJson.digest(name.getBytes(StandardCharsets.UTF_8));
        return folder.resolve(digest.substring("sha256:".length()) + ENTRY);
    }

    private static byte[] encoded(Map<String, byte[]> contents) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            out.writeInt(contents.size());
            for (Map.Entry<String, byte[]> file : contents.entrySet()) {
                byte[] path = file.getKey().getBytes(StandardCharsets.UTF_8);
                out.writeInt(path.length);
                out.write(path);
                out.writeInt(file.getValue().length);
                out.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written", e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> decoded(byte[] bytes) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != FORMAT) {
                throw new IOException("it is no entry of this cache");
            }
            for (int left = in.readInt(); left > 0; left--) {
                contents.put(new String(piece(in), StandardCharsets.UTF_8), piece(in));
            }
            return contents;
        } catch (EOFException e) {
            throw new IOException("it ends too early", e);
        }
    }

    private static byte[] piece(DataInputStream in) throws IOException {
        int length = in.readInt();
        // Never more memory than the file has bytes, whatever a damaged one says.
        if (length < 0 || length > in.available()) {
            throw new IOException("it ends too early");
        }
        return in.readNBytes(length);
    }

    /** A file of the folder. */
    private record Stored(Path path, FileTime used, long bytes) {}
}
