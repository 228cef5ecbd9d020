package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Labels and annotations that the API server takes. */
final class LabelRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                            "LabelKey",
                            "a label or annotation has a key that the API server refuses",
                            """
                    The API server refuses every object that gets it. A key is a name of at most 63 letters, digits, '-',
                    '_' and '.', beginning and ending with a letter or digit; a DNS name and '/' may stand before it.""",
                            "Orkestra refuses it as well (validation step 42) in the labels of a CRD; it does not look at those"
                                    + " of resource templates",
                            LabelRules::keys)
                    .about("Katalog", "Motif"),
            Rule.error(
                            "LabelValue",
                            "a label has a value that the API server refuses",
                            """
                    The API server refuses every object that gets it. A value is empty, or at most 63 letters, digits,
                    '-', '_' and '.', beginning and ending with a letter or digit. Longer texts belong in annotations.
                    Templates are not looked at.""",
                            "Orkestra does not look at this",
                            LabelRules::values)
                    .about("Katalog", "Motif"));

    private LabelRules() {}

    private static void keys(View view, Report report) {
        BiConsumer<String, Node.Entry> check = (key, entry) -> {
            // With braces in it, it is a template; the schema says that a key may not be one.
            if (key.indexOf('{') < 0 && key.indexOf('}') < 0 && !LabelSyntax.isKey(key)) {
                report.at(
                        entry.keyPosition(), "'" + key + "' is no key of a label or annotation", LabelSyntax.KEY_HINT);
            }
        };
        view.crds().forEach(crd -> {
            each(crd.node(), "labels", check);
            each(crd.node(), "annotations", check);
        });
        resources(view).forEach(node -> {
            each(node, "labels", check);
            each(node, "annotations", check);
        });
    }

    private static void values(View view, Report report) {
        BiConsumer<String, Node.Entry> check = (key, entry) -> Fields.text(entry.value())
                .filter(text -> !Fields.isTemplate(text) && !LabelSyntax.isValue(text))
                .ifPresent(text -> report.at(
                        entry.value(),
                        "the value of the label '" + key + "' is none that Kubernetes takes",
                        LabelSyntax.VALUE_HINT));
        view.crds().forEach(crd -> each(crd.node(), "labels", check));
        resources(view).forEach(node -> each(node, "labels", check));
    }

    /** A custom resource has its labels in metadata, and rules of its own. */
    private static List<Node.MapNode> resources(View view) {
        return view.resources().stream()
                .filter(resource -> !resource.key().equals("custom"))
                .map(Resource::node)
                .toList();
    }

    private static void each(Node.MapNode holder, String block, BiConsumer<String, Node.Entry> check) {
        holder.map(block).map(Node.MapNode::entries).orElse(Map.of()).forEach(check);
    }
}
