package dev.orkestra.group;

import dev.orkestra.document.GoDuration;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects findings, in the words that all rules share, and without what the schema has said. */
final class RuleFindings {
    /**
     * Of one severity: so many warnings cannot hide an error. As of a schema, since one mistake made a thousand times is
     * mended as one.
     */
    private static final int MOST_FINDINGS = 100;

    private final List<Diagnostic> findings = new ArrayList<>();
    private final Map<Severity, Integer> found = new EnumMap<>(Severity.class);

    /** Places of values and of incomplete mappings that the schema has called wrong. */
    private final Set<Position> wrong = new HashSet<>();

    private final Set<Position> incomplete = new HashSet<>();

    /** @param bySchema what the schema has said about the same document; empty when it was not asked */
    RuleFindings(List<Diagnostic> bySchema) {
        for (Diagnostic finding : bySchema) {
            if (finding.severity() == Severity.ERROR) {
                Set<Position> places = finding.code() == ErrorCode.MissingField ? incomplete : wrong;
                finding.at().ifPresent(places::add);
            }
        }
    }

    /** Whether further errors are only counted: then there is no need to find a hint. */
    boolean isFull() {
        return found.getOrDefault(Severity.ERROR, 0) >= MOST_FINDINGS;
    }

    void add(Diagnostic finding) {
        if (found.merge(finding.severity(), 1, Integer::sum) <= MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    /** Something that no schema can see. */
    void error(ErrorCode code, String message, Position position, String hint) {
        add(Diagnostic.error(code, message, position, hint));
    }

    /** The value at {@code key} is wrong, which a schema may have seen as well. */
    void wrong(ErrorCode code, String message, Node.MapNode map, String key, String hint) {
        if (!wrong.contains(map.keyPosition(key))) {
            error(code, message, map.keyPosition(key), hint);
        }
    }

    /** As the other, for an item of a list, and for a field that {@code key} alone tells. */
    void missing(Node.MapNode item, String key, String where) {
        missing(item, item.position(), key, key, where);
    }

    /**
     * The value at {@code key} is not there, or is empty.
     *
     * @param holder place of the key of {@code map}, where a schema says what is missing in it
     * @param path how people know the field, where {@code key} alone would not tell
     */
    void missing(Node.MapNode map, Position holder, String path, String key, String where) {
        String message = where + " has no " + path;
        String hint = "set " + path;
        if (map.get(key).isPresent()) {
            wrong(ErrorCode.MissingField, message, map, key, hint);
        } else if (!incomplete.contains(holder)) {
            error(ErrorCode.MissingField, message, holder, hint);
        }
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
                wrong(
                        ErrorCode.WrongValue,
                        path + " of " + where + " is no duration: " + text,
                        map,
                        key,
                        "write one like 30s, 5m or 1h30m, at least a millisecond");
            }
        });
    }

    /**
     * All findings, and how many more there were.
     *
     * @param group where the group begins
     */
    List<Diagnostic> sorted(Position group) {
        int more = found.values().stream().mapToInt(Integer::intValue).sum() - findings.size();
        if (more > 0) {
            findings.add(new Diagnostic(
                    ErrorCode.LimitExceeded,
                    Severity.INFO,
                    more + " more findings in this group are not shown",
                    group,
                    ""));
        }
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
