package dev.orkestra.document;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** One pass over the events of one file. SnakeYAML's scanner and parser keep their own stacks, so depth is ours. */
final class EventWalk {
    private final String file;
    private final Limits limits;
    private final Findings findings;
    private final Parser parser;
    private final ScalarEvents scalars;
    private final List<Document> documents = new ArrayList<>();
    private int documentCount;
    private int aliasCount;
    private int nodeCount;

    /** Anchors of the document that is being read. */
    private final Map<String, Sized> anchors = new HashMap<>();
    /** Anchors whose value is not yet complete: an alias to one would be a circle. */
    private final Set<String> openAnchors = new HashSet<>();

    EventWalk(String file, String text, Limits limits, Findings findings) {
        this.file = file;
        this.limits = limits;
        this.findings = findings;
        this.scalars = new ScalarEvents(file, findings);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(limits.maxBytes());
        this.parser = new ParserImpl(new StreamReader(text), options);
    }

    /** Ends the reading of a file: a limit is reached. Thrown and caught within this package only. */
    static final class Stopped extends RuntimeException {
        private final transient Diagnostic finding;

        Stopped(Diagnostic finding) {
            super(finding.message(), null, false, false);
            this.finding = finding;
        }

        Diagnostic finding() {
            return finding;
        }
    }

    /**
     * A node and what it unfolds to.
     *
     * @param size keys and values in it, itself included, aliases counted as if written out
     * @param height levels of mappings and lists in it; 0 for a scalar
     */
    private record Sized(Node node, int size, int height) {}

    void run() {
        while (true) {
            Event event = parser.getEvent();
            if (event.is(Event.ID.StreamEnd)) {
                return;
            }
            if (event.is(Event.ID.DocumentStart)) {
                document(event);
            }
        }
    }

    /** Call it when {@link #run} has thrown: the document that was being read stays incomplete. */
    void abandon() {
        scalars.abandonDocument();
    }

    List<Document> documents() {
        return documents;
    }

    private void document(Event start) {
        if (documentCount >= limits.maxDocuments()) {
            throw limit("maxDocuments", "more than " + limits.maxDocuments() + " documents in one file", at(start));
        }
        int index = documentCount++;
        anchors.clear();
        openAnchors.clear();
        scalars.beginDocument();
        Node root = value(parser.getEvent(), 0).node();
        if (!(root instanceof Node.ScalarNode scalar && scalar.value() == null)) {
            Document document = new Document(file, index, root);
            scalars.endDocument(document);
            documents.add(document);
        }
    }

    private Sized value(Event event, int depth) {
        return switch (event) {
            case AliasEvent alias -> alias(alias, depth);
            case ScalarEvent scalar -> {
                count(1, event);
                yield anchored(scalar, new Sized(new Node.ScalarNode(scalars.value(scalar), at(event)), 1, 0));
            }
            case MappingStartEvent mapping -> collection(mapping, depth);
            case SequenceStartEvent sequence -> collection(sequence, depth);
            default -> throw new IllegalStateException("no value begins with " + event);
        };
    }

    private Sized collection(NodeEvent start, int depth) {
        checkDepth(depth + 1, start);
        count(1, start);
        String anchor = start.getAnchor();
        if (anchor != null) {
            openAnchors.add(anchor);
            anchors.remove(anchor);
        }
        Sized result;
        if (start instanceof MappingStartEvent mapping) {
            scalars.checkCollectionTag(mapping.getTag(), "map", at(start));
            result = mapping(start, depth);
        } else {
            scalars.checkCollectionTag(((SequenceStartEvent) start).getTag(), "seq", at(start));
            result = sequence(start, depth);
        }
        if (anchor != null) {
            openAnchors.remove(anchor);
        }
        return anchored(start, result);
    }

    private Sized sequence(Event start, int depth) {
        List<Node> items = new ArrayList<>();
        int size = 1;
        int height = 0;
        for (Event event = parser.getEvent(); !event.is(Event.ID.SequenceEnd); event = parser.getEvent()) {
            Sized item = value(event, depth + 1);
            items.add(item.node());
            size += item.size();
            height = Math.max(height, item.height());
        }
        return new Sized(new Node.ListNode(items, at(start)), size, height + 1);
    }

