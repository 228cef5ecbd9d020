package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup.Executor;
import dev.orkestra.group.ExecutorParameters;
import dev.orkestra.group.ReleaseGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The templates of a Workflow that do the work, one for each kind of executor, direction and image that the graph has.
 * Azure Orkestra had one for each kind and direction, so all custom executors of a group ran the image that was met
 * first.
 */
final class ExecutorTemplates {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> REACHING = List.of("envFrom", "volumeMounts", "volumeDevices", "securityContext");

    private final GroupSettings settings;
    private final Identity identity;
    /** Name by {@link #key}; sorted, so that the same graph gives the same names. */
    private final Map<String, Named> templates = new TreeMap<>();

    private record Named(String name, ReleaseGraph.Step step) {}

    ExecutorTemplates(ReleaseGraph graph, GroupSettings settings, Identity identity) {
        this.settings = settings;
        this.identity = identity;
        Map<String, ReleaseGraph.Step> found = new TreeMap<>();
        graph.applications().values().stream()
                .flatMap(application -> application.tasks().values().stream())
                .flatMap(task -> task.steps().values().stream())
                .forEach(step -> found.putIfAbsent(key(step), step));
        Map<String, Integer> used = new TreeMap<>();
        found.forEach((key, step) -> {
            String plain = plainName(step);
            int count = used.merge(plain, 1, Integer::sum);
            templates.put(key, new Named(count == 1 ? plain : plain + "-" + count, step));
        });
    }

    /**
     * Why custom executors of {@code graph} cannot be run. Argo makes their pods in the agent's own namespace, so a
     * container that reads Secrets by name, mounts something or wants more of its node could take the agent's place. The
     * embedded engine runs them where the release is, with the rights of the group's identity.
     */
    static Optional<String> trouble(ReleaseGraph graph, GroupSettings settings) {
        if (settings.instanceId().equals(GroupSettings.EMBEDDED)) {
            return Optional.empty();
        }
        return graph.applications().values().stream()
                .flatMap(application -> application.tasks().values().stream())
                .flatMap(task -> task.steps().values().stream())
                .filter(step -> step.type().equals(Executor.CUSTOM))
                .filter(step -> reachesOut(step.executor().image()))
                .map(step -> "executor '" + step.name()
                        + "': with Argo a custom image may have no env.valueFrom, envFrom,"
                        + " volumeMounts, volumeDevices or securityContext, since its pod lies beside the agent")
                .findFirst();
    }

    private static boolean reachesOut(ObjectNode image) {
        return REACHING.stream().anyMatch(image::has)
                || !image.path("env").findValues("valueFrom").isEmpty();
    }

    /** Name of the template that carries {@code step} out. */
    String nameOf(ReleaseGraph.Step step) {
        Named named = templates.get(key(step));
        if (named == null) {
            throw new IllegalArgumentException("the step is not of the graph: " + step.name());
        }
        return named.name;
    }

    /** All templates, sorted by name. */
    List<ObjectNode> all() {
        List<ObjectNode> all = new ArrayList<>();
        templates.values().stream()
                .sorted(java.util.Comparator.comparing(Named::name))
                .forEach(named -> all.add(template(named.name, named.step)));
        return all;
    }

    private static String key(ReleaseGraph.Step step) {
        boolean custom = step.type().equals(Executor.CUSTOM);
        return plainName(step) + (custom ? CanonicalJson.text(step.executor().image()) : "");
    }

    private static String plainName(ReleaseGraph.Step step) {
        return step.type() + (step.action() == ReleaseGraph.Action.INSTALL ? "-forward-executor" : "-reverse-executor");
    }

    private ObjectNode template(String name, ReleaseGraph.Step step) {
        ObjectNode template = JSON.objectNode();
        template.put("name", name);
        template.put("serviceAccountName", settings.serviceAccount());
        template.putObject("executor").put("serviceAccountName", settings.serviceAccount());
        if (step.type().equals(Executor.CUSTOM)) {
            // Somebody else's image: Argo's own part of the pod gets the token, the container does not.
            template.put("automountServiceAccountToken", false);
        }
        ArrayNode parameters = template.putObject("inputs").putArray("parameters");
        parameters.addObject().put("name", "helmrelease");
        parameters.addObject().put("name", "timeout").put("default", "5m");
        List<String> own = List.copyOf(ExecutorParameters.of(step.executor()).keySet());
        own.forEach(parameter -> parameters.addObject().put("name", parameter));
        template.set("container", container(name, step));
        boolean pod =
                step.type().equals(Executor.CUSTOM) || !settings.instanceId().equals(GroupSettings.EMBEDDED);
        if (pod && !settings.retries().isEmpty()) {
            // A node or a connection that was lost; a release that failed has said so, and fails the step for good. In
            // the
            // agent's own process a step asks again by itself, and each retry would be a further node in the status.
            template.putObject("retryStrategy").put("limit", settings.retries()).put("retryPolicy", "OnError");
        }
        return template;
    }

    private ObjectNode container(String name, ReleaseGraph.Step step) {
        ObjectNode container = JSON.objectNode();
        switch (step.type()) {
            case Executor.CUSTOM -> container.setAll(step.executor().image().deepCopy());
            case Executor.KEPTN ->
                container
                        .put("name", name)
                        .put("image", settings.executorImage())
                        .set("command", command("keptn"));
            default ->
                container
                        .put("name", "executor")
                        .put("image", settings.executorImage())
                        .set("command", command("helmrelease"));
        }
        container.set("args", arguments(step));
        boolean ours = !step.type().equals(Executor.CUSTOM);
        if (ours && !settings.instanceId().equals(GroupSettings.EMBEDDED)) {
            // Argo's pod has an account of its own; what it does in the cluster it does in the group's name.
            container.putArray("env").addObject().put("name", "ORK_IDENTITY").put("value", identity.toString());
        }
        return container;
    }

    private ArrayNode command(String executor) {
        ArrayNode command = JSON.arrayNode();
        settings.executorCommand().forEach(command::add);
        return command.add("executor").add(executor);
    }

    /** To the letter those of Azure Orkestra, so that its custom images go on working. */
    private static ArrayNode arguments(ReleaseGraph.Step step) {
        List<String> arguments = new ArrayList<>(List.of("--spec", "{{inputs.parameters.helmrelease}}"));
        arguments.addAll(List.of("--action", step.action() == ReleaseGraph.Action.INSTALL ? "install" : "delete"));
        switch (step.type()) {
            case Executor.KEPTN -> {
                arguments.addAll(List.of("--configmap-name", "{{inputs.parameters.configMapName}}"));
                arguments.addAll(List.of("--configmap-namespace", "{{inputs.parameters.configMapNamespace}}"));
            }
            case Executor.CUSTOM -> arguments.addAll(List.of("--data", "{{inputs.parameters.data}}"));
            default -> {
                // Nothing more.
            }
        }
        arguments.addAll(List.of("--timeout", "{{inputs.parameters.timeout}}", "--interval", "1s"));
        ArrayNode array = JSON.arrayNode();
        arguments.forEach(array::add);
        return array;
    }
}
