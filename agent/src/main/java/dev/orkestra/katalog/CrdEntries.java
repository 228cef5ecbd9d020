package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.CompositionRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers the CRD entries of all sources under their normalised names. */
final class CrdEntries {
    private final List<Diagnostic> findings;
    private final Map<String, Node.Entry> byName = new LinkedHashMap<>();

    CrdEntries(List<Diagnostic> findings) {
        this.findings = findings;
    }

    Map<String, Node.Entry> byName() {
        return byName;
    }

    /** Adds the entries of a Katalog that stands for itself. */
    void addOwn(Source katalog) {
        katalog.crds().forEach((written, entry) -> add(written, entry));
    }

    /** Adds the entries of an imported Katalog, each with what it takes from that Katalog's own head. */
    void addImport(Source katalog) {
        katalog.crds()
                .forEach((written, entry) -> add(
                        written,
                        entry.value() instanceof Node.MapNode crd
                                ? new Node.Entry(
                                        entry.keyPosition(),
                                        Inheritance.of(katalog).applyTo(crd))
                                : entry));
    }

    /** Adds the entries of all that one chart renders; of two with one name the later stays, as upstream. */
    void addChart(List<Source> documents) {
        Map<String, Node.Entry> chart = new LinkedHashMap<>();
        for (Source document : documents) {
            document.crds().forEach((written, entry) -> {
                Node.Entry inherited = entry.value() instanceof Node.MapNode crd
                        ? new Node.Entry(
                                entry.keyPosition(), Inheritance.of(document).applyTo(crd))
                        : entry;
                Node.Entry earlier = chart.put(Source.normalised(written), inherited);
                if (earlier != null) {
                    findings.add(Diagnostic.warning(
                            ErrorCode.DuplicateCrd,
                            "the chart renders the CRD '" + written + "' twice; the earlier has no effect",
                            entry.keyPosition(),
                            "rename one of the two"));
                }
            });
        }
        chart.forEach(this::add);
    }

    /**
     * Merges a Komposer's inline entries over the imported ones; an entry that no import has is a CRD of its own.
     *
     * @param isWhole whether all imports are there, so that a name without an import is a slip
     */
    void addInline(Source komposer, OverrideMerge merge, boolean isWhole) {
        Map<String, Node.Entry> imported = Map.copyOf(byName);
        Map<String, Position> seen = new LinkedHashMap<>();
        komposer.crds().forEach((written, entry) -> {
            String name = Source.normalised(written);
            Position first = seen.putIfAbsent(name, entry.keyPosition());
            Node.Entry base = imported.get(name);
            if (first != null) {
                duplicate(written, entry.keyPosition(), first);
            } else if (base == null || isNothing(base.value())) {
                boolean isOwn = imported.isEmpty() || !isWhole || isOwn(entry.value());
                if (!isOwn) {
                    nothingToOverride(written, entry, imported.keySet());
                } else if (base == null && !imported.isEmpty() && isWhole) {
                    findings.add(CompositionRules.notImported(entry.keyPosition(), written, imported.keySet()));
                }
                if (isOwn || base != null) {
                    byName.put(name, entry);
                }
            } else if (base.value() instanceof Node.MapNode baseMap && entry.value() instanceof Node.MapNode override) {
                byName.put(name, new Node.Entry(base.keyPosition(), merge.merge(baseMap, override)));
            }
        });
    }

    private static boolean isNothing(Node node) {
        return node instanceof Node.ScalarNode(Object value, var _) && value == null;
    }

    private static boolean isOwn(Node entry) {
        return entry instanceof Node.MapNode crd
                && (crd.entries().containsKey("apiTypes") || crd.entries().containsKey("crdFile"));
    }

    /** Upstream takes it for a new CRD and then misses its kind, or says nothing where it is disabled. */
    private void nothingToOverride(String written, Node.Entry entry, Set<String> imported) {
        boolean isDisabled = entry.value() instanceof Node.MapNode crd && References.isDisabled(crd);
        findings.add(new Diagnostic(
                ErrorCode.NoEffect,
                isDisabled ? Severity.WARNING : Severity.ERROR,
                "no import has the CRD '" + written + "', so that there is nothing to override",
                entry.keyPosition(),
                Suggestions.closest(Source.normalised(written), imported)
                        .map(close -> "did you mean '" + close + "'?")
                        .orElse("import its Katalog, or write apiTypes")));
    }

    /** Adds the namespaces that the head of {@code source} allows or restricts to those of every entry (§2.6). */
    void addNamespaces(Source source) {
        byName.replaceAll((_, entry) -> entry.value() instanceof Node.MapNode crd
                ? new Node.Entry(entry.keyPosition(), NamespaceLists.add(crd, source.root()))
                : entry);
    }

    /** One place that several imports lead to is one source; it must have come out the same. */
    private void add(String written, Node.Entry entry) {
        Node.Entry first = byName.putIfAbsent(Source.normalised(written), entry);
        if (first == null) {
            return;
        }
        if (!first.keyPosition().equals(entry.keyPosition())) {
            duplicate(written, entry.keyPosition(), first.keyPosition());
        } else if (!first.value().toJson().equals(entry.value().toJson())) {
            findings.add(Diagnostic.error(
                    ErrorCode.DuplicateCrd,
                    "several imports lead to the CRD '" + written + "', and override it differently",
                    entry.keyPosition(),
                    "let one of them import it"));
        }
    }

    private void duplicate(String written, Position second, Position first) {
        findings.add(Diagnostic.error(
                ErrorCode.DuplicateCrd,
                "the CRD '" + written + "' is already declared at " + first,
                second,
                "rename one of the two, or import only one"));
    }

    /** {@code root} with {@code crds} as its {@code spec.crds}. */
    static Node.MapNode withCrds(Node.MapNode root, Map<String, Node.Entry> crds) {
        Node.MapNode spec = root.map("spec").orElseGet(() -> new Node.MapNode(Map.of(), root.position()));
        Position key = spec.keyPosition("crds");
        Position value = spec.get("crds").map(Node::position).orElse(key);
        Node.MapNode newSpec = spec.with("crds", new Node.Entry(key, new Node.MapNode(crds, value)));
        return root.with("spec", new Node.Entry(root.keyPosition("spec"), newSpec));
    }
}
