package dev.orkestra.crd;

import dev.orkestra.cel.CelBudget;
import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A CustomResourceDefinition of {@code apiextensions.k8s.io/v1}. Immutable, and safe for use from many threads; reading
 * one with rules takes milliseconds for each rule, so read it once.
 */
public final class CustomResourceDefinition {
    private static final String API_VERSION = "apiextensions.k8s.io/v1";

    private final String group;
    private final String kind;
    private final boolean namespaced;
    private final List<Version> versions;
    private final List<Diagnostic> findings;

    private CustomResourceDefinition(Node.MapNode root) {
        Report report = new Report(root.position());
        Optional<Node.MapNode> spec = root.map("spec");
        this.group = spec.flatMap(map -> map.text("group")).orElse("");
        this.kind = spec.flatMap(map -> map.map("names"))
                .flatMap(map -> map.text("kind"))
                .orElse("");
        this.namespaced = !spec.flatMap(map -> map.text("scope")).orElse("").equals("Cluster");
        this.versions = List.copyOf(new DefinitionReader(root, report).read());
        this.findings = report.findings();
    }

    /** Whether {@code document} says that it is a definition which {@link #of} reads. */
    public static boolean isOne(Document document) {
        return document.apiVersion().filter(API_VERSION::equals).isPresent()
                && document.kind().filter("CustomResourceDefinition"::equals).isPresent();
    }

    /**
     * Reads a definition. Trouble is among its {@link #findings}; what could be read of it is used all the same.
     *
     * @return empty when the document {@linkplain #isOne is none}
     */
    public static Optional<CustomResourceDefinition> of(Document document) {
        return isOne(document) ? document.mapping().map(CustomResourceDefinition::new) : Optional.empty();
    }

    /** What is wrong with the definition itself, in the order of places. */
    public List<Diagnostic> findings() {
        return findings;
    }

    /** The API group of its resources. */
    public String group() {
        return group;
    }

    /** The kind of its resources. */
    public String kind() {
        return kind;
    }

    /** Whether its resources belong to a namespace. */
    public boolean isNamespaced() {
        return namespaced;
    }

    /** The names of the versions that the API server would serve, in the order of the definition. */
    public List<String> served() {
        return versions.stream().filter(Version::served).map(Version::name).toList();
    }

    /** Whether {@code document} is of this group and kind, in whatever version. */
    public boolean covers(Document document) {
        String apiVersion = document.apiVersion().orElse("");
        return !kind.isEmpty()
                && document.kind().filter(kind::equals).isPresent()
                && ObjectKey.groupOf(apiVersion).equals(group);
    }

    /** What the API server would refuse in {@code resource}, as with {@code kubectl --validate=strict}. */
    public List<Diagnostic> validate(Document resource) {
        return validate(resource, new CelBudget(CelBudget.ONE_DOCUMENT));
    }

    /**
     * What the API server would refuse in {@code resource}, in the order of places; nothing when it is not
     * {@linkplain #covers covered}.
     *
     * @param budget pays for the rules in CEL; may be shared by many documents
     */
    public List<Diagnostic> validate(Document resource, CelBudget budget) {
        Optional<Node.MapNode> mapping = resource.mapping();
        if (!covers(resource) || mapping.isEmpty()) {
            return List.of();
        }
        Node.MapNode root = mapping.get();
        Report report = new Report(root.position());
        String apiVersion = resource.apiVersion().orElse("");
        String name = apiVersion.substring(apiVersion.indexOf('/') + 1);
        Optional<Version> version = versions.stream()
                .filter(each -> each.name().equals(name))
                .filter(Version::served)
                .findFirst();
        if (version.isEmpty()) {
            unserved(root, name, report);
        } else {
            version.get().schema().ifPresent(schema -> check(root, schema, budget, report));
        }
        return report.findings();
    }

    private void unserved(Node.MapNode root, String name, Report report) {
        boolean isKnown = versions.stream().anyMatch(version -> version.name().equals(name));
        String shown = Words.shortened(kind + " " + name);
        List<String> served = new ArrayList<>();
        served().forEach(version -> served.add(group + "/" + version));
        Position position = root.get("apiVersion").map(Node::position).orElse(root.position());
        report.error(
                ErrorCode.UnsupportedApiVersion,
                isKnown ? shown + " is not served" : "there is no " + shown,
                position,
                served.isEmpty() ? "no version is served" : "served: " + String.join(", ", served));
    }

    private void check(Node.MapNode written, Schema schema, CelBudget budget, Report report) {
        MetadataRules.root(written, kind, namespaced, report);
        Node applied = Defaults.applied(written, schema);
        if (!(applied instanceof Node.MapNode root) || Defaults.size(applied) > Defaults.MOST_VALUES) {
            report.info(
                    ErrorCode.LimitExceeded,
                    "the document was not checked: with its defaults it is too large",
                    written.position(),
                    "");
            return;
        }
        new ValueRules(report).root(root, schema);
        if (!report.hasBlockingErrors()) {
            new RuleRunner(report, budget).root(root, schema);
        } else if (schema.hasRules()) {
            report.info(
                    ErrorCode.LimitExceeded,
                    "the rules in CEL were not checked, since there are errors",
                    written.position(),
                    "mend those first");
        }
    }
}
