package dev.orkestra.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lines of a terminal that are written over. The cursor is hidden meanwhile, and is back when this is closed or the
 * process is stopped. What was drawn last stays.
 */
final class LiveScreen implements AutoCloseable {
    static final String HIDE = "\u001B[?25l";
    static final String SHOW = "\u001B[?25h";
    private static final String CLEAR_LINE = "\u001B[K";
    private static final String CLEAR_BELOW = "\u001B[J";

    private final PrintWriter out;
    private final Thread hook;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private int drawn;

    LiveScreen(PrintWriter out) {
        this.out = out;
        this.hook = new Thread(this::stop, "show-cursor");
        Runtime.getRuntime().addShutdownHook(hook);
        out.print(HIDE);
        out.flush();
    }

    /** Writes {@code lines} over those of the last time, in one go, so that nothing flickers. */
    void draw(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001B[").append(drawn).append('A');
        }
        text.append('\r');
        lines.forEach(line -> text.append(line).append(CLEAR_LINE).append('\n'));
        text.append(CLEAR_BELOW);
        drawn = lines.size();
        out.print(text);
        out.flush();
    }

    /** Waits for {@code pause}, or until the process is being stopped; true when it is. */
    boolean awaitStop(Duration pause) throws InterruptedException {
        return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stop() {
        stopped.countDown();
        showCursor();
    }

    private void showCursor() {
        out.print(SHOW);
        out.flush();
    }

    @Override
    public void close() {
        showCursor();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is being stopped; the hook does the same once more.
        }
    }
}
