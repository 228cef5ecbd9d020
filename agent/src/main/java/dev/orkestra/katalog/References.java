package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for what a Katalog takes from further files. The runtime gets the Katalog alone, so that anything left open
 * would fail at its start; this version reads none of them yet and says so.
 */
final class References {
    /** Free content, where a key such as {@code include} means nothing to us. */
    private static final Set<String> OPAQUE =
            Set.of("onCreate", "onReconcile", "onDelete", "labels", "annotations", "with", "args", "config", "values");

    private final List<Diagnostic> findings;

    References(List<Diagnostic> findings) {
        this.findings = findings;
    }

    /** {@code katalog} without the references that are not needed. */
    Node.MapNode resolve(Node.MapNode katalog) {
        katalog.map("spec").ifPresent(spec -> refuseMotifs(spec, "spec.imports"));
        katalog.entries().forEach((key, entry) -> {
            if (!key.equals("spec")) {
                refuseIncludes(entry.value());
            }
        });
        Map<String, Node.Entry> crds = new LinkedHashMap<>();
        katalog.map("spec")
                .flatMap(spec -> spec.map("crds"))
                .map(Node.MapNode::entries)
                .orElse(Map.of())
                .forEach((name, entry) -> crds.put(
                        name,
                        entry.value() instanceof Node.MapNode crd && !isDisabled(crd)
                                ? new Node.Entry(entry.keyPosition(), resolveCrd(crd))
                                : entry));
        return CrdEntries.withCrds(katalog, crds);
    }

    static boolean isDisabled(Node.MapNode crd) {
        return crd.get("enabled")
                .filter(node -> node instanceof Node.ScalarNode(Object flag, var _) && Boolean.FALSE.equals(flag))
                .isPresent();
    }

    private Node.MapNode resolveCrd(Node.MapNode crd) {
        refuseIncludes(crd);
        Paths.get(crd, List.of("operatorBox", "reconcile")).ifPresent(node -> {
            if (node instanceof Node.MapNode reconcile) {
                refuseMotifs(reconcile, "operatorBox.reconcile.imports");
            }
        });
        if (!crd.entries().containsKey("crdFile")) {
            return crd;
        }
        Optional<Node.MapNode> apiTypes = crd.map("apiTypes");
        if (apiTypes.isPresent() && ApiTypes.isComplete(apiTypes.get())) {
            findings.add(Diagnostic.warning(
                    ErrorCode.ImportNotAllowed,
                    "crdFile is not read by this version; apiTypes is taken as written",
                    crd.keyPosition("crdFile"),
                    "make sure that both say the same, or remove crdFile"));
            return crd.without("crdFile");
        }
        findings.add(Diagnostic.error(
                ErrorCode.ImportNotAllowed,
                "crdFile is not supported yet by this version",
                crd.keyPosition("crdFile"),
                "write group, version, kind and plural under apiTypes"));
        return crd;
    }

    private void refuseMotifs(Node.MapNode holder, String shown) {
        if (holder.list("imports").filter(list -> !list.items().isEmpty()).isPresent()) {
            findings.add(Diagnostic.error(
                    ErrorCode.ImportNotAllowed,
                    "Motifs (" + shown + ") are not supported yet by this version",
                    holder.keyPosition("imports"),
                    "write out what the Motif adds"));
        }
    }

    private void refuseIncludes(Node node) {
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> {
                    if (key.equals("include")
                            && entry.value() instanceof Node.ScalarNode(Object value, var _)
                            && value != null) {
                        findings.add(Diagnostic.error(
                                ErrorCode.ImportNotAllowed,
                                "'include' is not supported yet by this version",
                                entry.keyPosition(),
                                "write the content of the file here"));
                    } else if (!OPAQUE.contains(key)) {
                        refuseIncludes(entry.value());
                    }
                });
            case Node.ListNode list -> list.items().forEach(this::refuseIncludes);
            case Node.ScalarNode _ -> {
                // A scalar includes nothing.
            }
        }
    }
}
