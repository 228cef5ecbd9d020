package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A document of one of the five kinds as it is written.
 *
 * @param location where it stands
 * @param kind one of {@link #KINDS}
 * @param root the whole document
 */
record Source(Location location, String kind, Node.MapNode root) {
    static final String API_VERSION = "orkestra.orkspace.io/v1";
    static final java.util.Set<String> KINDS = java.util.Set.of("Katalog", "Komposer", "Motif", "Simulate", "E2E");

    boolean isKomposer() {
        return kind.equals("Komposer");
    }

    String kindWithArticle() {
        return (kind.startsWith("E") ? "an " : "a ") + kind;
    }

    Source withRoot(Node.MapNode other) {
        return new Source(location, kind, other);
    }

    Optional<Node.MapNode> metadata() {
        return root.map("metadata");
    }

    Optional<Node.MapNode> spec() {
        return root.map("spec");
    }

    /** The entries under {@code spec.crds} as written; empty where there are none. */
    Map<String, Node.Entry> crds() {
        return spec().flatMap(spec -> spec.map("crds"))
                .map(Node.MapNode::entries)
                .orElse(Map.of());
    }

    /** A CRD's name as the runtime knows it: lower case, without blanks (upstream's rule). */
    static String normalised(String name) {
        return name.toLowerCase(Locale.ROOT).replace(" ", "");
    }
}
