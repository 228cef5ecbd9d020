package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/** Images and ports that can work. */
final class WorkloadRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                            "InvalidImage",
                            "an image is no image reference",
                            """
                    The API server takes it, and then no pod ever starts: the node says InvalidImageName. Write it as
                    registry.example.com/team/name:tag, with a name in lower case. Templates are not looked at.""",
                            "Orkestra does not look at this",
                            WorkloadRules::images)
                    .about("Katalog", "Motif"),
            Rule.error(
                            "InvalidPort",
                            "a port is not between 1 and 65535, and no name of a port",
                            """
                    The API server refuses the object. Where a port may be named, its name has at most 15 of a-z, 0-9
                    and '-', and a letter among them. A container's port may be 0, which is none.""",
                            "Orkestra does not look at this",
                            WorkloadRules::ports)
                    .about("Katalog", "Motif"));

    private static final BigDecimal HIGHEST = BigDecimal.valueOf(65_535);
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,20}");
    private static final Pattern PORT_NAME =
            Pattern.compile("(?=[-0-9]{0,15}[a-z])(?!.{0,15}--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?");

    private WorkloadRules() {}

    private static void images(View view, Report report) {
        view.workloads().forEach(resource -> {
            Node.MapNode node = resource.node();
            Fields.plainText(node, "image")
                    .ifPresent(image -> ImageReference.problem(image)
                            .ifPresent(problem -> report.at(
                                    node.get("image").orElseThrow(),
                                    "the image of " + resource.shown() + " is no image reference: " + problem,
                                    "such as registry.example.com/team/name:tag")));
            Fields.plainText(node, "tag")
                    .filter(tag -> resource.key().equals("statefulSets") && !ImageReference.isTag(tag))
                    .ifPresent(_ -> report.at(
                            node.get("tag").orElseThrow(),
                            "the tag of " + resource.shown() + " is none of an image",
                            "at most 128 letters, digits, '_', '.' and '-'"));
        });
    }

    /** Where a port stands, and what it may be beside a number from 1 to 65535. */
    private enum Place {
        /** 0 for none. */
        CONTAINER(true, false),
        /** 0 for that of the service, or the container's; or a name. */
        TARGET(true, true),
        SERVICE(false, false),
        /** A number or a name. */
        NAMED(false, true);

        private final boolean mayBeZero;
        private final boolean mayBeName;

        Place(boolean mayBeZero, boolean mayBeName) {
            this.mayBeZero = mayBeZero;
            this.mayBeName = mayBeName;
        }
    }

    private static void ports(View view, Report report) {
        view.resources("deployments", "replicaSets", "statefulSets", "pods").forEach(resource -> {
            port(resource.node(), "port", Place.CONTAINER, report);
            for (String probe : List.of("startup", "liveness", "readiness")) {
                Fields.map(resource.node(), "probes." + probe)
                        .ifPresent(found -> port(found, "port", Place.TARGET, report));
            }
        });
        view.resources("services").forEach(resource -> {
            port(resource.node(), "port", Place.SERVICE, report);
            port(resource.node(), "targetPort", Place.TARGET, report);
        });
        view.resources("ingresses").forEach(resource -> port(resource.node(), "servicePort", Place.NAMED, report));
        view.resources("networkPolicies").forEach(resource -> policyPorts(resource.node(), report));
        Presets.NETWORK_POLICIES.declared(view).forEach(preset -> policyPorts(preset, report));
    }

    private static void policyPorts(Node.MapNode policy, Report report) {
        for (String direction : List.of("ingress", "egress")) {
            for (Node.MapNode rule : Fields.maps(policy, direction)) {
                Fields.maps(rule, "ports").forEach(entry -> port(entry, "port", Place.NAMED, report));
            }
        }
    }

    private static void port(Node.MapNode holder, String key, Place place, Report report) {
        holder.get(key).filter(node -> isNoPort(node, place)).ifPresent(node -> {
            String number = Fields.text(node)
                    .filter(text -> !DIGITS.matcher(text).matches())
                    .map(_ -> "")
                    .or(() -> Fields.number(node).map(BigDecimal::toPlainString))
                    .orElse("");
            report.at(
                    node,
                    "'" + key + "' is " + (number.isEmpty() ? "" : number + ", which is ") + "no port",
                    "a number from 1 to 65535" + (place.mayBeName ? ", or the name of a port" : ""));
        });
    }

    /** What is neither a text nor a whole number is left to the schema. */
    private static boolean isNoPort(Node node, Place place) {
        if (!(node instanceof Node.ScalarNode(Object value, var _))) {
            return false;
        }
        return switch (value) {
            case Long number -> !isInRange(BigDecimal.valueOf(number), place);
            case BigInteger _ -> true;
            case String text when text.isEmpty() || Fields.isTemplate(text) -> false;
            case String text when DIGITS.matcher(text).matches() -> !isInRange(new BigDecimal(text), place);
            case String text -> !place.mayBeName || !PORT_NAME.matcher(text).matches();
            case null, default -> false;
        };
    }

    private static boolean isInRange(BigDecimal number, Place place) {
        return number.compareTo(HIGHEST) <= 0 && number.signum() >= (place.mayBeZero ? 0 : 1);
    }
}
