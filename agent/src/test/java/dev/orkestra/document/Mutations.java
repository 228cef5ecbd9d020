package dev.orkestra.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Random;

/** Small damage to a file, as slips, bad merges and attackers do it. */
public final class Mutations {
    private static final String[] FRAGMENTS = {
        "&a ", "*a", "<<: *a", "!!int ", "!x ", "---\n", "...\n", "\t", "? ", ": ", "- ", "|\n  x\n", ">-\n", "[", "]",
        "{", "}", "\"", "'", "\\", "#", "%YAML 1.1\n", "\uFEFF", "\u0085", "\u2028", "😀", "\0", "yes", "0o17", "1_0",
        "1e999", ".nan", "{{ .x }}", "\r", "\n", "  ", "\\U00110000", "\\ud800", "@", "`", "%TAG ! tag:x,2026:\n"
    };

    private Mutations() {}

    /** {@code bytes} with one change: something inserted, cut off, copied elsewhere or overwritten. */
    public static byte[] mutate(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        return switch (random.nextInt(5)) {
            case 0 -> insert(bytes, at, FRAGMENTS[random.nextInt(FRAGMENTS.length)].getBytes(UTF_8));
            case 1 -> insert(bytes, at, new byte[] {(byte) random.nextInt(256)});
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> {
                int end = Math.min(bytes.length, at + random.nextInt(40));
                yield insert(bytes, random.nextInt(bytes.length + 1), Arrays.copyOfRange(bytes, at, end));
            }
            default -> {
                byte[] copy = bytes.clone();
                if (copy.length > 0) {
                    copy[Math.min(at, copy.length - 1)] = (byte) random.nextInt(128);
                }
                yield copy;
            }
        };
    }

    private static byte[] insert(byte[] bytes, int at, byte[] more) {
        byte[] result = new byte[bytes.length + more.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(more, 0, result, at, more.length);
        System.arraycopy(bytes, at, result, at + more.length, bytes.length - at);
        return result;
    }
}
