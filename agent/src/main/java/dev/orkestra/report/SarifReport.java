package dev.orkestra.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.Catalogue;
import dev.orkestra.rules.RuleInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** SARIF 2.1.0 (OASIS), which code scanning and editors read. */
public final class SarifReport {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private static final String ROOT = "%SRCROOT%";

    private final CheckResults results;
    private final List<String> ruleIds;
    private final Map<String, Integer> fingerprints = new HashMap<>();

    private SarifReport(CheckResults results) {
        this.results = results;
        this.ruleIds = results.findings().stream()
                .map(Diagnostic::id)
                .distinct()
                .sorted()
                .toList();
    }

    /** The document. */
    public static String render(CheckResults results) {
        return new SarifReport(results).document().toPrettyString() + "\n";
    }

    private ObjectNode document() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "ork").put("version", results.version());
        ArrayNode rules = driver.putArray("rules");
        ruleIds.forEach(id -> rules.add(rule(id)));
        run.set("invocations", invocations());
        run.putObject("originalUriBaseIds")
                .putObject(ROOT)
                .putObject("description")
                .put("text", "The root of the repository.");
        run.put("columnKind", "unicodeCodePoints");
        ArrayNode found = run.putArray("results");
        merged().forEach((finding, importedBy) -> found.add(result(finding, importedBy)));
        return root;
    }

    private static ObjectNode rule(String id) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode().put("id", id);
        Optional<RuleInfo> found = Catalogue.find(id);
        if (found.isPresent()) {
            RuleInfo info = found.get();
            rule.putObject("shortDescription").put("text", message(info.summary()));
            rule.putObject("fullDescription").put("text", message(info.why()));
            rule.putObject("defaultConfiguration").put("level", level(info.severity()));
            rule.putObject("help")
                    .put("text", message(RulePage.text(info)))
                    .put("markdown", message(RulePage.markdown(info)));
        }
        return rule;
    }

    private ArrayNode invocations() {
        ArrayNode invocations = JsonNodeFactory.instance.arrayNode();
        ObjectNode invocation = invocations.addObject();
        invocation.put("executionSuccessful", results.isComplete()).put("exitCode", results.exitCode());
        ArrayNode notifications = invocation.putArray("toolExecutionNotifications");
        for (CheckedFile file : results.files()) {
            if (!file.isRead()) {
                ObjectNode notification = notifications.addObject();
                notification.put("level", "error");
                notification.putObject("message").put("text", message(OneLine.of(file.name() + ": " + file.problem())));
                artifact(notification.putArray("locations").addObject().putObject("physicalLocation"), file.name());
            }
        }
        return invocations;
    }

    /**
     * A finding in a file that several of the checked files import is one result; all ways to it are told.
     *
     * @param checked the file whose check found it
     */
    private record Found(Diagnostic finding, String checked) {}

    private Map<Found, Set<Position>> merged() {
        Map<Found, Set<Position>> all = new LinkedHashMap<>();
        for (CheckedFile file : results.files()) {
            for (Diagnostic finding : file.findings()) {
                String checked = finding.at().isPresent() ? "" : file.name();
                all.computeIfAbsent(new Found(finding.importedBy(List.of()), checked), _ -> new LinkedHashSet<>())
                        .addAll(finding.importedBy());
            }
        }
        return all;
    }

    private ObjectNode result(Found found, Set<Position> importedBy) {
        Diagnostic finding = found.finding();
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("ruleId", finding.id()).put("ruleIndex", ruleIds.indexOf(finding.id()));
        result.put("level", level(finding.severity()));
        result.putObject("message").put("text", message(Words.text(finding)));
        ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
        finding.at().ifPresentOrElse(position -> physical(place, position), () -> artifact(place, found.checked()));
        if (!importedBy.isEmpty()) {
            ArrayNode related = result.putArray("relatedLocations");
            for (Position importing : importedBy) {
                ObjectNode location = related.addObject().put("id", related.size());
                physical(location.putObject("physicalLocation"), importing);
                location.putObject("message").put("text", "imported by");
            }
        }
        String file = finding.at().map(Position::file).orElse(found.checked());
        String hash = Fingerprint.of(finding, results.places().fromRoot(file));
        int ordinal = fingerprints.merge(hash, 1, Integer::sum);
        result.putObject("partialFingerprints").put("orkestraFinding/v1", hash + ":" + ordinal);
        return result;
    }

    private void physical(ObjectNode place, Position position) {
        artifact(place, position.file());
        place.putObject("region").put("startLine", position.line()).put("startColumn", position.column());
    }

    private void artifact(ObjectNode place, String file) {
        String uri = results.places().uri(file);
        ObjectNode artifact = place.putObject("artifactLocation").put("uri", uri);
        if (!uri.startsWith("file:")) {
            artifact.put("uriBaseId", ROOT);
        }
    }

    /** Braces hold places for arguments (§3.11.5), and what looks like a link would be one (§3.11.6). */
    private static String message(String text) {
        return text.replace("{", "{{").replace("}", "}}").replace("](", "] (");
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "note";
        };
    }
}
