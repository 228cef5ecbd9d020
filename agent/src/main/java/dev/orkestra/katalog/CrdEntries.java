package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Merges a Komposer's inline entries over the imported ones; an entry that no import has is a CRD of its own. */
    void addInline(Source komposer, OverrideMerge merge) {
        Map<String, Node.Entry> imported = Map.copyOf(byName);
        Map<String, Position> seen = new LinkedHashMap<>();
        komposer.crds().forEach((written, entry) -> {
            String name = Source.normalised(written);
            Position first = seen.putIfAbsent(name, entry.keyPosition());
            Node.Entry base = imported.get(name);
            if (first != null) {
                duplicate(written, entry.keyPosition(), first);
            } else if (base == null) {
                byName.put(name, entry);
            } else if (base.value() instanceof Node.MapNode baseMap && entry.value() instanceof Node.MapNode override) {
                byName.put(name, new Node.Entry(base.keyPosition(), merge.merge(baseMap, override)));
            }
        });
    }

    private void add(String written, Node.Entry entry) {
        Node.Entry first = byName.putIfAbsent(Source.normalised(written), entry);
        if (first != null) {
            duplicate(written, entry.keyPosition(), first.keyPosition());
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
