package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Names of presets, by what they are for. */
public final class ProfileNames {
    /** Those of Orkestra's package {@code profiles}, v0.7.18. */
    private static final SortedMap<String, List<String>> BUILT_IN = new TreeMap<>(Map.ofEntries(
            Map.entry("reconciler", List.of("high-throughput", "conservative", "development")),
            Map.entry("autoscale", List.of("burst", "steady", "batch", "latency-sensitive", "cost-optimized")),
            Map.entry(
                    "resources",
                    List.of("tiny", "small", "medium", "large", "burst", "steady", "compute-heavy", "memory-heavy")),
            Map.entry("probes", List.of("fast", "standard", "patient", "slow-start")),
            Map.entry("containerSecurity", List.of("baseline", "restricted", "hardened")),
            Map.entry("podSecurity", List.of("baseline", "restricted", "hardened")),
            Map.entry("hpa", List.of("web", "api", "latency-sensitive", "batch", "cost-optimized")),
            Map.entry("pdb", List.of("zero-downtime", "rolling", "relaxed")),
            Map.entry("rollingUpdate", List.of("safe", "fast", "blue-green")),
            Map.entry(
                    "networkPolicies",
                    List.of(
                            "deny-all",
                            "deny-all-ingress",
                            "deny-all-egress",
                            "allow-same-namespace",
                            "allow-dns-egress")),
            Map.entry("resourceQuotas", List.of("small", "medium", "large", "xlarge")),
            Map.entry("limitRanges", List.of())));

    private ProfileNames() {}

    /** Those that the runtime brings, by the class under which a Katalog declares more. */
    public static SortedMap<String, List<String>> builtIn() {
        return new TreeMap<>(BUILT_IN);
    }

    /** Those that the document {@code root} declares. */
    static SortedMap<String, List<String>> declared(Node.MapNode root) {
        SortedMap<String, List<String>> names = new TreeMap<>();
        root.map("profiles")
                .ifPresent(profiles -> profiles.entries().keySet().forEach(key -> {
                    List<String> own = Fields.maps(profiles, key).stream()
                            .flatMap(profile -> Fields.text(profile, "name").stream())
                            .toList();
                    if (!own.isEmpty()) {
                        names.put(key, own);
                    }
                }));
        return names;
    }
}
