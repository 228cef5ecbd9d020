package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Numbers of pods that the operator changes itself. That {@code max} is there and positive is said by the schema. */
final class WorkloadAutoscaleRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                            "WorkloadAutoscaleRange",
                            "a workload's smallest number of pods is not below its largest",
                            """
                    There is nothing to scale between them. Give min a smaller number than max, or remove autoscale and
                    write replicas.""",
                            "Orkestra refuses it as well (validation step 39)",
                            WorkloadAutoscaleRules::range)
                    .about("Katalog", "Motif"),
            Rule.error(
                            "WorkloadAutoscaleStepAndTarget",
                            "a workload is scaled by steps and to a target at once",
                            """
                    A target is the number of pods to have, a step is how many to add or take away; only one of them
                    can be done. Keep one for each direction.""",
                            "Orkestra refuses it as well (validation step 39)",
                            WorkloadAutoscaleRules::stepAndTarget)
                    .about("Katalog", "Motif"),
            Rule.error(
                            "WorkloadAutoscaleTarget",
                            "a workload is scaled to more pods than its max",
                            """
                    The target would never be reached. Lower the target, or raise max.""",
                            "Orkestra refuses it as well (validation step 39)",
                            WorkloadAutoscaleRules::target)
                    .about("Katalog", "Motif"),
            Rule.error(
                            "WorkloadScaledTwice",
                            "a workload has autoscale, and an autoscaler of Kubernetes as well",
                            """
                    Both set the number of pods, each undoes what the other did, and pods come and go without end.
                    Remove autoscale or the hpa. Names are compared as they are written; two templates that give the
                    same name are not found.""",
                            "Orkestra refuses it as well (validation step 39)",
                            WorkloadAutoscaleRules::scaledTwice)
                    .about("Katalog", "Motif"),
            Rule.warning(
                            "WorkloadNeverScaledDown",
                            "a workload is scaled up and never down",
                            """
                    After the first peak it keeps all of its pods. Add scaleDown with its conditions.""",
                            "Orkestra means to warn as well (validation step 39), but does not",
                            WorkloadAutoscaleRules::neverDown)
                    .about("Katalog", "Motif"));

    private static final List<String> DIRECTIONS = List.of("scaleUp", "scaleDown");
    private static final Set<String> SCALED_KINDS = Set.of("", "Deployment", "StatefulSet", "ReplicaSet");

    private WorkloadAutoscaleRules() {}

    private static void each(View view, BiConsumer<Resource, Node.MapNode> check) {
        view.resources("deployments", "replicaSets", "statefulSets")
                .forEach(resource ->
                        resource.node().map("autoscale").ifPresent(autoscale -> check.accept(resource, autoscale)));
    }

    /** Texts and fractions are left to the schema. */
    private static Optional<Long> whole(Node.MapNode holder, String key) {
        return holder.get(key)
                .flatMap(node -> node instanceof Node.ScalarNode(Object value, var _) && value instanceof Long number
                        ? Optional.of(number)
                        : Optional.empty());
    }

    private static void range(View view, Report report) {
        each(view, (resource, autoscale) -> {
            Optional<Long> min = whole(autoscale, "min");
            Optional<Long> max = whole(autoscale, "max").filter(number -> number > 0);
            if (min.isPresent() && max.isPresent() && min.get() >= max.get()) {
                report.at(
                        autoscale,
                        "min",
                        "the min of " + resource.shown() + " is " + min.get()
                                + ", which is not below its max of "
                                + max.get(),
                        "lower min, or raise max");
            }
        });
    }

    private static void stepAndTarget(View view, Report report) {
        each(view, (resource, autoscale) -> {
            for (String direction : DIRECTIONS) {
                autoscale
                        .map(direction)
                        .filter(block -> Fields.isSet(block, "target"))
                        .ifPresent(block -> {
                            for (String step : List.of("increment", "decrement")) {
                                if (Fields.isSet(block, step)) {
                                    report.at(
                                            block,
                                            step,
                                            direction + " of " + resource.shown() + " has a target, and '" + step
                                                    + "' beside it",
                                            "keep one of the two");
                                }
                            }
                        });
            }
        });
    }

    private static void target(View view, Report report) {
        each(view, (resource, autoscale) -> {
            Optional<Long> max = whole(autoscale, "max").filter(number -> number > 0);
            for (String direction : DIRECTIONS) {
                autoscale
                        .map(direction)
                        .ifPresent(block -> whole(block, "target")
                                .filter(target -> max.isPresent() && target > max.get())
                                .ifPresent(target -> report.at(
                                        block,
                                        "target",
                                        direction + " of " + resource.shown() + " aims at " + target
                                                + " pods, and its max is "
                                                + max.get(),
                                        "lower the target, or raise max")));
            }
        });
    }

    private static void scaledTwice(View view, Report report) {
        record Scaled(String crd, String target, String name) {}
        Map<Scaled, Resource> scalers = new HashMap<>();
        view.resources("hpa").forEach(hpa -> {
            String kind = Fields.text(hpa.node(), "scaleTargetRef.kind").orElse("");
            Fields.text(hpa.node(), "scaleTargetRef.name")
                    .filter(_ -> SCALED_KINDS.contains(kind))
                    .ifPresent(name -> scalers.putIfAbsent(
                            new Scaled(hpa.hook().crd(), hpa.hook().target(), name), hpa));
        });
        each(view, (resource, autoscale) -> {
            Hook hook = resource.hook();
            Resource hpa = resource.node()
                    .text("name")
                    .map(name -> scalers.get(new Scaled(hook.crd(), hook.target(), name)))
                    .orElse(null);
            if (hpa != null) {
                report.at(
                        resource.node(),
                        "autoscale",
                        resource.shown() + " has autoscale, and " + hpa.shown() + " scales it as well; that is at "
                                + hpa.position(),
                        "remove one of the two");
            }
        });
    }

    private static void neverDown(View view, Report report) {
        each(view, (resource, autoscale) -> {
            if (Fields.isSet(autoscale, "scaleUp") && !Fields.isSet(autoscale, "scaleDown")) {
                report.at(autoscale, "scaleUp", resource.shown() + " is scaled up and never down", "add 'scaleDown'");
            }
        });
    }
}
