package dev.orkestra.crd;

import dev.orkestra.cel.CelBudget;
import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.schema.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a definition, and tells what the API server would refuse in it. */
final class DefinitionReader {
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "the definition", Set.of("apiVersion", "kind", "metadata", "spec", "status"),
            "'spec'", Set.of("group", "names", "scope", "versions", "conversion", "preserveUnknownFields"),
            "'names'", Set.of("plural", "singular", "shortNames", "kind", "listKind", "categories"),
            "a version",
                    Set.of(
                            "name",
                            "served",
                            "storage",
                            "deprecated",
                            "deprecationWarning",
                            "schema",
                            "subresources",
                            "additionalPrinterColumns",
                            "selectableFields"),
            "'schema'", Set.of("openAPIV3Schema"));

    private final Report report;
    private final Node.MapNode root;
    private final Node.MapNode spec;
    private final Node.MapNode names;

    DefinitionReader(Node.MapNode root, Report report) {
        this.report = report;
        this.root = root;
        this.spec = root.map("spec").orElseGet(() -> new Node.MapNode(Map.of(), root.keyPosition("spec")));
        this.names = spec.map("names").orElseGet(() -> new Node.MapNode(Map.of(), spec.keyPosition("names")));
    }

    /** The versions, in the order of the definition. */
    List<Version> read() {
        known(root, "the definition");
        if (root.map("spec").isEmpty()) {
            missing(root, "spec", "the definition");
            return List.of();
        }
        known(spec, "'spec'");
        known(names, "'names'");
        names();
        List<Version> versions = new ArrayList<>();
        spec.list("versions")
                .ifPresent(list -> list.items().forEach(item -> {
                    if (item instanceof Node.MapNode version) {
                        versions.add(version(version));
                    } else {
                        report.error(
                                ErrorCode.WrongType,
                                "a version is " + Kinds.of(item) + "; allowed is a mapping",
                                item.position(),
                                "");
                    }
                }));
        versions(versions);
        return versions;
    }

    private void names() {
        String group = spec.text("group").orElse("");
        if (group.isEmpty()) {
            missing(spec, "group", "'spec'");
        } else if (!Names.isSubdomain(group) || group.indexOf('.') < 0) {
            report.error(
                    ErrorCode.WrongValue,
                    "'group' must be a domain with at least one dot",
                    spec.keyPosition("group"),
                    "write for example widgets.example.com");
        }
        for (String field : List.of("plural", "kind")) {
            if (names.text(field).orElse("").isEmpty()) {
                missing(names, field, "'names'");
            }
        }
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            String name = names.text(field).orElse("");
            boolean isKind = field.endsWith("ind");
            if (!name.isEmpty() && !Names.isLetterFirst(isKind ? name.toLowerCase(Locale.ROOT) : name)) {
                report.error(
                        ErrorCode.WrongValue,
                        "'" + field + "' must be " + (isKind ? "letters and digits" : "a-z, 0-9 and '-'")
                                + ", beginning with a letter",
                        names.keyPosition(field),
                        "");
            }
        }
        scope();
        String expected = names.text("plural").orElse("") + "." + group;
        Optional<Node.MapNode> metadata = root.map("metadata");
        String name = metadata.flatMap(map -> map.text("name")).orElse("");
        if (!name.equals(expected) && !group.isEmpty() && names.text("plural").isPresent()) {
            report.error(
                    name.isEmpty() ? ErrorCode.MissingField : ErrorCode.WrongValue,
                    name.isEmpty() ? "'metadata' has no 'name'" : "'name' must be the plural and the group",
                    metadata.map(map -> map.keyPosition("name")).orElse(root.keyPosition("metadata")),
                    "write " + Words.shortened(expected));
        }
    }

    private void scope() {
        String scope = spec.text("scope").orElse("");
        Set<String> allowed = Set.of("Cluster", "Namespaced");
        if (scope.isEmpty()) {
            missing(spec, "scope", "'spec'");
        } else if (!allowed.contains(scope)) {
            report.error(
                    ErrorCode.WrongValue,
                    "'scope' is '" + Words.shortened(scope) + "'; allowed: Cluster, Namespaced",
                    spec.keyPosition("scope"),
                    Suggestions.closest(scope, allowed)
                            .map(close -> "did you mean '" + close + "'?")
                            .orElse(""));
        }
    }

    private Version version(Node.MapNode node) {
        known(node, "a version");
        String name = node.text("name").orElse("");
        if (name.isEmpty()) {
            missing(node, "name", "a version");
        } else if (!Names.isLetterFirst(name)) {
            report.error(
                    ErrorCode.WrongValue,
                    "the name of a version must be a-z, 0-9 and '-', beginning with a letter",
                    node.keyPosition("name"),
                    "write for example v1 or v1alpha1");
        }
        for (String field : List.of("served", "storage")) {
            boolean isFlag = node.get(field)
                    .filter(value -> value instanceof Node.ScalarNode scalar && scalar.value() instanceof Boolean)
                    .isPresent();
            if (!node.entries().containsKey(field)) {
                missing(node, field, "the version '" + Words.shortened(name) + "'");
            } else if (!isFlag) {
                report.error(
                        ErrorCode.WrongType,
                        "'" + field + "' is " + Kinds.of(node.get(field).orElseThrow()) + "; allowed is true or false",
                        node.keyPosition(field),
                        "");
            }
        }
        Optional<Node.MapNode> schema = node.map("schema");
        schema.ifPresent(map -> known(map, "'schema'"));
        Optional<Node.MapNode> written = schema.flatMap(map -> map.map("openAPIV3Schema"));
        if (written.isEmpty()) {
            report.error(
                    ErrorCode.MissingField,
                    "the version '" + Words.shortened(name) + "' has no schema",
                    schema.isPresent() ? node.keyPosition("schema") : node.position(),
                    "add schema.openAPIV3Schema");
        }
        return new Version(name, node.isTrue("served"), node.isTrue("storage"), written.map(this::schema));
    }

    private Schema schema(Node.MapNode node) {
        Schema schema = new SchemaReader(report).read(node);
        new StructuralRules(report).root(schema);
        Schema compiled = new RuleCompiler(report).root(schema);
        if (!report.hasBlockingErrors()) {
            new RuleRunner(report, new CelBudget(CelBudget.ONE_DOCUMENT)).defaults(compiled, true);
        }
        return compiled;
    }

    private void versions(List<Version> versions) {
        if (versions.isEmpty()) {
            report.error(
                    ErrorCode.MissingField, "the definition has no versions", spec.keyPosition("versions"), "add one");
            return;
        }
        long stored = versions.stream().filter(Version::storage).count();
        if (stored != 1) {
            report.error(
                    ErrorCode.WrongValue,
                    stored == 0
                            ? "no version is marked as the one that is stored"
                            : stored + " versions are marked as the one that is stored",
                    spec.keyPosition("versions"),
                    "write storage: true at exactly one");
        }
        Set<String> seen = new HashSet<>();
        versions.stream()
                .map(Version::name)
                .filter(name -> !name.isEmpty() && !seen.add(name))
                .distinct()
                .forEach(name -> report.error(
                        ErrorCode.DuplicateName,
                        "the version '" + Words.shortened(name) + "' is there twice",
                        spec.keyPosition("versions"),
                        "rename or remove one"));
    }

    private void missing(Node.MapNode map, String field, String where) {
        boolean isThere = map.entries().containsKey(field);
        report.error(
                ErrorCode.MissingField,
                isThere ? "'" + field + "' is empty" : where + " has no '" + field + "'",
                map.keyPosition(field),
                "add it");
    }

    private void known(Node.MapNode map, String where) {
        Set<String> fields = FIELDS.getOrDefault(where, Set.of());
        map.entries().forEach((field, entry) -> {
            if (!fields.contains(field)) {
                report.error(
                        ErrorCode.UnknownField,
                        "unknown field '" + Words.shortened(field) + "' in " + where,
                        entry.keyPosition(),
                        Suggestions.closest(field, fields)
                                .map(close -> "did you mean '" + close + "'?")
                                .orElse(""));
            }
        });
    }
}
