package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.stream.Stream;

/** How a CRD gets more workers for a while. */
final class AutoscaleRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "AutoscaleProfileMixed",
                    "autoscale has a profile beside values of its own",
                    """
                    A profile sets interval, cooldown, conditions and do, all of them. It cannot be changed in parts. Keep
                    the profile alone, or write the values and no profile.""",
                    "Orkestra refuses it as well (validation step 13)",
                    AutoscaleRules::mixed),
            Rule.error(
                    "UnknownAutoscaleProfile",
                    "autoscale names a profile that there is not",
                    """
                    The profiles for autoscaling a CRD's workers are built in; no others can be declared. Name one of them,
                    or write interval, cooldown, conditions and do.""",
                    "Orkestra refuses it as well (validation step 13)",
                    AutoscaleRules::unknownProfile),
            Rule.error(
                    "UnknownAutoscaleMetric",
                    "autoscale looks at a metric that there is not",
                    """
                    The runtime measures five things of a CRD for its autoscaling. A condition on another name would never
                    hold, so the workers would never become more.""",
                    "Orkestra refuses it as well (validation step 16)",
                    AutoscaleRules::unknownMetric));

    private static final List<String> VALUES = List.of("interval", "cooldown", "conditions", "do");

    /** Orkestra's metrics of a CRD, v0.7.18. */
    private static final List<String> METRICS = List.of(
            "metrics.workersBusyPercent",
            "metrics.workersIdlePercent",
            "metrics.queueDepth",
            "metrics.reconcileDurationP95Ms",
            "metrics.errorRatePercent");

    private AutoscaleRules() {}

    private static Stream<Node.MapNode> all(View view) {
        return view.crds().stream()
                .flatMap(crd -> crd.boxes().values().stream())
                .flatMap(box -> Fields.map(box, "runtime.autoscale").stream());
    }

    private static void mixed(View view, Report report) {
        all(view).filter(autoscale -> Fields.isSet(autoscale, "profile")).forEach(autoscale -> {
            List<String> values = VALUES.stream()
                    .filter(value -> Fields.isSet(autoscale, value))
                    .toList();
            if (!values.isEmpty()) {
                report.at(
                        autoscale,
                        "profile",
                        "a profile sets all of autoscale; here it stands beside " + Words.and(values),
                        "keep the profile alone, or remove it");
            }
        });
    }

    private static void unknownProfile(View view, Report report) {
        Presets.Names names = Presets.AUTOSCALE.names(view);
        all(view)
                .forEach(autoscale -> Fields.plainText(autoscale, "profile")
                        .filter(name -> !names.has(name))
                        .ifPresent(name -> report.at(
                                autoscale.get("profile").orElse(autoscale),
                                "there is no autoscale profile '" + name + "'",
                                names.hint(name))));
    }

    private static void unknownMetric(View view, Report report) {
        all(view)
                .forEach(autoscale -> Stream.of("when", "or")
                        .flatMap(list -> Fields.maps(autoscale, "conditions." + list).stream())
                        .forEach(condition -> Fields.plainText(condition, "field")
                                .filter(field -> field.startsWith("metrics.") && !METRICS.contains(field))
                                .ifPresent(field -> report.at(
                                        condition.get("field").orElse(condition),
                                        "there is no metric '" + field + "'",
                                        DidYouMean.of(field, METRICS, "there are " + String.join(", ", METRICS))))));
    }
}
