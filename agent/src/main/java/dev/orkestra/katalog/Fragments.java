package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads files that are parts of documents: no kind, a few keys. */
final class Fragments {
    private final ComposeRequest request;
    private final Inputs inputs;
    private final List<Diagnostic> findings;

    Fragments(ComposeRequest request, Inputs inputs, List<Diagnostic> findings) {
        this.request = request;
        this.inputs = inputs;
        this.findings = findings;
    }

    /**
     * The mapping in the file that {@code include} names; empty when it is needed first, or is of no use.
     *
     * @param allowed the keys that it may have
     */
    Optional<Node.MapNode> read(Location base, Node include, Set<String> allowed) {
        if (!(include instanceof Node.ScalarNode(Object value, Position position))
                || !(value instanceof String path)
                || path.isEmpty()) {
            return Optional.empty();
        }
        return switch (base.resolve(path)) {
            case Location.Reference.To(Location location) ->
                inputs.bytes(location, position)
                        .flatMap(bytes -> parse(location, bytes, allowed))
                        .filter(file -> inputs.mayGrow(file, position));
            case Location.Reference.Nowhere(ErrorCode code, String reason, String hint) -> {
                inputs.fail(code, "the include '" + path + "' " + reason, position, hint);
                yield Optional.empty();
            }
        };
    }

    private Optional<Node.MapNode> parse(Location location, byte[] bytes, Set<String> allowed) {
        ReadResult result = request.readings().read(location.shown(), bytes, request.limits());
        result.findings().stream()
                .filter(finding -> !isAboutKey(finding, result))
                .forEach(findings::add);
        if (result.hasErrors()) {
            inputs.markIncomplete();
            return Optional.empty();
        }
        if (result.documents().isEmpty() || !(result.documents().getFirst().root() instanceof Node.MapNode map)) {
            inputs.fail(
                    ErrorCode.WrongType,
                    "an included file is a mapping with " + keys(allowed),
                    Position.startOf(location.shown()),
                    "");
            return Optional.empty();
        }
        map.entries().forEach((key, entry) -> {
            if (!allowed.contains(key)) {
                findings.add(Diagnostic.error(
                        ErrorCode.UnknownField,
                        "unknown field '" + key + "' in an included file",
                        entry.keyPosition(),
                        "here it may have " + keys(allowed)));
            }
        });
        return Optional.of(map);
    }

    /** As in documents of Orkestra's kinds: kubectl reads none of them, and one field is called {@code on}. */
    private static boolean isAboutKey(Diagnostic finding, ReadResult result) {
        return finding.code() == ErrorCode.AmbiguousScalar
                && finding.position() != null
                && result.documents().stream().anyMatch(document -> hasKeyAt(document.root(), finding.position()));
    }

    private static boolean hasKeyAt(Node node, Position position) {
        return switch (node) {
            case Node.MapNode map ->
                map.entries().values().stream()
                        .anyMatch(entry -> entry.keyPosition().equals(position) || hasKeyAt(entry.value(), position));
            case Node.ListNode list -> list.items().stream().anyMatch(item -> hasKeyAt(item, position));
            case Node.ScalarNode _ -> false;
        };
    }

    private static String keys(Set<String> allowed) {
        return String.join(", ", new TreeSet<>(allowed));
    }
}
