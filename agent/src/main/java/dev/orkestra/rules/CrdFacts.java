package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.rules.KatalogDetails.CrdDetails;
import dev.orkestra.rules.KatalogDetails.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers what there is to tell about one CRD. */
final class CrdFacts {
    /** Orkestra's code, its documentation and its chart disagree about these, so it is told which is which. */
    private record Default(String name, String path, String value, String others) {}

    private static final List<Default> DEFAULTS = List.of(
            new Default("workers", "workers", "3", "the chart sets 2"),
            new Default("resync", "resync", "15s", "the chart sets 30s"),
            new Default("queue.maxDepth", "queue.maxDepth", "unlimited", "the chart sets 500"),
            new Default("queue.failureThreshold", "queue.failureThreshold", "5", "the chart sets 10"));

    private static final int DEEPEST = 100;

    private final Node.MapNode root;
    private final Crd crd;

    private CrdFacts(Node.MapNode root, Crd crd) {
        this.root = root;
        this.crd = crd;
    }

    static CrdDetails of(View view, Crd crd) {
        CrdFacts facts = new CrdFacts(view.root(), crd);
        Optional<ApiTypes> types = crd.map("apiTypes").flatMap(ApiTypes::of);
        List<String> profiles = new ArrayList<>();
        profiles(crd.node(), "", 0, profiles);
        return new CrdDetails(
                crd.name(),
                types.map(ApiTypes::group).orElse(""),
                types.map(ApiTypes::version).orElse(""),
                types.map(ApiTypes::kind).orElse(""),
                types.map(known -> Permissions.plural(crd, known)).orElse(""),
                crd.isNamespaced(),
                Fields.text(crd.node(), "namespace").orElse(""),
                Fields.text(crd.node(), "mode")
                        .orElse(Fields.isSet(crd.node(), "apiTypes.location") ? "typed" : "dynamic"),
                facts.values(),
                facts.protection(),
                facts.waitsFor(),
                profiles,
                Permissions.of(view, crd));
    }

    private List<Value> values() {
        List<Value> values = new ArrayList<>();
        for (Default each : DEFAULTS) {
            values.add(value(each));
        }
        for (String list : List.of("operatorBox.preReconcile.external", "admission.validation.external")) {
            for (Node.MapNode call : Fields.maps(crd.node(), list)) {
                String name = "timeout of " + Fields.text(call, "name").orElse("an external call");
                values.add(Fields.get(call, "timeout")
                        .map(CrdFacts::shown)
                        .map(text -> new Value(name, text, ""))
                        .orElse(new Value(name, "10s", "default; the documentation says 5s")));
            }
        }
        return values;
    }

    /** What is written, else what the profile says, else the default. */
    private Value value(Default known) {
        Optional<String> written = set(crd.node(), "operatorBox.reconcile." + known.path());
        if (written.isPresent()) {
            return new Value(known.name(), written.get(), "");
        }
        Optional<String> profile = Fields.plainText(crd.node(), "operatorBox.reconcile.profile");
        if (profile.isEmpty()) {
            return new Value(known.name(), known.value(), "default; " + known.others());
        }
        Optional<Node.MapNode> declared = Fields.maps(root, "profiles.reconciler").stream()
                .filter(each -> Fields.text(each, "name").equals(profile))
                .findFirst();
        return declared.flatMap(each -> set(each, known.path()))
                .map(text -> new Value(known.name(), text, "profile " + profile.get()))
                .orElse(new Value(
                        known.name(),
                        known.value(),
                        declared.isPresent()
                                ? "default; " + known.others()
                                : "default, unless the profile " + profile.get() + " sets it; " + known.others()));
    }

    /** A depth of 0 is the runtime's word for none. */
    private static Optional<String> set(Node.MapNode map, String path) {
        return Fields.get(map, path)
                .filter(node -> node instanceof Node.ScalarNode(Object value, var _) && value != null)
                .map(CrdFacts::shown)
                .filter(text -> !path.endsWith("maxDepth") || !text.equals("0"));
    }

    private static String shown(Node node) {
        return node instanceof Node.ScalarNode(Object value, var _) ? String.valueOf(value) : "";
    }

    private List<String> protection() {
        List<String> words = new ArrayList<>();
        crd.map("operatorBox.runtime.deletionProtection").ifPresent(protection -> {
            if (protection.isTrue("protectCRD")) {
                words.add("the definition is not deleted");
            }
            if (protection.isTrue("protectCRs")) {
                words.add("its objects are not deleted");
            }
            if (protection.isTrue("strictMode")) {
                words.add("strict");
            }
        });
        namespaces("restrictedNamespaces", "never in ", words);
        namespaces("allowedNamespaces", "only in ", words);
        return words;
    }

    private void namespaces(String key, String words, List<String> all) {
        List<String> names = Fields.items(crd.node(), "operatorBox.runtime." + key).stream()
                .flatMap(node -> Fields.text(node).stream())
                .toList();
        if (!names.isEmpty()) {
            all.add(words + String.join(", ", names));
        }
    }

    private List<String> waitsFor() {
        Node dependsOn = crd.get("dependsOn").orElse(null);
        return Dependency.of(crd.node()).stream()
                .map(dependency -> dependency.target() + ": " + condition(dependsOn, dependency))
                .toList();
    }

    private static String condition(@Nullable Node dependsOn, Dependency dependency) {
        if (dependsOn instanceof Node.MapNode map) {
            for (Node.Entry entry : map.entries().values()) {
                if (entry.keyPosition().equals(dependency.position())) {
                    return Fields.text(entry.value())
                            .or(() -> entry.value() instanceof Node.MapNode more
                                    ? Fields.text(more, "condition")
                                    : Optional.empty())
                            .orElse("started");
                }
            }
        }
        return "started";
    }

    private static void profiles(Node node, String path, int depth, List<String> found) {
        if (depth > DEEPEST) {
            return;
        }
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> {
                    String here = path.isEmpty() ? key : path + "." + key;
                    if (key.equals("profile")) {
                        Fields.text(entry.value()).ifPresent(name -> found.add(path + ": " + name));
                    }
                    profiles(entry.value(), here, depth + 1, found);
                });
            case Node.ListNode list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    profiles(list.items().get(i), path + "[" + i + "]", depth + 1, found);
                }
            }
            case Node.ScalarNode _ -> {}
        }
    }
}
