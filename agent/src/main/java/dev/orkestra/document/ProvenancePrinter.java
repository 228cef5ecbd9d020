package dev.orkestra.document;

import dev.orkestra.outcome.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prints a tree as {@link YamlPrinter#printSorted} does, and behind its lines the places that wrote them, as comments.
 * The text reads to the same value, and the same tree is always the same text.
 *
 * <p>Each value has its comment: {@code workers: 8  # envs/komposer.yaml:14:9}. A key that only holds others has one
 * where its file is another than that of what is around it, so that a change of the file is seen where it happens and
 * not on every level below. A value that came from another file than its key has both places.
 */
public final class ProvenancePrinter {
    /** Comments stand below each other; a fixed column, so that one long line does not move all the others. */
    private static final int COLUMN = 56;

    private final List<StringBuilder> lines = new ArrayList<>();

    private ProvenancePrinter(String text) {
        text.lines().forEach(line -> lines.add(new StringBuilder(line)));
    }

    /** {@code root} as YAML with comments, keys sorted, with a line feed at the end. */
    public static String print(Node root) {
        String text = YamlPrinter.printSorted(root.toJson());
        ProvenancePrinter printer = new ProvenancePrinter(text);
        printer.walk(root, readAgain(text), root.position().file());
        return String.join("\n", printer.lines) + "\n";
    }

    /** What was printed, with the lines on which it stands now. */
    private static Node readAgain(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Limits asLargeAsItIs = new Limits(bytes.length, 1_000, 0, 1, Integer.MAX_VALUE);
        ReadResult result = DocumentReader.read("printed", bytes, asLargeAsItIs);
        if (result.hasErrors()) {
            throw new IllegalStateException("what was printed cannot be read: " + result.findings());
        }
        return result.documents().getFirst().root();
    }

    /**
     * @param printed the same value as {@code node}, as it was printed
     * @param around file of what holds {@code node}
     */
    private void walk(Node node, Node printed, String around) {
        if (isLeaf(node)) {
            comment(printed.position().line(), place(node.position()));
        } else if (node instanceof Node.MapNode map && printed instanceof Node.MapNode printedMap) {
            printedMap.entries().forEach((key, entry) -> {
                Node.Entry source = Optional.ofNullable(map.entries().get(key)).orElseThrow();
                entry(source, entry, around);
            });
        } else if (node instanceof Node.ListNode list && printed instanceof Node.ListNode printedList) {
            for (int i = 0; i < list.items().size(); i++) {
                walk(list.items().get(i), printedList.items().get(i), around);
            }
        }
    }

    private void entry(Node.Entry source, Node.Entry printed, String around) {
        Position key = source.keyPosition();
        Position value = source.value().position();
        int line = printed.keyPosition().line();
        if (!isLeaf(source.value())) {
            if (!key.file().equals(around)) {
                comment(line, place(key));
            }
            walk(source.value(), printed.value(), key.file());
        } else if (key.file().equals(value.file())) {
            comment(line, place(key));
        } else {
            comment(line, place(key) + ", value " + place(value));
        }
    }

    /** Whether it takes one line, or is a text whose first line can have the comment. */
    private static boolean isLeaf(Node node) {
        return switch (node) {
            case Node.MapNode map -> map.entries().isEmpty();
            case Node.ListNode list -> list.items().isEmpty();
            case Node.ScalarNode _ -> true;
        };
    }

    private void comment(int number, String text) {
        StringBuilder line = lines.get(number - 1);
        int width = line.codePointCount(0, line.length());
        line.append(" ".repeat(Math.max(2, COLUMN - width))).append("# ").append(text);
    }

    /** A file may have any name; a comment ends with its line, and YAML has no control characters. */
    private static String place(Position position) {
        StringBuilder text = new StringBuilder();
        position.toString().codePoints().map(c -> isPrintable(c) ? c : '\uFFFD').forEach(text::appendCodePoint);
        return text.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
