package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays a Komposer's inline entry over the imported one. Upstream (v0.7.18) merges field by field and looks at a short
 * list of fields only; we do the same, so that a Katalog composed here behaves as one composed there, but say so where
 * an override has no effect.
 */
final class OverrideMerge {
    /** What happens to a field that both declare. */
    private enum Rule {
        /** The override's value takes the place of the whole old one: no deep merge, no list merge. */
        REPLACE,
        /** As {@link #REPLACE}, when the override names a kind. */
        REPLACE_WITH_KIND,
        /** As {@link #REPLACE}, unless the override is 0 or empty, which upstream cannot tell from absent. */
        REPLACE_UNLESS_ZERO,
        /** Only {@code false} has an effect. */
        ONLY_FALSE,
        /** Both lists together. */
        UNION
    }

    private static final Map<List<String>, Rule> RULES = rules();

    private final List<Diagnostic> findings;

    OverrideMerge(List<Diagnostic> findings) {
        this.findings = findings;
    }

    private static Map<List<String>, Rule> rules() {
        Map<List<String>, Rule> rules = new LinkedHashMap<>();
        rules.put(List.of("apiTypes"), Rule.REPLACE_WITH_KIND);
        rules.put(List.of("enabled"), Rule.ONLY_FALSE);
        for (String field : List.of("crdFile", "namespace", "dependsOn", "endpoints")) {
            rules.put(List.of(field), Rule.REPLACE);
        }
        for (String field : List.of("validation", "mutation", "conversion")) {
            rules.put(List.of("admission", field), Rule.REPLACE);
        }
        for (String field : List.of("onCreate", "onReconcile", "onDelete")) {
            rules.put(List.of("operatorBox", "reconcile", field), Rule.REPLACE);
        }
        rules.put(List.of("operatorBox", "emit", "status"), Rule.REPLACE);
        for (String field : List.of("workers", "resync")) {
            rules.put(List.of("operatorBox", "reconcile", field), Rule.REPLACE_UNLESS_ZERO);
        }
        for (String field : List.of("maxDepth", "failureThreshold")) {
            rules.put(List.of("operatorBox", "reconcile", "queue", field), Rule.REPLACE_UNLESS_ZERO);
        }
        for (String field : List.of("protectCRD", "protectCRs", "strictMode")) {
            rules.put(List.of("operatorBox", "runtime", "deletionProtection", field), Rule.REPLACE);
        }
        for (String field : List.of("restrictedNamespaces", "allowedNamespaces", "finalizers")) {
            rules.put(List.of("operatorBox", "runtime", field), Rule.UNION);
        }
        return Map.copyOf(rules);
    }

    /** {@code base} with what of {@code override} has an effect. */
    Node.MapNode merge(Node.MapNode base, Node.MapNode override) {
        Node.Entry apiTypes = override.entries().get("apiTypes");
        boolean fileStays =
                base.text("crdFile").filter(path -> !Location.isUrl(path)).isPresent()
                        && !override.entries().containsKey("crdFile");
        if (apiTypes != null && fileStays) {
            findings.add(Diagnostic.warning(
                    ErrorCode.IgnoredOverride,
                    "group, version, kind and plural of this apiTypes have no effect: they come from the crdFile at "
                            + base.keyPosition("crdFile"),
                    apiTypes.keyPosition(),
                    "override crdFile"));
        }
        return merge(base, override, List.of());
    }

    private Node.MapNode merge(Node.MapNode base, Node.MapNode override, List<String> path) {
        Node.MapNode result = base;
        for (Map.Entry<String, Node.Entry> field : override.entries().entrySet()) {
            List<String> here = Paths.below(path, field.getKey());
            Rule rule = RULES.get(here);
            if (Paths.isNothing(field.getValue().value())) {
                findings.add(Diagnostic.warning(
                        ErrorCode.IgnoredOverride,
                        "the override of " + String.join(".", here) + " is empty and has no effect",
                        field.getValue().keyPosition(),
                        "remove it, or write a value"));
            } else if (rule != null) {
                result = apply(rule, result, here, field.getValue());
            } else if (leadsToRule(here) && field.getValue().value() instanceof Node.MapNode deeper) {
                result = merge(result, deeper, here);
            } else {
                ignored(result, here, field.getValue(), "the imported value stays; change it in the imported Katalog");
            }
        }
        return result;
    }

    private Node.MapNode apply(Rule rule, Node.MapNode base, List<String> path, Node.Entry entry) {
        Node value = entry.value();
        return switch (rule) {
            case REPLACE -> Paths.set(base, path, entry);
            case REPLACE_WITH_KIND -> {
                boolean hasKind = value instanceof Node.MapNode map
                        && map.text("kind").filter(kind -> !kind.isEmpty()).isPresent();
                yield hasKind ? Paths.set(base, path, entry) : ignored(base, path, entry, "name the kind as well");
            }
            case REPLACE_UNLESS_ZERO ->
                isZero(value)
                        ? ignored(base, path, entry, "0 counts as not set; write another value")
                        : Paths.set(base, path, entry);
            case ONLY_FALSE ->
                value instanceof Node.ScalarNode(Object flag, var _) && Boolean.FALSE.equals(flag)
                        ? Paths.set(base, path, entry)
                        : ignored(base, path, entry, "an override can disable a CRD, not enable it again");
            case UNION ->
                value instanceof Node.ListNode list
                        ? Paths.set(
                                base,
                                path,
                                new Node.Entry(entry.keyPosition(), Paths.union(Paths.get(base, path), list)))
                        : base;
        };
    }

    private Node.MapNode ignored(Node.MapNode base, List<String> path, Node.Entry entry, String hint) {
        boolean noDifference = Paths.get(base, path)
                .filter(old -> old.toJson().equals(entry.value().toJson()))
                .isPresent();
        if (!noDifference) {
            findings.add(Diagnostic.warning(
                    ErrorCode.IgnoredOverride,
                    "the override of " + String.join(".", path) + " has no effect",
                    entry.keyPosition(),
                    hint));
        }
        return base;
    }

    private static boolean isZero(Node value) {
        return value instanceof Node.ScalarNode(Object scalar, var _)
                && switch (scalar) {
                    case null -> true;
                    case Long number -> number == 0;
                    case BigDecimal number -> number.signum() == 0;
                    case String text -> text.isEmpty();
                    default -> false;
                };
    }

    private static boolean leadsToRule(List<String> path) {
        return RULES.keySet().stream()
                .anyMatch(rule -> rule.size() > path.size()
                        && rule.subList(0, path.size()).equals(path));
    }
}
