package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.stream.Stream;

/** The rules of {@code admission}, of all CRDs or of a Motif. */
final class Admissions {
    private Admissions() {}

    static Stream<Node.MapNode> validationRules(View view) {
        return rules(view, "admission.validation.rules");
    }

    static Stream<Node.MapNode> mutationRules(View view) {
        return rules(view, "admission.mutation.rules");
    }

    private static Stream<Node.MapNode> rules(View view, String path) {
        Stream<Node.MapNode> holders = view.kind().equals("Motif")
                ? Stream.of(view.root())
                : view.crds().stream().map(Crd::node);
        return holders.flatMap(holder -> Fields.maps(holder, path).stream());
    }
}
