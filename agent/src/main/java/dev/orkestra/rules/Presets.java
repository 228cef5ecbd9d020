package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Presets that a field named {@code profile} can name, by what they are for: those of the runtime (Orkestra's package
 * {@code profiles}, v0.7.18), and those that the document declares itself.
 */
enum Presets {
    RECONCILER("reconciler", false, List.of("high-throughput", "conservative", "development")),
    /** Nobody can declare more of these. */
    AUTOSCALE("", false, List.of("burst", "steady", "batch", "latency-sensitive", "cost-optimized")),
    RESOURCES(
            "resources",
            false,
            List.of("tiny", "small", "medium", "large", "burst", "steady", "compute-heavy", "memory-heavy")),
    PROBES("probes", true, List.of("fast", "standard", "patient", "slow-start")),
    CONTAINER_SECURITY("containerSecurity", false, List.of("baseline", "restricted", "hardened")),
    POD_SECURITY("podSecurity", false, List.of("baseline", "restricted", "hardened")),
    HPA("hpa", false, List.of("web", "api", "latency-sensitive", "batch", "cost-optimized")),
    PDB("pdb", false, List.of("zero-downtime", "rolling", "relaxed")),
    ROLLING_UPDATE("rollingUpdate", false, List.of("safe", "fast", "blue-green")),
    NETWORK_POLICIES(
            "networkPolicies",
            false,
            List.of("deny-all", "deny-all-ingress", "deny-all-egress", "allow-same-namespace", "allow-dns-egress")),
    RESOURCE_QUOTAS("resourceQuotas", false, List.of("small", "medium", "large", "xlarge")),
    /** None is built in. */
    LIMIT_RANGES("limitRanges", false, List.of());

    private final String declaredUnder;
    private final boolean caseCounts;
    private final List<String> builtIn;

    /**
     * One kind of preset.
     *
     * @param declaredUnder the list under {@code profiles}; empty when there is none
     * @param caseCounts whether the runtime takes a built-in name only as it is written here
     */
    Presets(String declaredUnder, boolean caseCounts, List<String> builtIn) {
        this.declaredUnder = declaredUnder;
        this.caseCounts = caseCounts;
        this.builtIn = builtIn;
    }

    /** The list under {@code profiles} where more are declared; empty when there is none. */
    String declaredUnder() {
        return declaredUnder;
    }

    List<String> builtIn() {
        return builtIn;
    }

    boolean isBuiltIn(String name) {
        return builtIn.contains(caseCounts ? name : name.toLowerCase(Locale.ROOT));
    }

    /** The presets of this kind that {@code view}'s document declares. */
    List<Node.MapNode> declared(View view) {
        return declaredUnder.isEmpty() ? List.of() : Fields.maps(view.root(), "profiles." + declaredUnder);
    }

    /** All names that can be used in {@code view}'s document. */
    Names names(View view) {
        Set<String> own = new HashSet<>();
        declared(view).forEach(preset -> preset.text("name").ifPresent(own::add));
        return new Names(this, own);
    }

    /**
     * The names of presets in one document.
     *
     * @param own those that the document declares
     */
    record Names(Presets presets, Set<String> own) {
        boolean has(String name) {
            return own.contains(name) || presets.isBuiltIn(name);
        }

        /** What to write instead of {@code name}, which is none of them. */
        String hint(String name) {
            Set<String> all = new TreeSet<>(own);
            all.addAll(presets.builtIn);
            if (presets.builtIn.isEmpty()) {
                return DidYouMean.of(name, all, "declare it under profiles." + presets.declaredUnder);
            }
            String known = "built in: " + String.join(", ", presets.builtIn);
            return DidYouMean.of(
                    name,
                    all,
                    presets.declaredUnder.isEmpty()
                            ? known
                            : known + "; others are declared under profiles." + presets.declaredUnder);
        }
    }
}
