package dev.orkestra.katalog;

import static dev.orkestra.katalog.GenerationPlace.*;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All keys that have moved between the three generations of the format (orkspace-katalog.md §0.2). Versions are
 * upstream's, from its list of changes. {@code docs/generations.md} shows this table, and a test holds the two equal.
 */
final class MovedKeys {
    private static final String FIVE_SECTIONS = "v0.7.18";

    /** The table without the rows of {@link #RECONCILER_OF_CRD}. */
    static final List<MovedKey> DOCUMENTED = documented();

    /** The oldest documents have operatorBox under the name reconciler; its keys have moved further since. */
    private static final List<MovedKey> RECONCILER_OF_CRD = reconcilerOfCrd();

    private static final Map<GenerationPlace, List<MovedKey>> BY_PLACE = byPlace();

    private MovedKeys() {}

    /** The keys that moved out of {@code place} or within it, in the order in which to move them. */
    static List<MovedKey> of(GenerationPlace place) {
        return BY_PLACE.getOrDefault(place, List.of());
    }

    private static List<MovedKey> documented() {
        List<MovedKey> keys = new ArrayList<>();
        keys.add(moved(KATALOG, "sources", "imports", ""));
        keys.add(moved(KATALOG, "metadata.deprecation", "lifecycle.deprecation", "v0.7.17"));
        keys.add(moved(KATALOG, "security.gatewayEndpoint", "gateway.endpoint", "v0.7.17"));
        crd(keys);
        operatorBox(keys);
        keys.add(moved(API_TYPES, "list", "objectList", ""));
        keys.add(moved(CROSS, "labels", "labelSelector", "v0.7.17"));
        keys.add(moved(CROSS, "source.type", "source.protocol", "v0.7.17"));
        keys.add(moved(CROSS, "source.token", "source.auth.token", ""));
        keys.add(moved(CROSS, "kind", "crd", ""));
        keys.add(moved(HOOKS, "resources", "managedResources", "v0.7.16"));
        keys.add(moved(CONSTRUCTOR, "resources", "managedResources", "v0.7.16"));
        keys.add(moved(RECONCILE, "retryBackoff", "queue.retryBackoff", ""));
        keys.add(moved(QUEUE, "maxQueueDepth", "maxDepth", ""));
        keys.add(moved(QUEUE, "degradeThreshold", "failureThreshold", ""));
        keys.add(moved(QUEUE, "default", "shared", ""));
        GenerationGrammar.CONDITIONED.stream()
                .sorted()
                .forEach(place -> keys.add(moved(place, "anyOf", "or", "v0.7.16")));
        return List.copyOf(keys);
    }

    private static void crd(List<MovedKey> keys) {
        for (String key : List.of("workers", "resync", "queue", "normalize", "imports", "forceConflict")) {
            keys.add(moved(CRD, key, "operatorBox.reconcile." + key, FIVE_SECTIONS));
        }
        for (String key : List.of(
                "finalizers",
                "removeFinalizers",
                "deletionProtection",
                "restrictedNamespaces",
                "allowedNamespaces",
                "ignoreStatusPatch",
                "ignoreObservedGeneration")) {
            keys.add(moved(CRD, key, "operatorBox.runtime." + key, FIVE_SECTIONS));
        }
        keys.add(moved(CRD, "cross", "operatorBox.observe.cross", FIVE_SECTIONS));
        for (String key : List.of("validation", "mutation", "conversion", "webhooks")) {
            keys.add(moved(CRD, key, "admission." + key, FIVE_SECTIONS));
        }
        keys.add(moved(CRD, "reconciler", "operatorBox", ""));
        keys.add(dropped(CRD, "critical", ""));
    }

    private static void operatorBox(List<MovedKey> keys) {
        // The whole block first: what stands in it then counts as written in the new place.
        keys.add(moved(OPERATOR_BOX, "reconciler", "reconcile", FIVE_SECTIONS));
        for (String key : List.of(
                "default",
                "hooks",
                "constructor",
                "profile",
                "workers",
                "resync",
                "queue",
                "requeue",
                "imports",
                "providers",
                "onCreate",
                "onReconcile",
                "onDelete")) {
            keys.add(moved(OPERATOR_BOX, key, "reconcile." + key, FIVE_SECTIONS));
        }
        keys.add(moved(OPERATOR_BOX, "retryBackoff", "reconcile.queue.retryBackoff", FIVE_SECTIONS));
        keys.add(moved(OPERATOR_BOX, "status", "emit.status", FIVE_SECTIONS));
        keys.add(moved(OPERATOR_BOX, "cross", "observe.cross", FIVE_SECTIONS));
        keys.add(moved(OPERATOR_BOX, "watch", "observe.watch", ""));
        keys.add(moved(OPERATOR_BOX, "events", "observe.events", ""));
        keys.add(moved(OPERATOR_BOX, "finalizers", "runtime.finalizers", FIVE_SECTIONS));
        keys.add(moved(OPERATOR_BOX, "autoscale", "runtime.autoscale", FIVE_SECTIONS));
        keys.add(moved(OPERATOR_BOX, "when", "runtime.cleanup.when", FIVE_SECTIONS));
        keys.add(moved(OPERATOR_BOX, "or", "runtime.cleanup.or", FIVE_SECTIONS));
        keys.add(moved(OPERATOR_BOX, "anyOf", "runtime.cleanup.or", FIVE_SECTIONS));
        keys.add(dropped(OPERATOR_BOX, "rollback", FIVE_SECTIONS));
        keys.add(dropped(OPERATOR_BOX, "rollBackOnError", FIVE_SECTIONS));
    }

    private static List<MovedKey> reconcilerOfCrd() {
        List<MovedKey> keys = new ArrayList<>();
        for (MovedKey key : DOCUMENTED) {
            if (key.place() == OPERATOR_BOX) {
                keys.add(new MovedKey(
                        CRD,
                        below("reconciler", key.from()),
                        key.isDropped() ? List.of() : below("operatorBox", key.to()),
                        key.since()));
            }
        }
        return List.copyOf(keys);
    }

    private static Map<GenerationPlace, List<MovedKey>> byPlace() {
        Map<GenerationPlace, List<MovedKey>> byPlace = new EnumMap<>(GenerationPlace.class);
        // Before the row of reconciler itself, which takes what is left.
        RECONCILER_OF_CRD.forEach(key ->
                byPlace.computeIfAbsent(key.place(), _ -> new ArrayList<>()).add(key));
        DOCUMENTED.forEach(key ->
                byPlace.computeIfAbsent(key.place(), _ -> new ArrayList<>()).add(key));
        byPlace.replaceAll((_, keys) -> List.copyOf(keys));
        return byPlace;
    }

    private static MovedKey moved(GenerationPlace place, String from, String to, String since) {
        return new MovedKey(place, List.of(from.split("\\.", -1)), List.of(to.split("\\.", -1)), since);
    }

    private static MovedKey dropped(GenerationPlace place, String from, String since) {
        return new MovedKey(place, List.of(from), List.of(), since);
    }

    private static List<String> below(String first, List<String> rest) {
        List<String> path = new ArrayList<>();
        path.add(first);
        path.addAll(rest);
        return path;
    }
}
