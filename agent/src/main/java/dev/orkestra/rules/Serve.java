package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The self-service of a CRD, as its rules look at it. */
final class Serve {
    private Serve() {}

    static boolean isEnabled(Crd crd) {
        return Fields.flag(crd.node(), "serve.enabled").orElse(false);
    }

    /** Whether objects may be sent in as fields for a target. */
    static boolean takesTargets(Crd crd) {
        return Fields.flag(crd.node(), "serve.modes.target").orElse(true);
    }

    /** Whether whole objects may be sent in. */
    static boolean takesObjects(Crd crd) {
        return Fields.flag(crd.node(), "serve.modes.cr").orElse(true);
    }

    /** The targets with settings of their own, by name; none where there is one name only. */
    static Map<String, Node.MapNode> targets(Crd crd) {
        Map<String, Node.MapNode> targets = new LinkedHashMap<>();
        crd.map("serve.target")
                .ifPresent(map -> map.entries().forEach((name, entry) -> {
                    if (entry.value() instanceof Node.MapNode target) {
                        targets.put(name, target);
                    }
                }));
        return targets;
    }

    /** The name of a CRD whose {@code serve} names no target: its kind in lower case. */
    static Optional<String> defaultTarget(Crd crd) {
        return Fields.plainText(crd.node(), "apiTypes.kind").map(kind -> kind.toLowerCase(Locale.ROOT));
    }
}
