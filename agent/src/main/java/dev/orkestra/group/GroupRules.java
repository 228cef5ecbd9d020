package dev.orkestra.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What must hold for an ApplicationGroup beyond its schema. The API server checks none of it, and Azure Orkestra left
 * it to Argo's "invalid spec", to an endless retry or to a crash: here each is a finding that names the field.
 */
public final class GroupRules {
    /** A template of every Workflow has this name. */
    static final String ENTRY = "entry";

    /** Templates of executors end like this. */
    private static final List<String> EXECUTORS = List.of("-forward-executor", "-reverse-executor");

    /** What the names of a group's other Workflows end in. */
    private static final List<String> WORKFLOWS = List.of("-reverse", "-rollback");

    private static final List<String> SCHEMES = List.of("http://", "https://", "oci://");

    /** As many as the CRD takes; what is checked of each grows with their number. */
    private static final int MOST_APPLICATIONS = 500;

    private final RuleFindings findings;
    /** Application by release, to find two that would be the same Helm release. */
    private final Map<String, String> releases = new TreeMap<>();

    private GroupRules(RuleFindings findings) {
        this.findings = findings;
    }

    /**
     * Checks a document that its schema was asked about; one that is no mapping has nothing to check.
     *
     * @param bySchema what the schema said; what it called wrong is not said again
     */
    public static List<Diagnostic> check(Document document, List<Diagnostic> bySchema) {
        return document.mapping().map(group -> check(group, bySchema)).orElseGet(List::of);
    }

    /** Checks the whole resource {@code group}, which its schema has nothing against, or was not asked about. */
    public static List<Diagnostic> check(Node.MapNode group) {
        return check(group, List.of());
    }

    private static List<Diagnostic> check(Node.MapNode group, List<Diagnostic> bySchema) {
        RuleFindings findings = new RuleFindings(bySchema);
        new GroupRules(findings).group(group);
        return findings.sorted(group.position());
    }

    /** Checks a resource as the API server returns it; the findings have no positions, their messages say enough. */
    public static List<Diagnostic> check(JsonNode group) {
        Position nowhere = Position.startOf("ApplicationGroup");
        if (!(PlainNodes.of(group, nowhere) instanceof Node.MapNode map)) {
            return List.of();
        }
        return check(map).stream().map(finding -> finding.at((Position) null)).toList();
    }

    private void group(Node.MapNode group) {
        group.map("metadata").ifPresent(metadata -> groupName(metadata, group.keyPosition("metadata")));
        Optional<Node.MapNode> spec = group.map("spec");
        int count = spec.flatMap(each -> each.list("applications"))
                .map(list -> list.items().size())
                .orElse(0);
        List<Node.MapNode> applications =
                spec.map(each -> RuleFindings.maps(each, "applications")).orElseGet(List::of);
        if (applications.isEmpty()) {
            noApplications(group);
        } else if (count > MOST_APPLICATIONS) {
            findings.wrong(
                    ErrorCode.WrongValue,
                    "the group has " + count + " applications; at most " + MOST_APPLICATIONS
                            + " are allowed, and none was checked",
                    spec.orElseThrow(),
                    "applications",
                    "split it into several groups");
        } else {
            applications(applications);
        }
        spec.ifPresent(new ConditionRules(findings)::check);
    }

    private void noApplications(Node.MapNode group) {
        String message = "the group has no applications";
        String hint = "list at least one under spec.applications, or remove the group";
        Node.MapNode spec = group.map("spec").orElse(null);
        if (spec != null && spec.get("applications").isPresent()) {
            findings.wrong(ErrorCode.MissingField, message, spec, "applications", hint);
        } else if (group.get("spec").isPresent()) {
            findings.wrong(ErrorCode.MissingField, message, group, "spec", hint);
        } else {
            findings.error(ErrorCode.MissingField, message, group.position(), hint);
        }
    }

