package dev.orkestra.katalog;

import static dev.orkestra.katalog.GenerationPlace.*;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which place stands under which key, in the newest layout (orkspace-katalog.md §1 and §7). */
final class GenerationGrammar {
    /** How a place stands under its key. */
    enum Shape {
        /** The value itself. */
        ONE,
        /** Each item of a list. */
        ITEMS,
        /** Each value of a mapping whose keys are names that the user gives. */
        VALUES,
        /** Each value of each item: a list of mappings with one name each. */
        VALUES_OF_ITEMS
    }

    record Child(String key, Shape shape, GenerationPlace place) {}

    private static final List<String> RESOURCE_LISTS = List.of(
            "deployments",
            "replicaSets",
            "statefulSets",
            "daemonSets",
            "pods",
            "jobs",
            "cronJobs",
            "services",
            "ingresses",
            "networkPolicies",
            "configMaps",
            "secrets",
            "serviceAccounts",
            "persistentVolumes",
            "persistentVolumeClaims",
            "hpa",
            "pdb",
            "namespaces",
            "roles",
            "roleBindings",
            "clusterRoles",
            "clusterRoleBindings",
            "limitRanges",
            "resourceQuotas",
            "custom");

    /** Where {@code when} and {@code or} stand; those of operatorBox itself have a place of their own today. */
    static final Set<GenerationPlace> CONDITIONED = Set.of(GATE, HOOK_BLOCK, MOTIF_RESOURCES, RESOURCE, CONDITIONS);

    private static final Map<GenerationPlace, List<Child>> CHILDREN = children();

    private GenerationGrammar() {}

    static List<Child> below(GenerationPlace place) {
        return CHILDREN.getOrDefault(place, List.of());
    }

    private static Map<GenerationPlace, List<Child>> children() {
        Map<GenerationPlace, List<Child>> all = new EnumMap<>(GenerationPlace.class);
        documents(all);
        crds(all);
        operatorBox(all);
        resources(all);
        return all;
    }

    private static void documents(Map<GenerationPlace, List<Child>> all) {
        all.put(KATALOG, List.of(one("spec", SPEC), one("profiles", PROFILES)));
        all.put(
                MOTIF,
                List.of(
                        one("resources", MOTIF_RESOURCES),
                        one("status", STATUS),
                        one("admission", ADMISSION),
                        one("profiles", PROFILES)));
        all.put(E2E, List.of(one("spec", E2E_SPEC)));
        all.put(E2E_SPEC, List.of(items("expect", CONDITIONS)));
        all.put(SPEC, List.of(values("crds", CRD)));
        all.put(PROFILES, List.of(values("reconciler", RECONCILE)));
    }

    private static void crds(Map<GenerationPlace, List<Child>> all) {
        all.put(
                CRD,
                List.of(
                        one("apiTypes", API_TYPES),
                        one("operatorBox", OPERATOR_BOX),
                        one("admission", ADMISSION),
                        one("serve", SERVE),
                        new Child("enrich", Shape.VALUES_OF_ITEMS, CONDITIONS)));
        all.put(
                SERVE,
                List.of(
                        values("fields", CONDITIONS),
                        values("labels", CONDITIONS),
                        values("annotations", CONDITIONS),
                        values("target", SERVE_TARGET)));
        all.put(SERVE_TARGET, List.of(one("operatorBox", OPERATOR_BOX)));
        all.put(ADMISSION, List.of(one("validation", RULES), one("mutation", RULES)));
        all.put(RULES, List.of(items("external", CONDITIONS), items("rules", CONDITIONS)));
    }

    private static void operatorBox(Map<GenerationPlace, List<Child>> all) {
        all.put(
                OPERATOR_BOX,
                List.of(
                        one("observe", OBSERVE),
                        one("preReconcile", PRE_RECONCILE),
                        one("runtime", RUNTIME),
                        one("reconcile", RECONCILE),
                        one("emit", EMIT)));
        all.put(OBSERVE, List.of(items("cross", CROSS), items("watch", WATCH), values("events", WATCH)));
        all.put(WATCH, List.of(one("enqueueGate", GATE)));
        all.put(
                PRE_RECONCILE,
                List.of(items("external", CONDITIONS), one("enqueueGate", GATE), one("reconcileGate", GATE)));
        all.put(GATE, List.of(items("external", CONDITIONS)));
        all.put(RUNTIME, List.of(one("autoscale", AUTOSCALE), one("cleanup", CONDITIONS)));
        all.put(AUTOSCALE, List.of(one("conditions", CONDITIONS)));
        all.put(
                RECONCILE,
                List.of(
                        one("hooks", HOOKS),
                        one("constructor", CONSTRUCTOR),
                        one("queue", QUEUE),
                        one("requeue", CONDITIONS),
                        one("onCreate", HOOK_BLOCK),
                        one("onReconcile", HOOK_BLOCK),
                        one("onDelete", HOOK_BLOCK)));
        all.put(HOOKS, List.of(items("external", CONDITIONS)));
        all.put(QUEUE, List.of(one("behaviour", QUEUE_BEHAVIOUR)));
        all.put(QUEUE_BEHAVIOUR, List.of(one("onLimit", CONDITIONS), one("onThreshold", CONDITIONS)));
        all.put(EMIT, List.of(one("status", STATUS), values("events", CONDITIONS)));
        all.put(STATUS, List.of(items("fields", CONDITIONS)));
    }

    private static void resources(Map<GenerationPlace, List<Child>> all) {
        List<Child> block = new ArrayList<>();
        RESOURCE_LISTS.forEach(key -> block.add(items(key, RESOURCE)));
        block.add(items("external", CONDITIONS));
        block.add(items("groups", HOOK_BLOCK));
        all.put(HOOK_BLOCK, List.copyOf(block));
        for (String key : List.of("onCreate", "onReconcile", "onDelete")) {
            block.add(one(key, HOOK_BLOCK));
        }
        all.put(MOTIF_RESOURCES, List.copyOf(block));
        all.put(RESOURCE, List.of(one("autoscale", RESOURCE_AUTOSCALE)));
        all.put(RESOURCE_AUTOSCALE, List.of(one("scaleUp", RESOURCE_SCALE), one("scaleDown", RESOURCE_SCALE)));
        all.put(RESOURCE_SCALE, List.of(one("conditions", CONDITIONS)));
    }

    private static Child one(String key, GenerationPlace place) {
        return new Child(key, Shape.ONE, place);
    }

    private static Child items(String key, GenerationPlace place) {
        return new Child(key, Shape.ITEMS, place);
    }

    private static Child values(String key, GenerationPlace place) {
        return new Child(key, Shape.VALUES, place);
    }
}
