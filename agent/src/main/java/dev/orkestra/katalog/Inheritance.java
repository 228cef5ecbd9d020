package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Optional;

/**
 * What a CRD entry takes from the head of the Katalog that declares it when a Komposer imports that Katalog: the head
 * itself does not reach the composed one.
 *
 * @param katalog where the entry comes from
 */
record Inheritance(Source katalog) {
    private static final List<String> FINALIZERS = List.of("operatorBox", "runtime", "finalizers");

    static Inheritance of(Source katalog) {
        return new Inheritance(katalog);
    }

    Node.MapNode applyTo(Node.MapNode crd) {
        Node.MapNode result = stamp(crd, "katalogName", "name");
        result = stamp(result, "katalogDescription", "description");
        result = stamp(result, "katalogVersion", "version");
        result = stampNamespace(result);
        if (!result.entries().containsKey("crossAccess")) {
            Node.Entry own = katalog.root().entries().get("crossAccess");
            result = own == null ? result : result.with("crossAccess", own);
        }
        Optional<Node.ListNode> finalizers = katalog.spec().flatMap(spec -> spec.list("finalizers"));
        return finalizers.isEmpty()
                ? result
                : Paths.set(
                        result,
                        FINALIZERS,
                        new Node.Entry(
                                finalizers.get().position(),
                                Paths.union(Paths.get(result, FINALIZERS), finalizers.get())));
    }

    private Node.MapNode stamp(Node.MapNode crd, String field, String from) {
        Node.Entry value =
                katalog.metadata().map(metadata -> metadata.entries().get(from)).orElse(null);
        return value == null || crd.entries().containsKey(field) ? crd : crd.with(field, value);
    }

    private Node.MapNode stampNamespace(Node.MapNode crd) {
        Node.MapNode stamped = stamp(crd, "katalogNamespace", "namespace");
        if (stamped.entries().containsKey("katalogNamespace")) {
            return stamped;
        }
        Position position =
                katalog.metadata().map(Node::position).orElse(katalog.root().position());
        return stamped.with("katalogNamespace", new Node.Entry(position, new Node.ScalarNode("default", position)));
    }
}
