package dev.orkestra.katalog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Paths inside a repository: {@code /} between names, no {@code .} or {@code ..}, none at the start. */
final class RepositoryPath {
    private RepositoryPath() {}

    /** {@code path} as seen from the folder of {@code file}; empty when it leads out of the repository. */
    static Optional<String> resolve(String file, String path) {
        if (path.startsWith("/") || path.indexOf('\\') >= 0) {
            return Optional.empty();
        }
        int slash = file.lastIndexOf('/');
        return normalise(slash < 0 ? path : file.substring(0, slash + 1) + path);
    }

    private static Optional<String> normalise(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                if (names.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join("/", names));
    }

    /** {@code file} as seen from the folder of {@code from}; both from the root. */
    static String between(String from, String file) {
        String[] start = from.split("/", -1);
        String[] end = file.split("/", -1);
        int common = 0;
        while (common < start.length - 1 && common < end.length - 1 && start[common].equals(end[common])) {
            common++;
        }
        StringBuilder path = new StringBuilder("../".repeat(start.length - 1 - common));
        for (int i = common; i < end.length; i++) {
            path.append(end[i]).append(i + 1 < end.length ? "/" : "");
        }
        return path.toString();
    }
}
