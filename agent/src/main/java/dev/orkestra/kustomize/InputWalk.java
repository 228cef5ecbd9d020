package dev.orkestra.kustomize;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Follows what a kustomization names, and what that names, until all is collected; what may not be there is a finding
 * where it is named. One object for one folder.
 */
final class InputWalk {
    static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    /** More than the largest environments that are known have; a build of so many takes seconds. */
    private static final int MAX_FILES = 4_000;

    private static final long MAX_BYTES = 32L << 20;
    /** Bases of bases; people have three or four. */
    private static final int MAX_DEPTH = 50;

    private final Tree tree;
    private final Limits limits;
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final Map<String, Node.MapNode> kustomizations = new LinkedHashMap<>();
    private final Map<String, List<Document>> documents = new HashMap<>();
    private final List<Patch> patches = new ArrayList<>();
    private final Set<String> secretFiles = new HashSet<>();
    private final List<Diagnostic> findings = new ArrayList<>();
    /** Folders on the way to the one that is read. */
    private final Set<String> way = new LinkedHashSet<>();

    private long bytes;
    private boolean full;

    InputWalk(Tree tree, Limits limits) {
        this.tree = tree;
        this.limits = limits;
    }

    /** What the kustomization of {@code folder} leads to. */
    CollectedInputs collect(String folder) {
        Position place = Position.startOf(kustomizationsIn(folder).getFirst());
        folder(folder, place);
        List<String> metadata = new ArrayList<>();
        Node.MapNode root = kustomizations.get(place.file());
        if (root != null) {
            texts(root, "buildMetadata").forEach(text -> metadata.add(text.value()));
        }
        return new CollectedInputs(
                place.file(),
                new BuildInputs(folder, metadata, files),
                kustomizations,
                documents,
                patches,
                secretFiles,
                findings);
    }

    List<String> kustomizationsIn(String folder) {
        return NAMES.stream()
                .map(name -> LocalPath.join(folder, name))
                .filter(path -> tree.entry(path)
                        .filter(entry -> entry.path().equals(path))
                        .isPresent())
                .toList();
    }

    /** A text and where it stands. */
    record Text(String value, Position position) {}

    /** Those at {@code key}, whether it is one or a list. */
    static List<Text> texts(Node.MapNode map, String key) {
        List<Node> nodes = map.get(key)
                .map(node -> node instanceof Node.ListNode list ? list.items() : List.of(node))
                .orElse(List.of());
        List<Text> texts = new ArrayList<>();
        for (Node node : nodes) {
            if (node instanceof Node.ScalarNode(Object value, Position position) && value instanceof String text) {
                texts.add(new Text(text, position));
            }
        }
        return texts;
    }

    static List<Node.MapNode> maps(Node.MapNode map, String key) {
        return map.list(key).map(Node.ListNode::items).orElse(List.of()).stream()
                .filter(Node.MapNode.class::isInstance)
                .map(Node.MapNode.class::cast)
                .toList();
    }

    /**
     * Reads the kustomization of a folder.
     *
     * @param place who names it
     */
    void folder(String folder, Position place) {
        if (way.contains(folder)) {
            error(
                    ErrorCode.ImportNotAllowed,
                    "kustomizations go in a circle: " + shown(String.join(" -> ", way) + " -> " + folder),
                    place,
                    "let one of them not name the next");
            return;
        }
        if (way.size() >= MAX_DEPTH) {
            error(
                    ErrorCode.LimitExceeded,
                    "bases are nested more than " + MAX_DEPTH + " deep",
                    place,
                    "name what is needed directly");
            return;
        }
        List<String> found = kustomizationsIn(folder);
        if (found.size() > 1) {
            error(
                    ErrorCode.DuplicateName,
                    "the folder has more than one kustomization: " + String.join(", ", found),
                    Position.startOf(found.getLast()),
                    "keep one of them");
            return;
        }
        if (kustomizations.containsKey(found.getFirst())) {
            return;
        }
        way.add(folder);
        kustomization(folder, found.getFirst(), place);
        way.remove(folder);
    }

