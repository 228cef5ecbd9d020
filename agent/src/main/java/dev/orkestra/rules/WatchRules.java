package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Other kinds whose changes count. What a watch must have, and the words it may use, is said by the schema. */
final class WatchRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "WatchTwice",
                    "a CRD watches the same objects twice",
                    """
                    Each change would come in twice, and only one of the entries' keyFrom, on and enqueueGate can hold.
                    Merge them into one. The operatorBoxes of serve targets count as well.""",
                    "Orkestra refuses it as well (validation step 41)",
                    WatchRules::twice),
            Rule.error(
                    "WatchKeyNamespace",
                    "a watch takes the key from a label, and names a namespace beside it",
                    """
                    The label's value holds the namespace itself, as namespace/name, so this one has no effect. Remove
                    it.""",
                    "Orkestra refuses it as well (validation step 41)",
                    WatchRules::keyNamespace));

    private WatchRules() {}

    private record Watched(String apiVersion, String kind, String namespace, String name) {
        static Watched of(Node.MapNode watch) {
            return new Watched(
                    watch.text("apiVersion").orElse(""),
                    watch.text("kind").orElse(""),
                    watch.text("namespace").orElse(""),
                    watch.text("name").orElse(""));
        }

        String shown() {
            String where = namespace.isEmpty() ? name : namespace + (name.isEmpty() ? "" : "/" + name);
            return apiVersion + " " + kind + (where.isEmpty() ? "" : " " + where);
        }
    }

    private static List<Node.MapNode> watches(Crd crd) {
        return crd.boxes().values().stream()
                .flatMap(box -> Fields.maps(box, "observe.watch").stream())
                .toList();
    }

    private static void twice(View view, Report report) {
        for (Crd crd : view.crds()) {
            Map<Watched, Position> first = new HashMap<>();
            for (Node.MapNode watch : watches(crd)) {
                Watched watched = Watched.of(watch);
                if (watched.apiVersion().isEmpty() || watched.kind().isEmpty()) {
                    continue;
                }
                Position other = first.putIfAbsent(watched, watch.position());
                if (other != null) {
                    report.at(
                            watch,
                            "'" + crd.name() + "' watches " + watched.shown() + " twice; the first at " + other,
                            "merge the two");
                }
            }
        }
    }

    private static void keyNamespace(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Node.MapNode watch : watches(crd)) {
                watch.map("keyFrom")
                        .filter(key -> Fields.isSet(key, "label")
                                && !Fields.isSet(key, "name")
                                && Fields.isSet(key, "namespace"))
                        .ifPresent(key -> report.at(
                                key,
                                "namespace",
                                "'namespace' has no effect beside 'label', which holds the namespace as well",
                                "remove it"));
            }
        }
    }
}
