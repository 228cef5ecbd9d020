package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Named presets: those that a Katalog declares, and those that its resource templates name. */
final class ProfileRules {
    private static final List<String> WORKLOADS =
            List.of("deployments", "replicaSets", "statefulSets", "pods", "jobs", "cronJobs");

    private static final List<ProfileUse> USES = List.of(
            new ProfileUse(
                    Presets.CONTAINER_SECURITY,
                    "ContainerSecurity",
                    "container security",
                    WORKLOADS,
                    "securityContext.profile",
                    List.of(
                            "securityContext.allowPrivilegeEscalation",
                            "securityContext.readOnlyRootFilesystem",
                            "securityContext.runAsNonRoot",
                            "securityContext.runAsUser",
                            "securityContext.runAsGroup",
                            "securityContext.capabilities"),
                    27),
            new ProfileUse(
                    Presets.POD_SECURITY,
                    "PodSecurity",
                    "pod security",
                    WORKLOADS,
                    "podSecurity.profile",
                    List.of(
                            "podSecurity.runAsNonRoot",
                            "podSecurity.runAsUser",
                            "podSecurity.runAsGroup",
                            "podSecurity.fsGroup"),
                    27),
            new ProfileUse(
                    Presets.HPA,
                    "Hpa",
                    "scaling",
                    List.of("hpa"),
                    "behavior.profile",
                    List.of("behavior.scaleUp", "behavior.scaleDown"),
                    30),
            new ProfileUse(
                    Presets.PDB,
                    "Pdb",
                    "disruption budget",
                    List.of("pdb"),
                    "behavior.profile",
                    List.of("minAvailable", "maxUnavailable"),
                    32),
            new ProfileUse(
                    Presets.ROLLING_UPDATE,
                    "RollingUpdate",
                    "rolling update",
                    List.of("deployments", "replicaSets", "statefulSets"),
                    "rollingUpdate.profile",
                    List.of("rollingUpdate.maxSurge", "rollingUpdate.maxUnavailable"),
                    33),
            new ProfileUse(
                    Presets.NETWORK_POLICIES,
                    "NetworkPolicy",
                    "network policy",
                    List.of("networkPolicies"),
                    "profile",
                    List.of("ingress", "egress", "policyTypes"),
                    34),
            new ProfileUse(
                    Presets.RESOURCE_QUOTAS,
                    "ResourceQuota",
                    "quota",
                    List.of("resourceQuotas"),
                    "profile",
                    List.of("hard"),
                    35),
            new ProfileUse(
                    Presets.LIMIT_RANGES,
                    "LimitRange",
                    "limit range",
                    List.of("limitRanges"),
                    "profile",
                    List.of("limits"),
                    36));

    static final List<Rule> ALL = Stream.concat(
                    Stream.of(
                            Rule.error(
                                    "ProfileTwice",
                                    "two profiles of a class have the same name",
                                    """
                                    Whoever names the profile would get one of the two, and nothing says which. Give each
                                    a name of its own; profiles of different classes may share one.""",
                                    "Orkestra refuses it as well (validation step 29)",
                                    ProfileRules::twice),
                            Rule.warning(
                                    "ProfileHidesBuiltIn",
                                    "a profile has the name of a built-in one",
                                    """
                                    The Katalog's own profile is used wherever that name stands, which surprises whoever
                                    knows the built-in one. Give it a name of its own.""",
                                    "Orkestra warns as well (validation step 29)",
                                    ProfileRules::hidesBuiltIn)),
                    USES.stream().flatMap(use -> use.rules().stream()))
            .toList();

    private ProfileRules() {}

    private static void twice(View view, Report report) {
        for (Presets presets : Presets.values()) {
            Map<String, Position> first = new HashMap<>();
            for (Node.MapNode preset : presets.declared(view)) {
                preset.text("name").filter(name -> !name.isEmpty()).ifPresent(name -> {
                    Position position = preset.get("name").orElseThrow().position();
                    Position other = first.putIfAbsent(name, position);
                    if (other != null) {
                        report.at(
                                position,
                                "profiles." + presets.declaredUnder() + " has '" + name + "' twice; the first at "
                                        + other,
                                "give one of them another name");
                    }
                });
            }
        }
    }

    private static void hidesBuiltIn(View view, Report report) {
        for (Presets presets : Presets.values()) {
            for (Node.MapNode preset : presets.declared(view)) {
                preset.text("name")
                        .filter(presets::isBuiltIn)
                        .ifPresent(name -> report.at(
                                preset.get("name").orElseThrow(),
                                "the profile '" + name + "' hides the built-in one of profiles."
                                        + presets.declaredUnder(),
                                "give it a name of its own"));
            }
        }
    }
}
