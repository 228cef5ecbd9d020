package dev.orkestra.group;

import dev.orkestra.document.GoDuration;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.List;

/** Collects findings, in the words that all rules share. */
final class RuleFindings {
    private final List<Diagnostic> findings = new ArrayList<>();

    void add(Diagnostic finding) {
        findings.add(finding);
    }

    void error(ErrorCode code, String message, Position position, String hint) {
        add(Diagnostic.error(code, message, position, hint));
    }

    void missing(Node.MapNode map, String key, String where) {
        missing(map, key, key, where);
    }

    /** @param path how people know the field, where {@code key} alone would not tell */
    void missing(Node.MapNode map, String path, String key, String where) {
        error(ErrorCode.MissingField, where + " has no " + path, map.keyPosition(key), "set " + path);
    }

    /** Flux takes {@code ms, s, m, h}; nothing shorter, nothing negative. */
    void duration(String where, Node.MapNode map, String key, String path) {
        map.get(key).ifPresent(node -> {
            String text = node instanceof Node.ScalarNode scalar ? String.valueOf(scalar.value()) : "a list or mapping";
            boolean good = node instanceof Node.ScalarNode scalar
                    && (scalar.value() == null
                            || scalar.value() instanceof String written
                                    && GoDuration.parse(written)
                                            .filter(each -> each.toMillis() > 0)
                                            .isPresent());
            if (!good) {
                error(
                        ErrorCode.WrongValue,
                        path + " of " + where + " is no duration: " + text,
                        map.keyPosition(key),
                        "write one like 30s, 5m or 1h30m, at least a millisecond");
            }
        });
    }

    List<Diagnostic> sorted() {
        return findings.stream().sorted(Diagnostic.BY_POSITION).toList();
    }

    /** The mappings in the list at {@code key}; anything else in it is the schema's business. */
    static List<Node.MapNode> maps(Node.MapNode map, String key) {
        return map.list(key).stream()
                .flatMap(list -> list.items().stream())
                .filter(Node.MapNode.class::isInstance)
                .map(Node.MapNode.class::cast)
                .toList();
    }
}
