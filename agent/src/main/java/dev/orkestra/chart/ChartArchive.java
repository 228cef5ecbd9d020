package dev.orkestra.chart;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The files of a chart, in memory: nothing of an archive is ever unpacked to disk under a name that it chose.
 *
 * @param files content by path below the chart's folder, for example {@code templates/web.yaml}
 */
public record ChartArchive(Map<String, byte[]> files) {
    /** The file that makes a folder a chart. */
    public static final String METADATA = "Chart.yaml";

    /** Helm's own limits are 100 MiB for all and 5 MiB for one file; charts of this size don't fit a Secret anyway. */
    public static final long MAX_BYTES = 64L << 20;

    private static final int MAX_FILE_BYTES = 5 << 20;
    private static final int MAX_FILES = 10_000;
    private static final int MAX_PATH = 500;
    private static final String MEND = "repack the chart with 'helm package'";

    public ChartArchive {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** Reads a .tgz as {@code helm package} writes it: one folder with the chart in it. */
    public static ChartArchive read(byte[] tgz) throws ChartTrouble {
        return read(tgz, new UnpackRoom(MAX_BYTES));
    }

    /**
     * As {@link #read(byte[])}, for one of several archives.
     *
     * @param room what they may unpack to together; this one takes its part of it
     */
    public static ChartArchive read(byte[] tgz, UnpackRoom room) throws ChartTrouble {
        Map<String, byte[]> files = new TreeMap<>();
        String folder = "";
        long total = 0;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(room.bound(new GZIPInputStream(new ByteArrayInputStream(tgz))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                String path = safePath(entry);
                int slash = path.indexOf('/');
                String top = slash < 0 ? "" : path.substring(0, slash);
                if (top.isEmpty() || !folder.isEmpty() && !folder.equals(top)) {
                    throw new ChartTrouble("the archive does not hold one folder with the chart in it", MEND);
                }
                folder = top;
                byte[] content = tar.readNBytes(MAX_FILE_BYTES + 1);
                total += content.length;
                if (content.length > MAX_FILE_BYTES || total > MAX_BYTES || files.size() >= MAX_FILES) {
                    throw tooLarge();
                }
                if (files.put(path.substring(slash + 1), content) != null) {
                    throw new ChartTrouble("the archive holds '" + path + "' twice", MEND);
                }
            }
        } catch (UnpackRoom.Exceeded e) {
            throw tooLarge();
        } catch (IOException | IllegalArgumentException e) {
            throw new ChartTrouble("the archive cannot be read: " + e.getMessage(), MEND);
        }
        if (!files.containsKey(METADATA)) {
            throw new ChartTrouble("the archive has no " + METADATA, MEND);
        }
        return new ChartArchive(files);
    }

    /** The .tgz of this chart under {@code folder}: the same files are always the same bytes. */
    public byte[] write(String folder) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(folder + "/" + file.getKey());
                entry.setSize(file.getValue().length);
                entry.setMode(0644);
                entry.setModTime(0L);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written", e);
        }
        return StoredGzip.of(bytes.toByteArray());
    }

    /** This chart with {@code content} at {@code path}. */
    public ChartArchive with(String path, byte[] content) {
        Map<String, byte[]> more = new TreeMap<>(files);
        more.put(path, content);
        return new ChartArchive(more);
    }

    /** The files under {@code folder/}, without that prefix. */
    public ChartArchive below(String folder) {
        Map<String, byte[]> found = new TreeMap<>();
        files.forEach((path, content) -> {
            if (path.startsWith(folder + "/")) {
                found.put(path.substring(folder.length() + 1), content);
            }
        });
        return new ChartArchive(found);
    }

    /** Whether there is such a path. */
    public boolean has(Predicate<String> path) {
        return files.keySet().stream().anyMatch(path);
    }

    private static String safePath(TarArchiveEntry entry) throws ChartTrouble {
        String path = entry.getName().replace('\\', '/');
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        byte kind = entry.getLinkFlag();
        if (kind != TarConstants.LF_NORMAL && kind != TarConstants.LF_OLDNORM || entry.isSparse()) {
            throw new ChartTrouble("the archive holds a link or a device: '" + entry.getName() + "'", MEND);
        }
        boolean escapes = path.startsWith("/")
                || path.length() > MAX_PATH
                || path.indexOf('\0') >= 0
                || path.indexOf(':') >= 0
                || Arrays.asList(path.split("/", -1)).stream().anyMatch(part -> part.equals("..") || part.isEmpty());
        if (escapes) {
            throw new ChartTrouble("the archive holds a path that is not below its folder: '" + path + "'", MEND);
        }
        return path;
    }

    private static ChartTrouble tooLarge() {
        return new ChartTrouble(
                ChartTrouble.Kind.TOO_LARGE,
                "the archive is too large: at most " + MAX_FILES + " files, " + (MAX_FILE_BYTES >> 20) + " MiB each, "
                        + (MAX_BYTES >> 20) + " MiB in all with the charts in it; these bounds are fixed",
                "leave out what is not needed with a .helmignore file");
    }
}
