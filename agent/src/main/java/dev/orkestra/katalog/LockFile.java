package dev.orkestra.katalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Schemas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the network imports of an entry are pinned to. It stands beside the entry and is committed with it, so that a
 * commit is one state for good, whatever its upstreams do.
 *
 * @param pins by {@link Need#key} of the import, sorted
 */
public record LockFile(SortedMap<String, Pin> pins) {
    public static final String API_VERSION = "orkestra.dev/v1alpha1";
    public static final String KIND = "ImportLock";

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String HEAD = """
            # What the imports from a network were when 'ork compose --lock' was last run. The agent takes nothing else.
            # Commit this file. Don't edit it: run the command again and look at the difference.
            """;

    public LockFile {
        pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
    }

    /** A lock file that pins nothing. */
    public static LockFile empty() {
        return new LockFile(new TreeMap<>());
    }

    /** Path of the lock file of the entry at {@code entry}: {@code a/komposer.yaml} has {@code a/komposer.lock.yaml}. */
    public static String pathFor(String entry) {
        for (String ending : List.of(".yaml", ".yml")) {
            if (entry.endsWith(ending) && !entry.endsWith("/" + ending) && !entry.equals(ending)) {
                return entry.substring(0, entry.length() - ending.length()) + ".lock.yaml";
            }
        }
        return entry + ".lock.yaml";
    }

    /**
     * What the documents of a lock file say.
     *
     * @param shownAs name of the file in positions
     * @param findings what is wrong goes here; with an error among it the answer is not complete
     */
    public static LockFile parse(List<Document> documents, String shownAs, List<Diagnostic> findings) {
        if (documents.isEmpty()) {
            findings.add(Diagnostic.error(
                    ErrorCode.MissingField,
                    "the lock file is empty",
                    Position.startOf(shownAs),
                    "remove it, and write it anew with 'ork compose --lock'"));
            return empty();
        }
        if (documents.size() > 1) {
            findings.add(Diagnostic.error(
                    ErrorCode.ExtraDocument,
                    "a lock file is one document",
                    documents.get(1).root().position(),
                    "remove it, and write it anew with 'ork compose --lock'"));
        }
        Document document = documents.getFirst();
        findings.addAll(Schemas.bundled().validateAs(document, API_VERSION, KIND));
        return new LockFile(pinsOf(document, findings));
    }

    private static SortedMap<String, Pin> pinsOf(Document document, List<Diagnostic> findings) {
        SortedMap<String, Pin> pins = new TreeMap<>();
        Map<String, Position> places = new HashMap<>();
        List<Node> items = document.mapping()
                .flatMap(root -> root.list("imports"))
                .map(Node.ListNode::items)
                .orElse(List.of());
        for (Node item : items) {
            if (!(item instanceof Node.MapNode map)) {
                continue;
            }
            Optional<String> name = map.text("import");
            Optional<String> digest =
                    map.text("digest").filter(text -> DIGEST.matcher(text).matches());
            if (name.isEmpty() || digest.isEmpty()) {
                continue;
            }
            Position place = map.keyPosition("import");
            Position earlier = places.putIfAbsent(name.get(), place);
            if (earlier == null) {
                pins.put(name.get(), new Pin(map.text("resolved").orElse(""), digest.get()));
            } else {
                findings.add(Diagnostic.error(
                        ErrorCode.DuplicateName,
                        "the import '" + name.get() + "' is already locked at line " + earlier.line(),
                        place,
                        "keep one of the two, or write the file anew with 'ork compose --lock'"));
            }
        }
        return pins;
    }

    /** The file's text: the same pins are always the same text. */
    public String print() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("apiVersion", API_VERSION).put("kind", KIND);
        ArrayNode imports = root.putArray("imports");
        pins.forEach((name, pin) -> {
            ObjectNode item = imports.addObject().put("import", name);
            if (!pin.resolved().isEmpty()) {
                item.put("resolved", pin.resolved());
            }
            item.put("digest", pin.digest());
        });
        return HEAD + YamlPrinter.print(root);
    }

    /** One import that is not the same in two lock files. */
    public sealed interface Change {
        String name();

        record Added(String name, Pin pin) implements Change {}

        record Moved(String name, Pin from, Pin to) implements Change {}

        record Removed(String name) implements Change {}
    }

    /** What {@code newer} has otherwise than this, sorted by import. */
    public List<Change> changesTo(LockFile newer) {
        TreeSet<String> names = new TreeSet<>(pins.keySet());
        names.addAll(newer.pins.keySet());
        List<Change> changes = new ArrayList<>();
        for (String name : names) {
            Pin from = pins.get(name);
            Pin to = newer.pins.get(name);
            if (to == null) {
                changes.add(new Change.Removed(name));
            } else if (from == null) {
                changes.add(new Change.Added(name, to));
            } else if (!from.equals(to)) {
                changes.add(new Change.Moved(name, from, to));
            }
        }
        return List.copyOf(changes);
    }
}
