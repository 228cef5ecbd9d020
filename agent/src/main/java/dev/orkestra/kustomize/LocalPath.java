package dev.orkestra.kustomize;

import dev.orkestra.source.TreePath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Paths as they stand in kustomizations: from the kustomization's folder, and with {@code ..} in them. */
final class LocalPath {
    /** What kustomize would take to Git or to a web server when there is no such file. */
    private static final Pattern REMOTE =
            Pattern.compile("(?s).*://.*|git::.*|gh:.*|[^/@]*+@[^/:]*+:.*|(ssh|file|http|https|oci|hg|s3):.*"
                    + "|(www\\.)?(github\\.com|gitlab\\.com|bitbucket\\.org|dev\\.azure\\.com)([/:].*)?"
                    + "|.*[?&](ref|version|timeout|submodules)=.*|.*\\.git(/.*)?|.*/_git/.*");

    private LocalPath() {}

    static boolean isRemote(String path) {
        return REMOTE.matcher(path.strip().toLowerCase(Locale.ROOT)).matches();
    }

    /**
     * The path from the repository's root, "" for the root itself; empty when it leads out of it, or is none.
     *
     * @param folder from where {@code path} goes
     */
    static Optional<String> resolve(String folder, String path) {
        if (path.isBlank() || path.startsWith("/")) {
            return Optional.empty();
        }
        Deque<String> parts = new ArrayDeque<>();
        String whole = folder.isEmpty() ? path : folder + "/" + path;
        for (String part : whole.split("/", -1)) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        String resolved = String.join("/", parts);
        return resolved.isEmpty() || TreePath.problem(resolved).isEmpty() ? Optional.of(resolved) : Optional.empty();
    }

    /** The folder of a file; "" for the root. */
    static String folderOf(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    /** Whether {@code path} lies in {@code folder} or below. */
    static boolean isWithin(String path, String folder) {
        return folder.isEmpty() || path.startsWith(folder + "/");
    }

    static String join(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }
}
