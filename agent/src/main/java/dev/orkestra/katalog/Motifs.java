package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts Motifs in place (orkspace-katalog.md §7): resources, status and admission of those that a CRD imports, profiles
 * and notes of those that a Katalog imports under {@code spec.imports}. Lists of the Motif follow those of the CRD.
 */
final class Motifs {
    /** Where a Motif lies that is named without a place, as upstream. */
    private static final String REGISTRY = "ghcr.io/orkspace/orkestra-motifs";

    private static final List<String> RECONCILE = List.of("operatorBox", "reconcile");

    /** Where a CRD entry names its Motifs. */
    static final List<String> IMPORTS = List.of("operatorBox", "reconcile", "imports");

    private final Inputs inputs;
    private final Sources sources;
    private final List<Diagnostic> findings;
    private final Set<String> ofKatalogs = new HashSet<>();
    private final Set<String> ofCrds = new HashSet<>();
    private final List<Unused> unused = new ArrayList<>();

    /** Blocks of a Motif that one of its imports leaves out. */
    private record Unused(String motif, boolean inCrd, Diagnostic finding) {}

    Motifs(Inputs inputs, Sources sources, List<Diagnostic> findings) {
        this.inputs = inputs;
        this.sources = sources;
        this.findings = findings;
    }

    /** A Katalog with the profiles and notes of its {@code spec.imports}, which is left out. */
    Source forKatalog(Source katalog) {
        Optional<Node.ListNode> imports = katalog.spec().flatMap(spec -> spec.list("imports"));
        if (imports.isEmpty()) {
            return katalog;
        }
        Node.MapNode root = katalog.root();
        root = root.with(
                "spec",
                new Node.Entry(
                        root.keyPosition("spec"), katalog.spec().orElseThrow().without("imports")));
        for (Node item : imports.get().items()) {
            Optional<Source> motif =
                    item instanceof Node.MapNode map ? load(katalog.location(), map) : Optional.empty();
            if (motif.isPresent()) {
                MotifInputs.bind(motif.get().root(), (Node.MapNode) item, findings, inputs::mayGrowBy);
                ofKatalogs.add(motif.get().location().shown());
                ignored(motif.get(), item.position(), List.of("resources", "status", "admission"), false);
                for (String block : List.of("profiles", "notes")) {
                    Node.Entry entry = motif.get().root().entries().get(block);
                    root = entry == null ? root : united(root, block, entry);
                }
            }
        }
        return katalog.withRoot(root);
    }

    private Node.MapNode united(Node.MapNode root, String block, Node.Entry entry) {
        Node.Entry own = root.entries().get(block);
        if (own == null) {
            return root.with(block, entry);
        }
        String what = block.equals("notes") ? "note" : "profile";
        if (own.value() instanceof Node.MapNode first && entry.value() instanceof Node.MapNode second) {
            Map<String, Node.Entry> all = new LinkedHashMap<>(first.entries());
            second.entries()
                    .forEach((key, more) -> all.merge(
                            key, more, (old, added) -> new NamedLists(findings, what).unite(old, added, false)));
            return root.with(block, new Node.Entry(own.keyPosition(), new Node.MapNode(all, first.position())));
        }
        return root;
    }

    /** A CRD entry with what the Motifs of {@code operatorBox.reconcile.imports} add, which is left out. */
    Node.MapNode forCrd(Node.MapNode crd) {
        if (!(Paths.get(crd, RECONCILE).orElse(null) instanceof Node.MapNode reconcile)
                || reconcile.list("imports").isEmpty()) {
            return crd;
        }
        Node.MapNode box = crd.map("operatorBox").orElseThrow();
        Node.MapNode result =
                Paths.set(crd, RECONCILE, new Node.Entry(box.keyPosition("reconcile"), reconcile.without("imports")));
        for (Node item : reconcile.list("imports").orElseThrow().items()) {
            if (item instanceof Node.MapNode map) {
                Location base =
                        inputs.locationOf(map.get("motif").map(Node::position).orElse(map.position()));
                Optional<Source> motif = load(base, map);
                if (motif.isPresent() && inputs.mayGrow(motif.get().root(), map.position())) {
                    ofCrds.add(motif.get().location().shown());
                    ignored(motif.get(), map.position(), List.of("profiles", "notes"), true);
                    result = added(result, motif.get().root(), map);
                }
            }
        }
        return result;
    }

    private void ignored(Source motif, Position position, List<String> blocks, boolean inCrd) {
        List<String> there = blocks.stream()
                .filter(block -> motif.root().entries().containsKey(block))
                .toList();
        if (!there.isEmpty()) {
            String name = motif.location().shown();
            unused.add(new Unused(
                    name,
                    inCrd,
                    Diagnostic.warning(
                            ErrorCode.NoEffect,
                            String.join(", ", there) + " of " + name + " have no effect through "
                                    + (inCrd ? "a CRD's imports" : "spec.imports"),
                            position,
                            inCrd ? "import it under spec.imports as well" : "import it in a CRD as well")));
        }
    }

    /** Tells of what no import takes, once all are known: one Motif may be imported in both places, each for its part. */
    void tellOfUnused() {
        unused.stream()
                .filter(part -> !(part.inCrd() ? ofKatalogs : ofCrds).contains(part.motif()))
                .map(Unused::finding)
                .forEach(findings::add);
    }

