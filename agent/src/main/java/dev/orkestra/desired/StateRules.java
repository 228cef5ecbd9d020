package dev.orkestra.desired;

import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.RepositoryRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is unwise about the objects of an environment together, or about the order they come in. */
final class StateRules {
    private static final String KATALOG = "orkestra-katalog";

    /** Fields that name a ConfigMap by their key {@code name}, in pod templates; and the value of the runtime's chart. */
    private static final Set<String> CONFIG_MAP = Set.of("configMap", "configMapRef", "configMapKeyRef");

    private static final String CHART_VALUE = "existingConfigMap";

    private final List<DesiredObject> objects;
    private final List<Hook> hooks;
    private final Map<ObjectKey, Node.MapNode> sources;
    private final List<Diagnostic> findings = new ArrayList<>();

    private StateRules(List<DesiredObject> objects, List<Hook> hooks, Map<ObjectKey, Node.MapNode> sources) {
        this.objects = objects;
        this.hooks = hooks;
        this.sources = sources;
    }

    /**
     * Looks at all of them.
     *
     * @param sources the documents of those that stand in a file
     */
    static List<Diagnostic> check(List<DesiredObject> objects, List<Hook> hooks, Map<ObjectKey, Node.MapNode> sources) {
        StateRules rules = new StateRules(objects, hooks, sources);
        rules.clearSecrets();
        rules.katalog();
        rules.definitions();
        rules.namespaces();
        return rules.findings;
    }

    private void clearSecrets() {
        sources.forEach((key, root) -> {
            // What SOPS encrypted carries its notes in a field of its own.
            if (key.kind().equals("Secret")
                    && key.group().isEmpty()
                    && root.get("sops").isEmpty()) {
                for (String field : List.of("stringData", "data")) {
                    root.map(field)
                            .filter(data -> !data.entries().isEmpty())
                            .ifPresent(_ -> findings.add(RepositoryRules.finding(
                                    RepositoryRules.CLEAR_SECRET,
                                    root.keyPosition(field),
                                    key + " stands here in clear",
                                    "let an operator make it, or commit it encrypted; and change the value")));
                }
            }
        });
    }

    private void katalog() {
        Optional<Wave> wave = objects.stream()
                .filter(object -> object.key().kind().equals("ConfigMap")
                        && object.key().name().equals(KATALOG))
                .map(DesiredObject::wave)
                .findFirst();
        for (DesiredObject object : objects) {
            Node.MapNode root = sources.get(object.key());
            if (root != null
                    && wave.filter(each -> object.wave().compareTo(each) < 0).isPresent()) {
                waitsForKatalog(root)
                        .ifPresent(position -> findings.add(RepositoryRules.finding(
                                RepositoryRules.KATALOG_AFTER_RUNTIME,
                                position,
                                object.key() + " in wave " + object.wave() + " waits for the ConfigMap " + KATALOG
                                        + ", which comes in wave " + wave.get(),
                                "put it into wave " + wave.get() + " or a later one")));
            }
        }
    }

    private static Optional<Position> waitsForKatalog(Node node) {
        return switch (node) {
            case Node.MapNode map ->
                map.entries().entrySet().stream()
                        .flatMap(entry -> (names(
                                                entry.getKey(), entry.getValue().value())
                                        ? Optional.of(entry.getValue().keyPosition())
                                        : waitsForKatalog(entry.getValue().value()))
                                .stream())
                        .findFirst();
            case Node.ListNode list ->
                list.items().stream()
                        .flatMap(item -> waitsForKatalog(item).stream())
                        .findFirst();
            case Node.ScalarNode _ -> Optional.empty();
        };
    }

    private static boolean names(String key, Node value) {
        return key.equals(CHART_VALUE) && value instanceof Node.ScalarNode(Object text, var _) && KATALOG.equals(text)
                || CONFIG_MAP.contains(key)
                        && value instanceof Node.MapNode map
                        && map.text("name").filter(KATALOG::equals).isPresent();
    }

    private void definitions() {
        Map<String, DesiredObject> byKind = new HashMap<>();
        for (DesiredObject object : objects) {
            if (object.key().kind().equals("CustomResourceDefinition")) {
                byKind.put(
                        object.body().at("/spec/group").asText() + "/"
                                + object.body().at("/spec/names/kind").asText(),
                        object);
            }
        }
        for (DesiredObject object : objects) {
            DesiredObject definition =
                    byKind.get(object.key().group() + "/" + object.key().kind());
            if (definition != null && object.wave().compareTo(definition.wave()) < 0) {
                findings.add(RepositoryRules.finding(
                        RepositoryRules.DEFINITION_AFTER_RESOURCE,
                        object.origin(),
                        object.key() + " comes in wave " + object.wave() + ", and its definition in wave "
                                + definition.wave() + " (" + definition.origin() + ")",
                        "put the definition into wave " + object.wave() + " or an earlier one"));
            }
        }
    }

    private void namespaces() {
        Map<String, DesiredObject> byName = new HashMap<>();
        for (DesiredObject object : objects) {
            if (object.key().kind().equals("Namespace") && object.key().group().isEmpty()) {
                byName.put(object.key().name(), object);
            }
        }
        objects.forEach(object -> afterItsNamespace(object.key(), object.wave(), object.origin(), byName));
        hooks.forEach(hook -> afterItsNamespace(hook.key(), hook.wave(), hook.origin(), byName));
    }

    private void afterItsNamespace(ObjectKey key, Wave wave, Position origin, Map<String, DesiredObject> namespaces) {
        DesiredObject namespace = namespaces.get(key.namespace());
        if (namespace != null && wave.compareTo(namespace.wave()) < 0) {
            findings.add(RepositoryRules.finding(
                    RepositoryRules.NAMESPACE_AFTER_OBJECT,
                    origin,
                    key + " comes in wave " + wave + ", and its namespace in wave " + namespace.wave() + " ("
                            + namespace.origin() + ")",
                    "put the namespace into wave " + wave + " or an earlier one"));
        }
    }
}
