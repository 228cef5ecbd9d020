package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The rules for a composed Katalog that no schema can say. A disabled entry is not looked at, as upstream. */
final class KatalogRules {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final String DNS_HINT =
            "use at most 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit";

    private final List<Diagnostic> findings;
    private final String entryFile;

    KatalogRules(List<Diagnostic> findings, String entryFile) {
        this.findings = findings;
        this.entryFile = entryFile;
    }

    void check(Node.MapNode katalog) {
        katalog.map("metadata").ifPresent(metadata -> namespace(metadata, "metadata.namespace"));
        lifecycle(katalog);
        TemplateRules templates = new TemplateRules(findings);
        templates.check(katalog);
        Map<String, Node.Entry> all = katalog.map("spec")
                .flatMap(spec -> spec.map("crds"))
                .map(Node.MapNode::entries)
                .orElse(Map.of());
        Map<String, Node.MapNode> enabled = new LinkedHashMap<>();
        all.forEach((name, entry) -> {
            if (entry.value() instanceof Node.MapNode crd && !References.isDisabled(crd)) {
                enabled.put(name, crd);
                crd(name, entry.keyPosition(), crd);
            } else if (entry.value() instanceof Node.ScalarNode(Object nothing, var _) && nothing == null) {
                findings.add(noKind(name, entry.keyPosition()));
            }
        });
        sameKind(enabled);
        new DependencyRules(findings, entryFile).check(enabled, all);
    }

    private void crd(String name, Position position, Node.MapNode crd) {
        if (!DNS_LABEL.matcher(name).matches()) {
            findings.add(Diagnostic.error(
                    ErrorCode.InvalidName, "'" + name + "' is no name for a CRD entry", position, DNS_HINT));
        }
        namespace(crd, "namespace");
        boolean clusterScoped = crd.get("namespaced")
                .filter(node -> node instanceof Node.ScalarNode(Object flag, var _) && Boolean.FALSE.equals(flag))
                .isPresent();
        if (clusterScoped && crd.entries().containsKey("namespace")) {
            findings.add(Diagnostic.warning(
                    ErrorCode.WrongValue,
                    "the namespace of a cluster-scoped CRD is ignored",
                    crd.keyPosition("namespace"),
                    "remove it, or remove 'namespaced: false'"));
        }
        apiTypes(name, position, crd);
    }

    private void apiTypes(String name, Position position, Node.MapNode crd) {
        Node.MapNode apiTypes = crd.map("apiTypes").orElse(null);
        if (crd.entries().containsKey("crdFile")
                || (apiTypes == null && crd.entries().containsKey("apiTypes"))) {
            return; // Both have their finding already.
        }
        if (apiTypes == null
                || apiTypes.text("kind").filter(kind -> !kind.isEmpty()).isEmpty()) {
            findings.add(noKind(name, apiTypes == null ? position : crd.keyPosition("apiTypes")));
        } else if (ApiTypes.of(apiTypes).isEmpty()) {
            boolean kindAlone = ApiTypes.isKindAlone(apiTypes);
            findings.add(Diagnostic.error(
                    kindAlone ? ErrorCode.UnknownKind : ErrorCode.MissingField,
                    kindAlone
                            ? "'" + apiTypes.text("kind").orElse("") + "' alone is no built-in kind of Kubernetes"
                            : "apiTypes is only half filled in",
                    crd.keyPosition("apiTypes"),
                    "write group, version, kind and plural"));
        }
    }

    private static Diagnostic noKind(String name, Position position) {
        return Diagnostic.error(
                ErrorCode.MissingField,
                "the CRD '" + name + "' has no apiTypes.kind",
                position,
                "write group, version, kind and plural");
    }

    private void sameKind(Map<String, Node.MapNode> enabled) {
        record Declared(String name, Position position) {}
        Map<ApiTypes, Declared> first = new LinkedHashMap<>();
        new TreeMap<>(enabled)
                .forEach((name, crd) -> crd.map("apiTypes")
                        .flatMap(ApiTypes::of)
                        .ifPresent(types -> {
                            Declared other = first.putIfAbsent(types, new Declared(name, crd.keyPosition("apiTypes")));
                            if (other != null) {
                                findings.add(Diagnostic.error(
                                        ErrorCode.DuplicateCrd,
                                        "the CRDs '" + other.name() + "' and '" + name + "' are about the same kind ("
                                                + types + "); the first at " + other.position(),
                                        crd.keyPosition("apiTypes"),
                                        "merge them into one, or disable one"));
                            }
                        }));
    }

    private void namespace(Node.MapNode holder, String shown) {
        holder.text("namespace")
                .filter(text -> !DNS_LABEL.matcher(text).matches())
                .ifPresent(text -> findings.add(Diagnostic.error(
                        ErrorCode.InvalidName,
                        shown + " '" + text + "' is no name of a namespace",
                        holder.get("namespace").orElseThrow().position(),
                        DNS_HINT)));
    }

    private void lifecycle(Node.MapNode katalog) {
        katalog.map("lifecycle").ifPresent(lifecycle -> {
            String maturity = lifecycle.text("maturity").orElse("");
            if (maturity.equals("alpha") || maturity.equals("beta")) {
                findings.add(Diagnostic.warning(
                        ErrorCode.NotStable,
                        "this Katalog calls itself " + maturity,
                        lifecycle.keyPosition("maturity"),
                        ""));
            } else if (maturity.equals("deprecated") && !lifecycle.entries().containsKey("deprecation")) {
                findings.add(Diagnostic.warning(
                        ErrorCode.NotStable,
                        "this Katalog is deprecated and does not say why",
                        lifecycle.keyPosition("maturity"),
                        "add lifecycle.deprecation.message"));
            }
        });
    }
}
