package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows what a merged Katalog takes from further files. A path is relative to the file that wrote it, whichever
 * Katalog it ended up in: each node knows its file. Of disabled entries nothing is read, as upstream.
 */
final class References {
    private final Inputs inputs;
    private final Motifs motifs;
    private final CrdFiles crdFiles;
    private final List<Diagnostic> findings;

    References(ComposeRequest request, Inputs inputs, Motifs motifs, List<Diagnostic> findings) {
        this.inputs = inputs;
        this.motifs = motifs;
        this.crdFiles = new CrdFiles(request, inputs, findings);
        this.findings = findings;
    }

    /** {@code katalog} with all of them resolved. */
    Node.MapNode resolve(Node.MapNode katalog) {
        Map<String, Node.Entry> crds = new LinkedHashMap<>();
        katalog.map("spec")
                .flatMap(spec -> spec.map("crds"))
                .map(Node.MapNode::entries)
                .orElse(Map.of())
                .forEach((name, entry) -> crds.put(
                        name,
                        entry.value() instanceof Node.MapNode crd
                                ? new Node.Entry(entry.keyPosition(), isDisabled(crd) ? moved(crd) : resolved(crd))
                                : entry));
        return CrdEntries.withCrds(katalog, crds);
    }

    static boolean isDisabled(Node.MapNode crd) {
        return crd.get("enabled")
                .filter(node -> node instanceof Node.ScalarNode(Object flag, var _) && Boolean.FALSE.equals(flag))
                .isPresent();
    }

    private Node.MapNode resolved(Node.MapNode crd) {
        return withSamples(motifs.forCrd(crdFiles.resolve(crd)));
    }

    /** A disabled entry with its paths as seen from the entry's folder; what they name is not read. */
    private Node.MapNode moved(Node.MapNode crd) {
        Node.MapNode result = withSamples(crd);
        Node.Entry file = result.entries().get("crdFile");
        if (file != null) {
            result = result.with("crdFile", new Node.Entry(file.keyPosition(), rebased(file.value())));
        }
        if (Paths.get(result, Motifs.IMPORTS).orElse(null) instanceof Node.ListNode imports) {
            List<Node> items = new ArrayList<>();
            for (Node item : imports.items()) {
                boolean isPath = item instanceof Node.MapNode map
                        && map.text("motif").filter(Motifs::isPath).isPresent();
                items.add(isPath ? rebasedAt((Node.MapNode) item, "motif") : item);
            }
            result = Paths.set(
                    result,
                    Motifs.IMPORTS,
                    new Node.Entry(imports.position(), new Node.ListNode(items, imports.position())));
        }
        return result;
    }

    private Node.MapNode rebasedAt(Node.MapNode item, String key) {
        return item.with(
                key, new Node.Entry(item.keyPosition(key), rebased(item.get(key).orElseThrow())));
    }

    private Node.MapNode withSamples(Node.MapNode crd) {
        Node.MapNode result = rebased(crd, "crFiles");
        Node.Entry setup = result.entries().get("setup");
        if (setup != null && setup.value() instanceof Node.MapNode block) {
            return result.with("setup", new Node.Entry(setup.keyPosition(), charts(rebased(block, "apply"))));
        }
        return rebased(result, "setup");
    }

    /** The steps of a set-up with the paths of local charts and of values. */
    private Node.MapNode charts(Node.MapNode setup) {
        if (setup.list("helm").isEmpty()) {
            return setup;
        }
        Node.ListNode charts = setup.list("helm").orElseThrow();
        List<Node> items = new ArrayList<>();
        for (Node item : charts.items()) {
            if (item instanceof Node.MapNode chart) {
                boolean isPath = !chart.entries().containsKey("repo")
                        && chart.text("chart")
                                .filter(name -> name.startsWith("."))
                                .isPresent();
                Node.MapNode moved = rebased(chart, "valueFiles");
                items.add(isPath ? rebasedAt(moved, "chart") : moved);
            } else {
                items.add(item);
            }
        }
        return setup.with(
                "helm", new Node.Entry(setup.keyPosition("helm"), new Node.ListNode(items, charts.position())));
    }

    /** {@code holder} with the paths of the list {@code key} as seen from the entry's folder. */
    private Node.MapNode rebased(Node.MapNode holder, String key) {
        Node.Entry entry = holder.entries().get(key);
        if (entry == null || !(entry.value() instanceof Node.ListNode list)) {
            return holder;
        }
        List<Node> items = new ArrayList<>();
        for (Node item : list.items()) {
            items.add(
                    item instanceof Node.MapNode map && map.text("path").isPresent()
                            ? rebasedAt(map, "path")
                            : rebased(item));
        }
        return holder.with(key, new Node.Entry(entry.keyPosition(), new Node.ListNode(items, list.position())));
    }

    private Node rebased(Node node) {
        if (!(node instanceof Node.ScalarNode(Object value, Position position))
                || !(value instanceof String path)
                || Location.isUrl(path)) {
            return node;
        }
        Location base = inputs.locationOf(position);
        return switch (base.relative(path)) {
            case Location.Reference.To(Location location) ->
                new Node.ScalarNode(fromEntry(location).orElse(path), position);
            case Location.Reference.Nowhere(ErrorCode code, String reason, String hint) -> {
                findings.add(Diagnostic.error(code, "the path '" + path + "' " + reason, position, hint));
                yield node;
            }
        };
    }

    private Optional<String> fromEntry(Location location) {
        return switch (location) {
            case Location.InRepository file ->
                Optional.of(RepositoryPath.between(inputs.entry().key(), file.path()));
            case Location.OnWeb web -> Optional.of(web.url());
            case Location.InArchive _, Location.Rendered _ -> Optional.empty();
        };
    }
}
