package dev.orkestra.katalog;

import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.ApiTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes {@code apiTypes} from the CustomResourceDefinition that {@code crdFile} names (orkspace-katalog.md §1.8.1), and
 * leaves out {@code crdFile}: the runtime has no such file.
 */
final class CrdFiles {
    private final ComposeRequest request;
    private final Inputs inputs;
    private final List<Diagnostic> findings;

    CrdFiles(ComposeRequest request, Inputs inputs, List<Diagnostic> findings) {
        this.request = request;
        this.inputs = inputs;
        this.findings = findings;
    }

    /** {@code crd} with the file's group, version, kind and plural over its own. */
    Node.MapNode resolve(Node.MapNode crd) {
        Node.Entry entry = crd.entries().get("crdFile");
        if (entry == null || !(entry.value() instanceof Node.ScalarNode(Object value, Position position))) {
            return crd;
        }
        if (!(value instanceof String path) || path.isEmpty()) {
            return crd.without("crdFile");
        }
        if (Location.isUrl(path)) {
            return notRead(crd, position);
        }
        return switch (inputs.locationOf(position).relative(path)) {
            case Location.Reference.To(Location location) ->
                inputs.bytes(location, position)
                        .flatMap(bytes -> definition(location, bytes))
                        .map(definition -> withTypes(crd.without("crdFile"), entry, definition))
                        .orElse(crd);
            case Location.Reference.Nowhere(ErrorCode code, String reason, String hint) -> {
                inputs.fail(code, "the crdFile '" + path + "' " + reason, position, hint);
                yield crd;
            }
        };
    }

    /** As upstream, which reads no remote one: {@code apiTypes} stay needed. */
    private Node.MapNode notRead(Node.MapNode crd, Position position) {
        if (crd.map("apiTypes").filter(ApiTypes::isComplete).isPresent()) {
            findings.add(Diagnostic.warning(
                    ErrorCode.NoEffect,
                    "a crdFile at a URL is not read; apiTypes is taken as written",
                    position,
                    "make sure that both say the same"));
        } else {
            inputs.fail(
                    ErrorCode.ImportNotAllowed,
                    "a crdFile at a URL is not read, and apiTypes is not whole",
                    position,
                    "write group, version, kind and plural under apiTypes, or copy the file into the repository");
        }
        return crd.without("crdFile");
    }

    /** What a CustomResourceDefinition says that apiTypes needs. */
    private record Definition(Node group, Node version, Node kind, Node plural) {}

    private Optional<Definition> definition(Location location, byte[] bytes) {
        ReadResult result = request.readings().read(location.shown(), bytes, request.limits());
        findings.addAll(result.findings());
        if (result.hasErrors()) {
            inputs.markIncomplete();
            return Optional.empty();
        }
        Optional<Document> document = result.documents().stream()
                .filter(each ->
                        each.kind().filter("CustomResourceDefinition"::equals).isPresent())
                .findFirst();
        if (document.isEmpty()) {
            inputs.fail(
                    ErrorCode.UnknownKind,
                    "this crdFile has no CustomResourceDefinition",
                    Position.startOf(location.shown()),
                    "let crdFile name the definition itself");
            return Optional.empty();
        }
        Optional<Definition> definition = document.get().mapping().flatMap(CrdFiles::read);
        if (definition.isEmpty()) {
            inputs.fail(
                    ErrorCode.MissingField,
                    "this CustomResourceDefinition lacks spec.group, names.kind, names.plural or a version",
                    document.get().root().position(),
                    "complete it");
        }
        return definition;
    }

    private static Optional<Definition> read(Node.MapNode document) {
        Optional<Node.MapNode> spec = document.map("spec");
        Optional<Node.MapNode> names = spec.flatMap(block -> block.map("names"));
        Optional<Node> group = spec.flatMap(block -> text(block, "group"));
        Optional<Node> kind = names.flatMap(block -> text(block, "kind"));
        Optional<Node> plural = names.flatMap(block -> text(block, "plural"));
        Optional<Node> version = spec.flatMap(block -> block.list("versions")).flatMap(CrdFiles::version);
        return group.isEmpty() || kind.isEmpty() || plural.isEmpty() || version.isEmpty()
                ? Optional.empty()
                : Optional.of(new Definition(group.get(), version.get(), kind.get(), plural.get()));
    }

    /** The stored version, else one that is served, else the first. */
    private static Optional<Node> version(Node.ListNode versions) {
        List<Node.MapNode> all = versions.items().stream()
                .filter(Node.MapNode.class::isInstance)
                .map(Node.MapNode.class::cast)
                .toList();
        return all.stream()
                .filter(version -> version.isTrue("storage"))
                .findFirst()
                .or(() ->
                        all.stream().filter(version -> version.isTrue("served")).findFirst())
                .or(() -> all.stream().findFirst())
                .flatMap(version -> text(version, "name"));
    }

    private static Optional<Node> text(Node.MapNode map, String key) {
        return map.text(key).filter(text -> !text.isEmpty()).flatMap(_ -> map.get(key));
    }

    private Node.MapNode withTypes(Node.MapNode crd, Node.Entry crdFile, Definition definition) {
        Node.MapNode old = crd.map("apiTypes").orElseGet(() -> new Node.MapNode(Map.of(), crdFile.keyPosition()));
        Map<String, Node.Entry> types = new LinkedHashMap<>(old.entries());
        warnOfOther(old, crdFile, definition);
        put(types, "group", definition.group());
        put(types, "version", definition.version());
        put(types, "kind", definition.kind());
        put(types, "plural", definition.plural());
        Node.Entry entry = crd.entries().get("apiTypes");
        return crd.with(
                "apiTypes",
                new Node.Entry(
                        entry == null ? crdFile.keyPosition() : entry.keyPosition(),
                        new Node.MapNode(types, old.position())));
    }

    /** An overlay that brings a crdFile means it; where one document writes both, one of them is a slip. */
    private void warnOfOther(Node.MapNode written, Node.Entry crdFile, Definition definition) {
        if (!written.position().file().equals(crdFile.keyPosition().file())) {
            return;
        }
        Map<String, Node> taken = Map.of(
                "group", definition.group(),
                "version", definition.version(),
                "kind", definition.kind(),
                "plural", definition.plural());
        written.entries().forEach((key, entry) -> {
            Node other = taken.get(key);
            if (other != null && !other.toJson().equals(entry.value().toJson())) {
                findings.add(Diagnostic.warning(
                        ErrorCode.NoEffect,
                        "this " + key + " has no effect: the crdFile has '"
                                + other.toJson().asText() + "'",
                        entry.keyPosition(),
                        "remove it, or correct one of the two"));
            }
        });
    }

    private static void put(Map<String, Node.Entry> types, String key, Node value) {
        types.put(key, new Node.Entry(value.position(), value));
    }
}
