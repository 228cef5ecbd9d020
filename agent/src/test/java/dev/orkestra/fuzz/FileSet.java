package dev.orkestra.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of a repository in one input: a line {@code === path} between them, after a line feed that belongs to no
 * file; the first is the entry.
 * Any bytes are some file set, and people can read and write one.
 *
 * @param contents by path, {@link #ENTRY} among them
 */
record FileSet(Map<String, byte[]> contents) {
    static final String ENTRY = "overlays/staging/komposer.yaml";

    private static final String MARK = "\n=== ";

    FileSet {
        contents = Collections.unmodifiableMap(new LinkedHashMap<>(contents));
    }

    static FileSet parse(byte[] data) {
        // One character for each byte, so that nothing is lost on the way.
        String text = new String(data, ISO_8859_1);
        Map<String, byte[]> contents = new LinkedHashMap<>();
        int next = text.indexOf(MARK);
        contents.put(ENTRY, (next < 0 ? text : text.substring(0, next)).getBytes(ISO_8859_1));
        while (next >= 0) {
            int start = next + MARK.length();
            next = text.indexOf(MARK, start);
            String part = next < 0 ? text.substring(start) : text.substring(start, next);
            int end = part.indexOf('\n');
            String path = new String((end < 0 ? part : part.substring(0, end)).getBytes(ISO_8859_1), UTF_8);
            byte[] content = (end < 0 ? "" : part.substring(end + 1)).getBytes(ISO_8859_1);
            if (!path.isEmpty()) {
                contents.putIfAbsent(path, content);
            }
        }
        return new FileSet(contents);
    }

    /** The input that {@link #parse} reads these files from. */
    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        text.append(new String(contents.getOrDefault(ENTRY, new byte[0]), ISO_8859_1));
        contents.forEach((path, bytes) -> {
            if (!path.equals(ENTRY)) {
                text.append(MARK)
                        .append(new String(path.getBytes(UTF_8), ISO_8859_1))
                        .append('\n')
                        .append(new String(bytes, ISO_8859_1));
            }
        });
        return text.toString().getBytes(ISO_8859_1);
    }
}
