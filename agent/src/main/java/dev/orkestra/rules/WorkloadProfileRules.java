package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;

/** Presets of what a container gets, and of how its health is asked. */
final class WorkloadProfileRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "UnknownResourceProfile",
                    "resources names a profile that there is not",
                    """
                    A profile stands for requests and limits. Name one that is built in, or declare it under
                    profiles.resources, here or in a Katalog that is imported. A template is only known at run time and
                    not looked at.""",
                    "Orkestra refuses it as well (validation step 14)",
                    WorkloadProfileRules::unknownResources),
            Rule.error(
                    "ResourceProfileMixed",
                    "resources has a profile beside requests or limits",
                    """
                    A profile sets requests and limits, all of them. It cannot be changed in parts. Keep the profile alone,
                    or write requests and limits and no profile.""",
                    "Orkestra refuses it as well (validation step 14)",
                    WorkloadProfileRules::mixedResources),
            Rule.error(
                    "UnknownProbeProfile",
                    "a probe names a profile that there is not",
                    """
                    A profile stands for the times of a probe. Name one that is built in, in lower case, or declare it under
                    profiles.probes, here or in a Katalog that is imported. A template is only known at run time and not
                    looked at.""",
                    "Orkestra refuses it as well (validation step 15)",
                    WorkloadProfileRules::unknownProbes),
            Rule.error(
                    "ProbeProfileMixed",
                    "a probe has a profile beside times of its own",
                    """
                    A profile sets all times of a probe. They cannot be changed in parts. Keep the profile alone, or write
                    the times and no profile.""",
                    "Orkestra refuses it as well (validation step 15)",
                    WorkloadProfileRules::mixedProbes));

    private static final List<String> AMOUNTS = List.of("requests", "limits");
    private static final List<String> TIMES =
            List.of("initialDelaySeconds", "periodSeconds", "failureThreshold", "successThreshold", "timeoutSeconds");

    private WorkloadProfileRules() {}

    private static void unknownResources(View view, Report report) {
        Presets.Names names = Presets.RESOURCES.names(view);
        view.workloads()
                .forEach(workload -> Fields.map(workload.node(), "resources")
                        .ifPresent(resources -> unknown(
                                resources, names, "resource profile '", "' for the " + workload.shown(), report)));
    }

    private static void unknownProbes(View view, Report report) {
        Presets.Names names = Presets.PROBES.names(view);
        probes(
                view,
                (workload, kind, probe) -> unknown(
                        probe,
                        names,
                        "probe profile '",
                        "' for the " + kind + " probe of the " + workload.shown(),
                        report));
    }

    private static void unknown(Node.MapNode holder, Presets.Names names, String before, String after, Report report) {
        Fields.plainText(holder, "profile")
                .filter(name -> !names.has(name))
                .ifPresent(name -> report.at(
                        holder.get("profile").orElse(holder),
                        "there is no " + before + name + after,
                        names.hint(name)));
    }

    private static void mixedResources(View view, Report report) {
        view.workloads()
                .forEach(workload -> Fields.map(workload.node(), "resources")
                        .ifPresent(resources ->
                                mixed(resources, AMOUNTS, "resources of the " + workload.shown(), report)));
    }

    private static void mixedProbes(View view, Report report) {
        probes(
                view,
                (workload, kind, probe) -> mixed(probe, TIMES, kind + " probe of the " + workload.shown(), report));
    }

    private static void mixed(Node.MapNode holder, List<String> values, String shown, Report report) {
        List<String> present =
                values.stream().filter(value -> Fields.isSet(holder, value)).toList();
        if (!present.isEmpty() && Fields.plainText(holder, "profile").isPresent()) {
            report.at(
                    holder,
                    "profile",
                    "the profile for the " + shown + " stands beside " + Words.and(present) + ", which it sets itself",
                    "keep the profile alone, or remove it");
        }
    }

    private interface ProbeCheck {
        void check(Resource workload, String kind, Node.MapNode probe);
    }

    private static void probes(View view, ProbeCheck check) {
        view.workloads()
                .forEach(workload -> List.of("startup", "liveness", "readiness")
                        .forEach(kind -> Fields.map(workload.node(), "probes." + kind)
                                .ifPresent(probe -> check.check(workload, kind, probe))));
    }
}
