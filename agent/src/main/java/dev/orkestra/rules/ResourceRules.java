package dev.orkestra.rules;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Fields of single kinds of children that would fail when the child is made. */
final class ResourceRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "TemplatedLifetime",
                    "the lifetime of a secret or certificate is a template",
                    """
                    The runtime reads rotateAfter and tls.validFor when it loads the Katalog, before there is an object that
                    could fill in a template. Write a fixed duration. A Motif's inputs are filled in earlier, so a template of
                    .inputs in a Motif is well.""",
                    "Orkestra refuses it as well (validation step 18)",
                    ResourceRules::lifetimes),
            Rule.error(
                    "ScaleTargetVersion",
                    "an autoscaler does not say the API version of what it scales",
                    """
                    Only Deployment, StatefulSet and ReplicaSet are known to be in apps/v1. Of any other kind Kubernetes
                    needs the apiVersion to find it.""",
                    "Orkestra refuses it as well (validation step 19)",
                    ResourceRules::scaleTargets));

    private static final Set<String> IN_APPS = Set.of("Deployment", "StatefulSet", "ReplicaSet");

    private ResourceRules() {}

    private static void lifetimes(View view, Report report) {
        view.resources("secrets")
                .filter(secret -> secret.hook().phase() != Phase.DELETE)
                .forEach(secret -> Stream.of("rotateAfter", "tls.validFor")
                        .forEach(path -> Fields.text(secret.node(), path)
                                .filter(Fields::isTemplate)
                                .ifPresent(_ -> report.at(
                                        Fields.get(secret.node(), path).orElse(secret.node()),
                                        path + " of the " + secret.shown()
                                                + " is a template; it is read before there is an object",
                                        "write a duration such as 90d"))));
    }

    private static void scaleTargets(View view, Report report) {
        view.resources("hpa")
                .forEach(autoscaler -> Fields.map(autoscaler.node(), "scaleTargetRef")
                        .filter(target -> !Fields.isSet(target, "apiVersion"))
                        .ifPresent(target -> target.text("kind")
                                .filter(kind -> !kind.isEmpty() && !IN_APPS.contains(kind))
                                .ifPresent(kind -> report.at(
                                        target,
                                        "kind",
                                        "the " + autoscaler.shown() + " scales a '" + kind
                                                + "' and does not say its apiVersion",
                                        hint(kind)))));
    }

    private static String hint(String kind) {
        return DidYouMean.of(
                kind,
                IN_APPS.stream().sorted().toList(),
                ApiTypes.builtIn(kind)
                        .map(types -> "add apiVersion: " + types.apiVersion())
                        .orElse("add its apiVersion, such as example.com/v1"));
    }
}