    private void applications(List<Node.MapNode> applications) {
        DependencyRules dependencies = new DependencyRules(findings, "application");
        Map<String, String> byDnsName = new TreeMap<>();
        for (Node.MapNode application : applications) {
            String name = application.text("name").orElse("");
            if (name.isEmpty()) {
                findings.missing(application, "name", "an application");
                continue;
            }
            dependencies.add(name, application);
            uniqueWorkflowName(name, application, byDnsName);
            application(name, application);
        }
        dependencies.check();
    }

    private void groupName(Node.MapNode metadata, Position holder) {
        String name = metadata.text("name").orElse("");
        if (name.isEmpty()) {
            findings.missing(metadata, holder, "metadata.name", "name", "the group");
        } else if (!Labels.isLabelValue(name)) {
            findings.wrong(
                    ErrorCode.InvalidName,
                    "the group's name '" + name + "' cannot be the value of a label, and every object of it carries it",
                    metadata,
                    "name",
                    "use at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit");
        } else if (WORKFLOWS.stream().anyMatch(name::endsWith)) {
            findings.wrong(
                    ErrorCode.InvalidName,
                    "the group's name '" + name + "' is one that a workflow of another group may have",
                    metadata,
                    "name",
                    "choose a name that ends neither in -reverse nor in -rollback");
        }
    }

    private void uniqueWorkflowName(String name, Node.MapNode application, Map<String, String> byDnsName) {
        String dns = Naming.dns(name);
        if (dns.equals(ENTRY) || EXECUTORS.stream().anyMatch(dns::endsWith)) {
            findings.error(
                    ErrorCode.InvalidName,
                    "an application cannot be called '" + name + "': a template of the workflow has that name",
                    application.keyPosition("name"),
                    "choose another name");
        }
        String other = byDnsName.putIfAbsent(dns, name);
        if (other != null && !other.equals(name)) {
            findings.error(
                    ErrorCode.InvalidName,
                    "applications '" + other + "' and '" + name + "' both become '" + dns + "' in the workflow",
                    application.keyPosition("name"),
                    "make them differ in lower-case letters or digits");
        }
    }

    private void application(String name, Node.MapNode application) {
        String where = "application '" + name + "'";
        Node.MapNode spec = application.map("spec").orElse(null);
        if (spec == null) {
            findings.missing(application, "spec", where);
            return;
        }
        String chart = spec.map("chart")
                .map(each -> chart(where, each, spec.keyPosition("chart")))
                .orElseGet(() -> {
                    findings.missing(spec, application.keyPosition("spec"), "chart", "chart", where);
                    return "";
                });
        String namespace = spec.map("release")
                .map(each -> release(where, each, spec.keyPosition("release")))
                .orElseGet(() -> {
                    findings.missing(spec, application.keyPosition("spec"), "release", "release", where);
                    return "";
                });
        subcharts(name, where, spec);
        new ExecutorRules(findings, where).check(spec);
        if (!chart.isEmpty() && !namespace.isEmpty()) {
            String release = namespace + "/" + Naming.dns(chart);
            String other = releases.putIfAbsent(release, name);
            if (other != null && !other.equals(name)) {
                findings.error(
                        ErrorCode.DuplicateObject,
                        where + " and application '" + other + "' would both be the Helm release " + release
                                + ": a release is called after its chart",
                        application.keyPosition("name"),
                        "give one of them another targetNamespace");
            }
        }
    }

    /** Returns the chart's name. */
    private String chart(String where, Node.MapNode chart, Position holder) {
        String url = chart.text("url").orElse("");
        if (url.isEmpty()) {
            findings.missing(chart, holder, "chart.url", "url", where);
        } else if (SCHEMES.stream().noneMatch(url::startsWith)) {
            findings.wrong(
                    ErrorCode.WrongValue,
                    "chart.url of " + where + " is no http://, https:// or oci:// URL",
                    chart,
                    "url",
                    "name the base URL of a Helm repository, or a folder of an OCI registry");
        }
        if (chart.get("version").isEmpty()) {
            findings.add(Diagnostic.warning(
                    ErrorCode.MissingField,
                    where + " names no chart.version, so the newest is taken",
                    chart.position(),
                    "name an exact version, so that a commit always means the same chart"));
        }
        String name = chart.text("name").orElse("");
        if (name.isEmpty()) {
            findings.missing(chart, holder, "chart.name", "name", where);
        } else if (!Labels.isLabelValue(name)) {
            findings.wrong(
                    ErrorCode.InvalidName,
                    "chart.name '" + name + "' of " + where + " cannot be the value of a label",
                    chart,
                    "name",
                    "chart names have letters, digits, '-', '_' and '.' only");
        }
        return name;
    }

