package dev.orkestra.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where the files lie. People name them from the working directory; forges know them from the root of the repository.
 *
 * @param root the repository's root folder, absolute, separated by slashes
 * @param folder the working directory, absolute
 */
public record SourceRoot(String root, String folder) {
    private static final String HEX = "0123456789ABCDEF";

    /** Characters that a path of a URI may hold as they are (RFC 3986), the slash among them. */
    private static final String PLAIN = "-._~!$&'()*+,;=@/";

    /** The path from the root of the file that people know as {@code shown}; absolute when it lies outside. */
    public String fromRoot(String shown) {
        String path = normal(shown.startsWith("/") ? shown : folder + "/" + shown);
        String below = root.endsWith("/") ? root : root + "/";
        return path.startsWith(below) ? path.substring(below.length()) : path;
    }

    /** {@link #fromRoot} as a URI: relative to the root, or absolute. */
    public String uri(String shown) {
        String path = encoded(fromRoot(shown));
        return path.startsWith("/") ? "file://" + path : path;
    }

    private static String normal(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            switch (part) {
                case "", "." -> {}
                case ".." -> parts.pollLast();
                default -> parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    private static String encoded(String path) {
        StringBuilder uri = new StringBuilder(path.length() + 16);
        for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean isPlain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
            if (isPlain) {
                uri.append(c);
            } else {
                uri.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            }
        }
        return uri.toString();
    }
}
