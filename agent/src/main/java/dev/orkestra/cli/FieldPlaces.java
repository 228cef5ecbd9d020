package dev.orkestra.cli;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives a place in the file to findings that begin with a field's name, as those on objects of the API server do: they
 * have no places of their own.
 */
final class FieldPlaces {
    private static final Pattern FIELD = Pattern.compile("^(spec|metadata)((?:\\.[A-Za-z]+|\\[[0-9]{1,4}])*)");
    private static final Pattern STEP = Pattern.compile("\\.([A-Za-z]+)|\\[([0-9]+)]");

    private FieldPlaces() {}

    /** {@code finding} where its field stands, or what of its parents there is. */
    static Diagnostic place(Diagnostic finding, Node root) {
        return finding.at(finding.at().orElseGet(() -> find(finding.message(), root)));
    }

    private static Position find(String message, Node root) {
        Matcher field = FIELD.matcher(message);
        if (!field.find()) {
            return root.position();
        }
        Optional<Node> here = child(root, field.group(1));
        Node last = here.orElse(root);
        Matcher steps = STEP.matcher(field.group(2));
        while (here.isPresent() && steps.find()) {
            here = steps.group(1) != null ? child(last, steps.group(1)) : item(last, Integer.parseInt(steps.group(2)));
            last = here.orElse(last);
        }
        return last.position();
    }

    private static Optional<Node> child(Node node, String key) {
        return node instanceof Node.MapNode map ? map.get(key) : Optional.empty();
    }

    private static Optional<Node> item(Node node, int index) {
        List<Node> items = node instanceof Node.ListNode list ? list.items() : List.of();
        return index < items.size() ? Optional.of(items.get(index)) : Optional.empty();
    }
}
