package dev.orkestra.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Node;
import dev.orkestra.group.ApplicationGroup.Executor;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The executors of one application: each name once, no circle, and what each kind needs to be started. */
final class ExecutorRules {
    private static final List<String> TYPES = List.of(Executor.HELM_RELEASE, Executor.KEPTN, Executor.CUSTOM);

    private final RuleFindings findings;
    private final String where;

    /** @param where the application, as messages name it */
    ExecutorRules(RuleFindings findings, String where) {
        this.findings = findings;
        this.where = where;
    }

    void check(Node.MapNode spec) {
        DependencyRules dependencies = new DependencyRules(findings, "executor of " + where);
        Map<String, String> byDnsName = new TreeMap<>();
        for (Node.MapNode executor : RuleFindings.maps(spec, "workflow")) {
            String name = executor.text("name").orElse("");
            if (name.isEmpty()) {
                findings.missing(executor, "name", "an executor of " + where);
                continue;
            }
            dependencies.add(name, executor);
            String other = byDnsName.putIfAbsent(Naming.dns(name), name);
            if (other != null && !other.equals(name)) {
                findings.error(
                        ErrorCode.InvalidName,
                        "executors '" + other + "' and '" + name + "' of " + where
                                + " have the same name in the workflow",
                        executor.keyPosition("name"),
                        "make them differ in lower-case letters or digits");
            }
            executor(name, executor);
        }
        dependencies.check();
    }

    private void executor(String name, Node.MapNode executor) {
        String type = executor.text("type").orElse(Executor.HELM_RELEASE).toLowerCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            findings.wrong(
                    ErrorCode.WrongValue,
                    "executor '" + name + "' of " + where + " is of type '" + type + "', which there is not",
                    executor,
                    "type",
                    "write one of " + String.join(", ", TYPES));
            return;
        }
        JsonNode json = executor.toJson();
        Executor read = Executor.of(json);
        Optional<String> missing = ExecutorParameters.missing(read);
        missing.ifPresent(what -> findings.error(
                ErrorCode.WorkflowTemplateGenerationFailed,
                "executor '" + name + "' of " + where + ": " + what,
                executor.get("params").isPresent() ? executor.keyPosition("params") : executor.position(),
                type.equals(Executor.KEPTN)
                        ? "set params.configMapRef.name and params.configMapRef.namespace"
                        : "set params.data to what the executor is to be told"));
        if (type.equals(Executor.CUSTOM)) {
            image(name, executor, read);
        }
    }

    private void image(String name, Node.MapNode executor, Executor read) {
        String who = "executor '" + name + "' of " + where;
        if (read.image().path("image").asText("").isEmpty()) {
            findings.error(
                    ErrorCode.WorkflowTemplateGenerationFailed,
                    who + " is custom and names no image",
                    executor.get("image").isPresent() ? executor.keyPosition("image") : executor.position(),
                    "set image.name and image.image");
        } else if (!Labels.isDnsLabel(read.image().path("name").asText(""))) {
            findings.error(
                    ErrorCode.InvalidName,
                    "image.name of " + who + " cannot be the name of a container",
                    executor.keyPosition("image"),
                    "use at most 63 lower-case letters, digits and '-'");
        }
    }
}
