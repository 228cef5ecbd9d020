package dev.orkestra.chart;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/**
 * Gzip without compression. Compressed bytes depend on the zlib of the machine, so the digest of a staged chart would
 * change with the agent's image, and every release would get a needless upgrade. Stored bytes never change.
 */
final class StoredGzip {
    /** The largest stored block that the format knows (RFC 1951, 3.2.4). */
    private static final int BLOCK = 65_535;
    /** Magic, deflate, no flags, no time, no extra flags, unknown operating system (RFC 1952, 2.3). */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private StoredGzip() {}

    static byte[] of(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + content.length / BLOCK * 5 + 32);
        out.writeBytes(HEADER);
        int start = 0;
        do {
            int length = Math.min(BLOCK, content.length - start);
            boolean last = start + length == content.length;
            out.write(last ? 1 : 0);
            littleEndian(out, length, 2);
            littleEndian(out, ~length, 2);
            out.write(content, start, length);
            start += length;
        } while (start < content.length);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        littleEndian(out, checksum.getValue(), 4);
        littleEndian(out, content.length, 4);
        return out.toByteArray();
    }

    private static void littleEndian(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> (8 * i)) & 0xff);
        }
    }
}
