package dev.orkestra.chart;

import java.io.IOException;
import java.io.InputStream;

/**
 * How many bytes archives may still unpack to, their headers and padding included. One is shared by archives within
 * archives, so that many small ones cannot unpack without end. For one thread.
 */
public final class UnpackRoom {
    private long left;

    public UnpackRoom(long bytes) {
        this.left = bytes;
    }

    /** More than there is room for. */
    static final class Exceeded extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** {@code in}, which takes room with each byte that is read and ends with {@link Exceeded} when there is none. */
    InputStream bound(InputStream in) {
        return new Bounded(in);
    }

    private void take(int read) throws Exceeded {
        left -= Math.max(0, read);
        if (left < 0) {
            throw new Exceeded();
        }
    }

    /** Stops an archive that unpacks without end, before it fills the memory. */
    private final class Bounded extends InputStream {
        private final InputStream in;

        Bounded(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            take(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            take(read);
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