    private Sized mapping(Event start, int depth) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        List<Node.MapNode> merged = new ArrayList<>();
        @Nullable Position mergeKey = null;
        int size = 1;
        int height = 0;
        for (Event event = parser.getEvent(); !event.is(Event.ID.MappingEnd); event = parser.getEvent()) {
            Position keyPosition = at(event);
            boolean isMerge = ScalarEvents.isMergeKey(event);
            @Nullable String key = isMerge ? "<<" : key(event, depth);
            Sized item = value(parser.getEvent(), depth + 1);
            size += item.size() + 1;
            height = Math.max(height, item.height());
            if (isMerge) {
                if (mergeKey != null) {
                    duplicate("<<", keyPosition, mergeKey);
                }
                mergeKey = keyPosition;
                merged.addAll(mergeSources(item.node(), keyPosition));
            } else if (key != null) {
                Node.@Nullable Entry first = entries.putIfAbsent(key, new Node.Entry(keyPosition, item.node()));
                if (first != null) {
                    duplicate(key, keyPosition, first.keyPosition());
                }
            }
        }
        for (Node.MapNode source : merged) {
            source.entries().forEach(entries::putIfAbsent);
        }
        return new Sized(new Node.MapNode(entries, at(start)), size, height + 1);
    }

    private void duplicate(String key, Position second, Position first) {
        findings.add(Diagnostic.error(
                ErrorCode.DuplicateKey,
                "the key '" + key + "' is already written at line " + first.line() + ", column " + first.column(),
                second,
                "keep one of the two"));
    }

    private List<Node.MapNode> mergeSources(Node value, Position keyPosition) {
        if (value instanceof Node.MapNode map) {
            return List.of(map);
        }
        if (value instanceof Node.ListNode list && list.items().stream().allMatch(Node.MapNode.class::isInstance)) {
            return list.items().stream().map(Node.MapNode.class::cast).toList();
        }
        findings.add(Diagnostic.error(
                ErrorCode.WrongType,
                "'<<' merges mappings, and this is none",
                keyPosition,
                "write '<<: *anchor', where the anchor stands at a mapping, or a list of such"));
        return List.of();
    }

    /** The key's text, or null when it is none (which is then among the findings). */
    private @Nullable String key(Event event, int depth) {
        if (event instanceof ScalarEvent scalar) {
            count(1, event);
            String text = scalars.key(scalar);
            anchored(scalar, new Sized(new Node.ScalarNode(text, at(event)), 1, 0));
            return text;
        }
        Sized key = value(event, depth + 1);
        if (key.node() instanceof Node.ScalarNode(Object value, Position _) && value instanceof String text) {
            return text;
        }
        boolean looksLikeTemplate = event instanceof MappingStartEvent mapping && mapping.isFlow();
        findings.add(Diagnostic.error(
                ErrorCode.NonStringKey,
                "a key that is not text",
                at(event),
                looksLikeTemplate ? "put a template such as {{ .x }} in quotes" : "use a text, in quotes if need be"));
        return null;
    }

    private Sized alias(AliasEvent alias, int depth) {
        if (++aliasCount > limits.maxAliases()) {
            throw limit("maxAliases", "more than " + limits.maxAliases() + " aliases in one file", at(alias));
        }
        String name = alias.getAnchor();
        Sized target = anchors.get(name);
        if (target == null) {
            boolean circle = openAnchors.contains(name);
            findings.add(Diagnostic.error(
                    ErrorCode.NotYaml,
                    circle
                            ? "the alias *" + name + " stands inside of what it names"
                            : "no anchor &" + name + " before this alias",
                    at(alias),
                    circle
                            ? "write the value out; a value cannot hold itself"
                            : "put &" + name + " at the value that is meant, in the same document"));
            return new Sized(new Node.ScalarNode(null, at(alias)), 1, 0);
        }
        checkDepth(depth + target.height(), alias);
        count(target.size(), alias);
        return target;
    }

    private Sized anchored(NodeEvent event, Sized value) {
        if (event.getAnchor() != null) {
            anchors.put(event.getAnchor(), value);
        }
        return value;
    }

    private void checkDepth(int depth, Event event) {
        if (depth > limits.maxDepth()) {
            throw limit("maxDepth", "nested deeper than " + limits.maxDepth() + " levels", at(event));
        }
    }

    private void count(int nodes, Event event) {
        // Both are at most maxNodes before they are added, so that the sum cannot overflow.
        nodeCount += nodes;
        if (nodeCount > limits.maxNodes() || nodeCount < 0) {
            throw limit(
                    "maxNodes", "more than " + limits.maxNodes() + " keys and values, aliases written out", at(event));
        }
    }

    private static Stopped limit(String name, String message, Position position) {
        return new Stopped(Diagnostic.error(
                ErrorCode.LimitExceeded,
                message + " (limit " + name + ")",
                position,
                "the rest of the file is not read; make it smaller, split it, or " + LimitHints.raise(name)));
    }

    private Position at(Event event) {
        Mark mark = event.getStartMark();
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
