package dev.orkestra.fuzz;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where positions may point to: into a file, or just behind its end.
 *
 * @param lineLengths by file, the code points of each line
 */
record Places(Map<String, int[]> lineLengths) {
    private static final Pattern LINE_END = Pattern.compile("\r\n|[\r\n\u0085\u2028\u2029]");

    static Places of(String file, byte[] bytes) {
        return of(Map.of(file, bytes));
    }

    static Places of(Map<String, byte[]> files) {
        Map<String, int[]> lengths = new TreeMap<>();
        files.forEach((name, bytes) -> lengths.put(name, lengths(new String(bytes, StandardCharsets.UTF_8))));
        return new Places(lengths);
    }

    /** Lines end where YAML 1.1 ends them. */
    private static int[] lengths(String text) {
        return Arrays.stream(LINE_END.split(text, -1))
                .mapToInt(line -> line.codePointCount(0, line.length()))
                .toArray();
    }

    void check(Diagnostic finding) {
        finding.at().ifPresent(position -> check(position, finding));
        finding.importedBy().forEach(position -> check(position, finding));
    }

    void check(Node node) {
        check(node.position(), "a node");
        switch (node) {
            case Node.MapNode map ->
                map.entries().values().forEach(entry -> {
                    check(entry.keyPosition(), "a key");
                    check(entry.value());
                });
            case Node.ListNode list -> list.items().forEach(this::check);
            case Node.ScalarNode _ -> {
                // Its own place is all.
            }
        }
    }

    private void check(Position position, Object what) {
        int[] lines = lineLengths.get(position.file());
        boolean inside =
                lines != null && position.line() <= lines.length && position.column() <= lines[position.line() - 1] + 1;
        if (!inside) {
            throw new AssertionError(position + " lies in no file: " + what);
        }
    }
}