    private void kustomization(String folder, String file, Position place) {
        Optional<byte[]> content = take(file, place);
        if (content.isEmpty()) {
            return;
        }
        ReadResult read = DocumentReader.read(file, content.get(), limits);
        findings.addAll(read.findings());
        if (read.hasErrors() || read.documents().isEmpty()) {
            return;
        }
        if (read.documents().size() > 1) {
            error(
                    ErrorCode.ExtraDocument,
                    "a kustomization is one document",
                    read.documents().get(1).root().position(),
                    "remove it");
            return;
        }
        Optional<Node.MapNode> root = read.documents().getFirst().mapping();
        if (root.isEmpty()) {
            error(ErrorCode.WrongType, "a kustomization is a mapping", Position.startOf(file), "");
            return;
        }
        kustomizations.put(file, root.get());
        // What was checked is what the program reads: two readers of YAML may differ.
        files.put(file, CanonicalJson.bytes(root.get().toJson()));
        new References(this, folder, root.get()).follow();
    }

    /**
     * The file at {@code path}, which becomes one of the inputs.
     *
     * @param place who names it
     */
    Optional<byte[]> take(String path, Position place) {
        byte[] known = files.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<TreeEntry> entry = tree.entry(path);
        if (entry.isEmpty()) {
            error(
                    ErrorCode.NotFound,
                    "'" + shown(path) + "' is not in this commit",
                    place,
                    "commit it, or correct the path");
            return Optional.empty();
        }
        if (entry.get().kind() != TreeEntry.Kind.FILE) {
            error(
                    ErrorCode.OutsideRoot,
                    "'" + shown(path) + "' is, or leads through, a symbolic link or submodule, which is not followed",
                    place,
                    "commit the file itself");
            return Optional.empty();
        }
        Optional<byte[]> content;
        try {
            content = tree.read(path, limits.maxBytes());
        } catch (SourceException e) {
            if (!e.isOfOnePart()) {
                throw e;
            }
            error(ErrorCode.NotFound, String.valueOf(e.getMessage()), place, "make it readable");
            return Optional.empty();
        }
        if (content.isEmpty()) {
            findings.add(limits.tooLarge(path, entry.get().sizeBytes()).at(place));
            return Optional.empty();
        }
        bytes += content.get().length;
        if (files.size() >= MAX_FILES || bytes > MAX_BYTES) {
            tooMuch(place);
            return Optional.empty();
        }
        files.put(path, content.get());
        return content;
    }

    private void tooMuch(Position place) {
        if (!full) {
            error(
                    ErrorCode.TooLarge,
                    "a kustomization leads to more than " + MAX_FILES + " files or " + (MAX_BYTES >> 20) + " MiB",
                    place,
                    "split it");
        }
        full = true;
    }

    /** The documents of a resource or patch. */
    List<Document> documents(String path, Position place) {
        List<Document> known = documents.get(path);
        if (known != null) {
            return known;
        }
        Optional<byte[]> content = take(path, place);
        if (content.isEmpty()) {
            return List.of();
        }
        ReadResult read = DocumentReader.read(path, content.get(), limits);
        findings.addAll(read.findings());
        documents.put(path, read.documents());
        return read.documents();
    }

    /** Has the program read what was checked. */
    void rewrite(String path, List<Document> checked) {
        StringBuilder text = new StringBuilder();
        checked.forEach(document -> text.append("---\n")
                .append(CanonicalJson.text(document.root().toJson()))
                .append('\n'));
        files.put(path, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    void add(Patch patch) {
        patches.add(patch);
    }

    void secret(String path) {
        secretFiles.add(path);
    }

    boolean isFile(String path) {
        return tree.entry(path).isPresent();
    }

    boolean isFolder(String path) {
        return path.isEmpty() || tree.entry(path).isEmpty() && !tree.list(path).isEmpty();
    }

    Limits limits() {
        return limits;
    }

    void error(ErrorCode code, String message, Position place, String hint) {
        findings.add(Diagnostic.error(code, message, place, hint));
    }

    static String shown(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