    /** Returns the target namespace. */
    private String release(String where, Node.MapNode release, Position holder) {
        findings.duration(where, release, "interval", "release.interval");
        findings.duration(where, release, "timeout", "release.timeout");
        for (String action : List.of("install", "upgrade", "rollback", "uninstall")) {
            release.map(action)
                    .ifPresent(each -> findings.duration(where, each, "timeout", "release." + action + ".timeout"));
        }
        release.get("values").ifPresent(values -> {
            boolean isNull = values instanceof Node.ScalarNode scalar && scalar.value() == null;
            if (!(values instanceof Node.MapNode) && !isNull) {
                findings.wrong(
                        ErrorCode.WrongType,
                        "release.values of " + where + " is no mapping",
                        release,
                        "values",
                        "Helm values are keys and values");
            }
        });
        valuesFrom(where, release);
        String namespace = release.text("targetNamespace").orElse("");
        if (namespace.isEmpty()) {
            findings.missing(release, holder, "release.targetNamespace", "targetNamespace", where);
        } else if (!Labels.isDnsLabel(namespace)) {
            findings.wrong(
                    ErrorCode.InvalidName,
                    "release.targetNamespace '" + namespace + "' of " + where + " is no name of a namespace",
                    release,
                    "targetNamespace",
                    "use at most 63 lower-case letters, digits and '-', beginning and ending with a letter or digit");
        }
        return namespace;
    }

    private void valuesFrom(String where, Node.MapNode release) {
        for (Node.MapNode source : RuleFindings.maps(release, "valuesFrom")) {
            if (source.text("name").orElse("").isEmpty()) {
                findings.missing(source, "name", "an entry of release.valuesFrom of " + where);
            }
            String kind = source.text("kind").orElse("");
            if (!kind.equals("Secret") && !kind.equals("ConfigMap")) {
                findings.wrong(
                        ErrorCode.WrongValue,
                        "release.valuesFrom of " + where + " names a '" + kind + "'",
                        source,
                        "kind",
                        "values stand in a Secret or a ConfigMap");
            }
        }
    }

    private void subcharts(String application, String where, Node.MapNode spec) {
        DependencyRules dependencies = new DependencyRules(findings, "subchart of " + where);
        for (Node.MapNode subchart : RuleFindings.maps(spec, "subcharts")) {
            String name = subchart.text("name").orElse("");
            if (name.isEmpty()) {
                findings.missing(subchart, "name", "a subchart of " + where);
                continue;
            }
            dependencies.add(name, subchart);
            if (name.equals(application)) {
                findings.error(
                        ErrorCode.InvalidName,
                        "a subchart of " + where + " has the application's own name",
                        subchart.keyPosition("name"),
                        "give the application another name");
            }
        }
        dependencies.check();
        spec.map("release").ifPresent(release -> valuesOfSubcharts(where, spec, release));
    }

    private void valuesOfSubcharts(String where, Node.MapNode spec, Node.MapNode release) {
        List<String> declared = RuleFindings.maps(spec, "subcharts").stream()
                .flatMap(each -> each.text("name").stream())
                .toList();
        for (Node.MapNode source : RuleFindings.maps(release, "valuesFrom")) {
            String subchart = source.text("subchart").orElse("");
            if (!subchart.isEmpty() && !declared.contains(subchart)) {
                findings.error(
                        ErrorCode.UnknownDependency,
                        "release.valuesFrom of " + where + " is for the subchart '" + subchart
                                + "', which spec.subcharts does not name",
                        source.keyPosition("subchart"),
                        "name it there, or remove this field");
            }
        }
    }
}
