package dev.orkestra.imports;

import dev.orkestra.outcome.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** The files of a tar+gzip, in memory: nothing is ever unpacked to disk under a name that an archive chose. */
final class TarFiles {
    /** As for charts; a pattern has ten files. */
    private static final int MAX_FILES = 10_000;

    private static final String MEND = "pack the folder again, without links";

    private TarFiles() {}

    /** Files by path; what they have together is taken from {@code budget}. */
    static Map<String, byte[]> read(byte[] tgz, Budget budget) throws ImportTrouble {
        Map<String, byte[]> files = new TreeMap<>();
        int most = budget.bytesLeft();
        int total = 0;
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new Bounded(new GZIPInputStream(new ByteArrayInputStream(tgz)), most), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                String path = checked(entry);
                if (files.size() >= MAX_FILES) {
                    throw bad("it holds an archive with more than " + MAX_FILES + " files, a fixed bound");
                }
                // Counted once more, since a sparse file has bytes that the archive does not.
                byte[] content = tar.readNBytes(most - total + 1);
                total += content.length;
                if (total > most) {
                    throw budget.tooLarge();
                }
                if (files.put(path, content) != null) {
                    throw bad("it holds an archive with '" + path + "' twice");
                }
            }
        } catch (Bounded.Exceeded e) {
            throw budget.tooLarge();
        } catch (IOException | IllegalArgumentException e) {
            throw bad("it holds an archive that cannot be read");
        }
        budget.take(total);
        return files;
    }

    private static String checked(TarArchiveEntry entry) throws ImportTrouble {
        String path = FileName.checked(entry.getName());
        byte kind = entry.getLinkFlag();
        if (kind != TarConstants.LF_NORMAL && kind != TarConstants.LF_OLDNORM) {
            throw bad("it holds an archive with a link or a device: '" + path + "'");
        }
        return path;
    }

    private static ImportTrouble bad(String message) {
        return new ImportTrouble(ErrorCode.WrongValue, message, MEND);
    }

    /** Stops an archive that unpacks without end, before it fills the memory. */
    private static final class Bounded extends InputStream {
        /** More than is allowed. */
        static final class Exceeded extends IOException {
            private static final long serialVersionUID = 1L;
        }

        /** The headers and the padding of as many files as there may be. */
        private static final long HEADERS = 4L * 512 * MAX_FILES;

        private final InputStream in;
        private long left;

        Bounded(InputStream in, long content) {
            this.in = in;
            this.left = content + HEADERS;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            left -= Math.max(0, read);
            if (left < 0) {
                throw new Exceeded();
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
