package dev.orkestra.source;

import java.util.Optional;

/**
 * Paths into a repository as people write them. Whatever could mean another place than it seems to is refused rather
 * than resolved: {@code ..}, absolute paths, drive letters, backslashes, empty parts, control characters.
 */
public final class TreePath {
    private static final int MAX_LENGTH = 1_024;

    private TreePath() {}

    /**
     * The path in the form that {@link Tree} takes: {@code a/b}, or "" for {@code .}; a slash at the end is dropped.
     * Empty when it is refused, see {@link #problem}.
     */
    public static Optional<String> normal(String path) {
        return problem(path).isPresent() ? Optional.empty() : Optional.of(stripped(path));
    }

    /** What is wrong with {@code path}, as the end of a sentence that begins with the path; empty when it is fine. */
    public static Optional<String> problem(String path) {
        if (path.isEmpty()) {
            return Optional.of("is empty");
        }
        if (path.length() > MAX_LENGTH) {
            return Optional.of("is longer than " + MAX_LENGTH + " characters");
        }
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            return Optional.of("holds a control character");
        }
        if (path.indexOf('\\') >= 0) {
            return Optional.of("holds a backslash");
        }
        if (path.startsWith("/") || path.matches("[A-Za-z]:.*")) {
            return Optional.of("is absolute");
        }
        String stripped = stripped(path);
        for (String part : stripped.isEmpty() ? new String[0] : stripped.split("/", -1)) {
            if (part.equals("..") || part.equals(".")) {
                return Optional.of("holds '" + part + "'");
            }
            if (part.isEmpty()) {
                return Optional.of("has an empty part");
            }
            if (part.equalsIgnoreCase(".git")) {
                return Optional.of("leads into .git");
            }
        }
        return Optional.empty();
    }

    private static String stripped(String path) {
        if (path.equals(".") || path.equals("./")) {
            return "";
        }
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
