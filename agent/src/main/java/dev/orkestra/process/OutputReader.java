package dev.orkestra.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads one stream of a child up to a limit, on a thread of its own. */
final class OutputReader {
    private final InputStream stream;
    private final int maxBytes;
    private final Runnable tooMuch;
    private final Thread thread;
    // Guards kept and overflowed, which the caller may read while the stream is still held open by a grandchild.
    private final Object lock = new Object();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean overflowed;

    OutputReader(InputStream stream, int maxBytes, Runnable tooMuch) {
        this.stream = stream;
        this.maxBytes = maxBytes;
        this.tooMuch = tooMuch;
        // Not virtual: reading a pipe is file I/O, which would hold one of the few carrier threads until the child
        // speaks.
        this.thread = Thread.ofPlatform().name("child-output").daemon().unstarted(this::read);
    }

    void start() {
        thread.start();
    }

    /** Waits for the end of the stream, at most {@code grace}. */
    void finish(Duration grace) throws InterruptedException {
        if (!thread.join(grace)) {
            thread.interrupt();
        }
    }

    boolean overflowed() {
        synchronized (lock) {
            return overflowed;
        }
    }

    /** What was read so far, at most the limit. */
    String text() {
        synchronized (lock) {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }

    private void read() {
        byte[] buffer = new byte[8_192];
        try (stream) {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                if (!keep(buffer, read)) {
                    tooMuch.run();
                    return;
                }
            }
        } catch (IOException e) {
            // The pipe was closed under us: the child is being killed.
        }
    }

    /** False when the limit is passed. */
    private boolean keep(byte[] bytes, int length) {
        synchronized (lock) {
            int fits = Math.min(length, maxBytes - kept.size());
            kept.write(bytes, 0, fits);
            overflowed |= fits < length;
            return !overflowed;
        }
    }
}
