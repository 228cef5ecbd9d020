package dev.orkestra.embedded;

import dev.orkestra.outcome.OneLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** The end of a container's log, made fit for a message. Pure. */
final class LogTail {
    static final int LINES = 10;
    /** Of the text itself: a status holds many of them. */
    static final int MAX_BYTES = 2048;

    private static final String CUT = "\u2026";
    /** Colours and cursor movements, which without their escape character would read as nonsense. */
    private static final Pattern TERMINAL = Pattern.compile("\u001b(?:\\[[0-9;?]*[ -/]*[@-~]|[@-Z\\\\-_])");

    private LogTail() {}

    /** The last lines of {@code log} that say something, on one line; empty when there are none. */
    static String of(String log) {
        List<String> lines = TERMINAL.matcher(log)
                .replaceAll("")
                .lines()
                .map(LogTail::shown)
                .filter(line -> !line.isEmpty())
                .toList();
        String text = String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        return text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES ? text : cut(text);
    }

    private static String shown(String line) {
        StringBuilder shown = new StringBuilder(line.length());
        line.codePoints().forEach(c -> {
            if (c == '\t') {
                shown.append(' ');
            } else if (!OneLine.isHidden(c) && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)) {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString().strip();
    }

    /** The end is what tells why something ended. */
    private static String cut(String text) {
        int room = MAX_BYTES - CUT.getBytes(StandardCharsets.UTF_8).length;
        int from = text.length();
        while (from > 0) {
            int before = text.offsetByCodePoints(from, -1);
            room -= text.substring(before, from).getBytes(StandardCharsets.UTF_8).length;
            if (room < 0) {
                break;
            }
            from = before;
        }
        return CUT + text.substring(from);
    }
}
