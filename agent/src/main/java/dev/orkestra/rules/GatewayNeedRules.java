package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Webhooks and messages go through the gateway, so there has to be one. */
final class GatewayNeedRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "GatewayMissing",
                    "something needs the gateway, and there is none",
                    """
                    Deletion protection, namespace protection, admission and conversion are webhooks that the gateway
                    serves, and messages to teams go through it. Declare the gateway: enabled, standalone, or at an
                    endpoint. Ignore this rule where the runtime gets the endpoint from ORK_GATEWAY_ENDPOINT.""",
                    "Orkestra refuses it as well (validation step 24) when there is no gateway block at all",
                    GatewayNeedRules::missing),
            Rule.warning(
                    "NotificationWithoutGateway",
                    "messages to teams go through a gateway that is not there",
                    """
                    In a cluster the runtime does not start: messages go through the gateway unless notification says
                    standalone: true. Outside a cluster it sends them itself, so a check on a laptop finds nothing.""",
                    "Orkestra refuses it in a cluster (validation step 24), and says nothing outside one",
                    GatewayNeedRules::notification),
            Rule.error(
                    "GatewayContradiction",
                    "a gateway is standalone, and has an endpoint",
                    """
                    A standalone gateway has no runtime beside it, an endpoint is where the runtime finds one. Keep one
                    of the two.""",
                    "Orkestra means to refuse it (validation step 24), but looks at a gateway only where there is none",
                    GatewayNeedRules::contradiction));

    private static final String ADD_ONE = "add 'gateway: {enabled: true}', or its endpoint";

    private GatewayNeedRules() {}

    private static void missing(View view, Report report) {
        Map<Position, String> needs = needs(view);
        if (hasGateway(view) || needs.isEmpty()) {
            return;
        }
        String names = String.join(", ", needs.values());
        report.at(
                needs.keySet().iterator().next(),
                names + (needs.size() == 1 ? " needs" : " need") + " a gateway, and there is none",
                ADD_ONE);
    }

    private static void notification(View view, Report report) {
        boolean isSaidAlready = hasGateway(view) || !needs(view).isEmpty();
        view.root()
                .map("notification")
                .filter(block ->
                        !isSaidAlready && isOn(block) && !block.entries().containsKey("standalone"))
                .ifPresent(_ -> report.at(
                        view.root(),
                        "notification",
                        "in a cluster notification needs a gateway, and there is none",
                        "add 'standalone: true' to it, or a gateway"));
    }

    private static void contradiction(View view, Report report) {
        view.root()
                .map("gateway")
                .filter(gateway -> gateway.isTrue("standalone") && Fields.isSet(gateway, "endpoint"))
                .ifPresent(gateway -> report.at(
                        gateway,
                        "endpoint",
                        "the gateway is standalone, and has an endpoint",
                        "remove 'standalone' or 'endpoint'"));
    }

    /** What is on and cannot do without, in the order of the text. */
    private static Map<Position, String> needs(View view) {
        Map<Position, String> needs = new TreeMap<>();
        Node.MapNode root = view.root();
        add(needs, root, "security.deletionProtection", GatewayNeedRules::isOn);
        add(needs, root, "security.namespaceProtection", GatewayNeedRules::isOn);
        if (any(view, "admission.validation.rules") || any(view, "admission.mutation.rules")) {
            add(needs, root, "security.webhooks.admission", block -> block.isTrue("enabled"));
        }
        if (any(view, "admission.conversion.paths")) {
            add(needs, root, "security.conversion", block -> block.isTrue("enabled"));
        }
        add(
                needs,
                root,
                "notification",
                block -> isOn(block) && !Fields.flag(block, "standalone").orElse(true));
        return needs;
    }

    private static void add(
            Map<Position, String> needs, Node.MapNode root, String path, Predicate<Node.MapNode> needsIt) {
        int dot = path.lastIndexOf('.');
        Optional<Node.MapNode> holder = dot < 0 ? Optional.of(root) : Fields.map(root, path.substring(0, dot));
        String key = path.substring(dot + 1);
        holder.filter(found -> found.map(key).filter(needsIt).isPresent())
                .ifPresent(found -> needs.put(found.keyPosition(key), path));
    }

    /** A block that is on unless it says otherwise. */
    private static boolean isOn(Node.MapNode block) {
        return Fields.flag(block, "enabled").orElse(true);
    }

    private static boolean any(View view, String path) {
        return view.crds().stream().anyMatch(crd -> Fields.isSet(crd.node(), path));
    }

    private static boolean hasGateway(View view) {
        return view.root()
                .map("gateway")
                .filter(gateway -> isOn(gateway) || gateway.isTrue("standalone") || Fields.isSet(gateway, "endpoint"))
                .isPresent();
    }
}
