package dev.orkestra.katalog;

import dev.orkestra.document.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an import was when it was fetched.
 *
 * @param resolved what the version meant then: a commit, a manifest's digest, a chart's version; empty for a plain file
 * @param digest {@code sha256:<hex>} over the files' paths and contents, see {@link #digestOf}
 */
public record Pin(String resolved, String digest) {
    /** The digest of files: over one line {@code <sha256 of the content> <path>} for each, sorted by path. */
    public static String digestOf(Map<String, byte[]> files) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(files)
                .forEach((path, bytes) -> lines.append(CanonicalJson.digest(bytes))
                        .append(' ')
                        .append(path)
                        .append('\n'));
        return CanonicalJson.digest(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
