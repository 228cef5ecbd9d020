package dev.orkestra.release;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Chart archives that nobody with good intentions makes. */
final class HostileArchives {
    private HostileArchives() {}

    /** One file of that many zeros, in some thousandth of the bytes: gzip members may follow each other. */
    static byte[] zeros(long size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream first = new GZIPOutputStream(bytes)) {
            byte[] header = new byte[512];
            TarArchiveEntry entry = new TarArchiveEntry("bad/values.yaml");
            entry.setSize(Math.min(size, 7L << 30));
            entry.writeEntryHeader(header);
            first.write(header);
        }
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(member)) {
            zipped.write(new byte[64 << 20]);
        }
        for (long written = 0; written < size; written += 64 << 20) {
            bytes.writeBytes(member.toByteArray());
        }
        return bytes.toByteArray();
    }

    interface Filling {
        void into(TarArchiveOutputStream tar) throws IOException;
    }

    static byte[] tgz(Filling filling) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            filling.into(tar);
        }
        return bytes.toByteArray();
    }

    static void entry(TarArchiveOutputStream tar, String name, byte kind, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setSize(content.length);
        if (kind != TarConstants.LF_NORMAL) {
            entry.setLinkName("/etc/passwd");
        }
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