    private Node.MapNode added(Node.MapNode crd, Node.MapNode motif, Node.MapNode item) {
        MotifInputs values = MotifInputs.bind(motif, item, findings, inputs::mayGrowBy);
        InputConditions conditions = new InputConditions(values);
        Node.MapNode result = crd;
        Node.MapNode resources = motif.map("resources").orElse(null);
        if (resources != null) {
            Node.MapNode flat = resources.without("onCreate").without("onReconcile");
            for (String phase : List.of("onCreate", "onReconcile")) {
                Optional<Node.MapNode> block = resources.map(phase);
                if (block.isPresent()) {
                    result = append(result, Paths.below(RECONCILE, phase), conditions.resources(block.get()));
                }
            }
            result = flat.entries().isEmpty()
                    ? result
                    : append(result, Paths.below(RECONCILE, "onReconcile"), conditions.resources(flat));
        }
        Optional<Node.MapNode> status = motif.map("status");
        if (status.isPresent()) {
            result = append(
                    result, List.of("operatorBox", "emit", "status"), (Node.MapNode) values.replace(status.get()));
        }
        Optional<Node.MapNode> admission = motif.map("admission");
        if (admission.isPresent()) {
            for (Map.Entry<String, Node.Entry> block : admission.get().entries().entrySet()) {
                if (block.getValue().value() instanceof Node.MapNode rules) {
                    result = append(result, List.of("admission", block.getKey()), (Node.MapNode) values.replace(rules));
                }
            }
        }
        return result;
    }

    /** The block at {@code path} with the lists of {@code more} behind its own; a single value stays as it is. */
    private Node.MapNode append(Node.MapNode crd, List<String> path, Node.MapNode more) {
        if (!(Paths.get(crd, path).orElse(null) instanceof Node.MapNode own)) {
            return Paths.set(crd, path, new Node.Entry(more.position(), more));
        }
        Map<String, Node.Entry> all = new LinkedHashMap<>(own.entries());
        more.entries().forEach((key, entry) -> all.merge(key, entry, (old, added) -> appended(key, old, added)));
        Position keyPosition =
                Paths.get(crd, path.subList(0, path.size() - 1)).orElse(crd) instanceof Node.MapNode holder
                        ? holder.keyPosition(path.getLast())
                        : own.position();
        return Paths.set(crd, path, new Node.Entry(keyPosition, new Node.MapNode(all, own.position())));
    }

    private Node.Entry appended(String key, Node.Entry old, Node.Entry added) {
        if (!(old.value() instanceof Node.ListNode first) || !(added.value() instanceof Node.ListNode second)) {
            return old;
        }
        Set<String> names = new LinkedHashSet<>();
        first.items().forEach(item -> nameOf(item).ifPresent(names::add));
        for (Node item : second.items()) {
            nameOf(item)
                    .filter(names::contains)
                    .ifPresent(name -> findings.add(Diagnostic.warning(
                            ErrorCode.DuplicateName,
                            "the Motif adds '" + name + "' to " + key + ", where it is already",
                            item.position(),
                            "one will overwrite the other; rename one of the two")));
        }
        List<Node> items = new ArrayList<>(first.items());
        items.addAll(second.items());
        return new Node.Entry(old.keyPosition(), new Node.ListNode(items, first.position()));
    }

    /** What tells items of one list apart: a resource's name, a status field's path. */
    private static Optional<String> nameOf(Node item) {
        return item instanceof Node.MapNode map ? map.text("name").or(() -> map.text("path")) : Optional.empty();
    }

    private Optional<Source> load(Location base, Node.MapNode item) {
        Optional<Node> named = item.get("motif");
        if (named.isEmpty()
                || !(named.get() instanceof Node.ScalarNode(Object value, Position position))
                || !(value instanceof String text)
                || text.isBlank()) {
            return Optional.empty();
        }
        Optional<Location> location =
                isPath(text.strip()) ? file(base, text.strip(), position) : pattern(text.strip(), item, position);
        return location.flatMap(place -> sources.load(place, position)).filter(source -> isMotif(source, position));
    }

    /** Whether a Motif is named by its file. */
    static boolean isPath(String text) {
        return !Location.isUrl(text)
                && (text.startsWith("./")
                        || text.startsWith("../")
                        || text.startsWith("/")
                        || text.endsWith(".yaml")
                        || text.endsWith(".yml"));
    }

    private Optional<Location> file(Location base, String text, Position position) {
        return switch (base.relative(text)) {
            case Location.Reference.To(Location location) -> Optional.of(location);
            case Location.Reference.Nowhere(ErrorCode code, String reason, String hint) -> {
                inputs.fail(code, "the Motif '" + text + "' " + reason, position, hint);
                yield Optional.empty();
            }
        };
    }

    private Optional<Location> pattern(String text, Node.MapNode item, Position position) {
        boolean isName = !Location.isUrl(text) && !text.startsWith("git@") && !hasHost(text);
        boolean oci = isName || item.isTrue("oci");
        PatternAddress address =
                PatternAddress.of(isName ? REGISTRY + "/" + text : text, ImportList.version(item, findings), oci);
        if (address.holdsUser()) {
            inputs.fail(
                    ErrorCode.ImportNotAllowed,
                    "the Motif's address holds a user, a password or a query",
                    position,
                    "take them out, and name variables under auth");
            return Optional.empty();
        }
        Optional<ImportAuth> auth = ImportList.auth(item, findings);
        if (ImportList.isAuthBroken(item, auth)) {
            inputs.markIncomplete();
            return Optional.empty();
        }
        return inputs.remote(address.need(auth, position), address.shown())
                .map(files -> new Location.InArchive(address.shown(), files, "motif.yaml"));
    }

    private static boolean hasHost(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? "" : text.substring(0, slash);
        return host.contains(".") || host.contains(":") || host.equals("localhost");
    }

    private boolean isMotif(Source source, Position position) {
        if (source.kind().equals("Motif")) {
            return true;
        }
        inputs.fail(
                ErrorCode.ImportNotAllowed,
                source.location().shown() + " is " + source.kindWithArticle() + ", and a Motif is wanted",
                position,
                "name a file with kind: Motif");
        return false;
    }
}
