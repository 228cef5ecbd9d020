package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Callers of the gateway, and the webhooks that it takes. */
final class GatewayRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 47)";

    static final List<Rule> ALL = List.of(
            Rule.error(
                    "GatewayTokenTwice",
                    "two callers of the gateway have one name",
                    """
                    The name says in logs and under serve.tokens who a caller is. With one name for two, whoever holds
                    either token has the rights of both.""",
                    "Orkestra refuses it as well (validation step 46)",
                    GatewayRules::tokenTwice),
            Rule.warning(
                    "OidcOpen",
                    "an OIDC caller of the gateway can be anybody",
                    """
                    Without allow and audience every token of the issuer is taken, whoever it was made for; for a public
                    issuer that is everybody. Say under allow which claims must match.""",
                    "Orkestra does not look at this",
                    GatewayRules::openOidc),
            Rule.error(
                    "WebhookWithoutApi",
                    "the gateway takes webhooks without its API",
                    """
                    What a webhook brings goes in through the API. Set gateway.api.enabled: true, or remove the
                    webhooks.""",
                    ORIGIN,
                    GatewayRules::withoutApi),
            Rule.error(
                    "WebhookNameTwice",
                    "two webhooks of the gateway have one name",
                    """
                    The name is who the sender is under serve.tokens, whichever list it stands in. Rename one of them.""",
                    ORIGIN,
                    GatewayRules::nameTwice),
            Rule.error(
                    "WebhookPathTwice",
                    "two webhooks of the gateway have one path",
                    """
                    All webhooks share one server, and a request finds its webhook by the path. Give each a path of its
                    own.""",
                    ORIGIN,
                    GatewayRules::pathTwice),
            Rule.error(
                    "WebhookUnverified",
                    "an enabled webhook does not check who sends",
                    """
                    Anybody who can reach the gateway could send changes. Name the Secret that the sender signs with, under
                    secretRef; for Slack under signingSecretRef.""",
                    ORIGIN,
                    GatewayRules::unverified),
            Rule.error(
                    "WebhookIncomplete",
                    "an enabled webhook lacks what it needs",
                    """
                    Each needs a path; one of GitHub or GitLab a branch, and contentTokenRef to read the changed files, which
                    a push does not carry; one of Slack the commands that it takes.""",
                    ORIGIN,
                    GatewayRules::incomplete),
            Rule.error(
                    "IntentWithoutApi",
                    "publishing tests intents, and there is no API to send them to",
                    """
                    An intent is a request to the gateway's API. Set gateway.api.enabled: true, or publish.tests.intent:
                    false.""",
                    "Orkestra refuses it as well (validation step 49)",
                    GatewayRules::intentWithoutApi));

    private GatewayRules() {}

    private static void tokenTwice(View view, Report report) {
        Map<String, Position> first = new HashMap<>();
        for (Node.MapNode token : Gateway.tokens(view)) {
            token.text("name").filter(name -> !name.isEmpty()).ifPresent(name -> {
                Position position = token.get("name").orElse(token).position();
                Position other = first.putIfAbsent(name, position);
                if (other != null) {
                    report.at(
                            position,
                            "the caller '" + name + "' is already there, at " + other,
                            "rename one of the two");
                }
            });
        }
    }

    private static void openOidc(View view, Report report) {
        for (Node.MapNode token : Gateway.tokens(view)) {
            token.map("oidc")
                    .filter(oidc -> !Fields.isSet(oidc, "allow") && !Fields.isSet(oidc, "audience"))
                    .ifPresent(_ -> report.at(
                            token,
                            "oidc",
                            "every token of this issuer is let in",
                            "say under 'allow' which claims must match"));
        }
    }

    private static void withoutApi(View view, Report report) {
        if (!Gateway.webhooks(view).isEmpty() && !Gateway.hasApi(view)) {
            Gateway.of(view)
                    .ifPresent(gateway -> report.at(
                            gateway,
                            "webhooks",
                            "webhooks need the gateway's API, which is off",
                            "set gateway.api.enabled: true"));
        }
    }

    private static void nameTwice(View view, Report report) {
        once(Gateway.webhooks(view), "name", report);
    }

    private static void pathTwice(View view, Report report) {
        once(Gateway.webhooks(view).stream().filter(GatewayRules::isOn).toList(), "path", report);
    }

    private static void once(List<Gateway.Webhook> webhooks, String key, Report report) {
        Map<String, Gateway.Webhook> first = new HashMap<>();
        for (Gateway.Webhook webhook : webhooks) {
            webhook.node().text(key).filter(text -> !text.isEmpty()).ifPresent(text -> {
                Gateway.Webhook other = first.putIfAbsent(text, webhook);
                if (other != null) {
                    Node value = webhook.node().get(key).orElse(webhook.node());
                    report.at(
                            value,
                            "the " + key + " '" + text + "' is already that of "
                                    + (key.equals("name") ? "a " + other.source() + " webhook" : "the " + other.shown())
                                    + ", at " + other.node().keyPosition(key),
                            "give each webhook another " + key);
                }
            });
        }
    }

    private static boolean isOn(Gateway.Webhook webhook) {
        return webhook.node().isTrue("enabled");
    }

    private static void enabled(View view, Consumer<Gateway.Webhook> each) {
        Gateway.webhooks(view).stream().filter(GatewayRules::isOn).forEach(each);
    }

    private static void unverified(View view, Report report) {
        enabled(
                view,
                webhook -> needs(
                        webhook,
                        webhook.source().equals("slack") ? "signingSecretRef" : "secretRef",
                        "name the Secret with which it signs",
                        report));
    }

    private static void incomplete(View view, Report report) {
        enabled(view, webhook -> {
            needs(webhook, "path", "say where it comes in, such as /webhooks/" + webhook.source(), report);
            switch (webhook.source()) {
                case "github", "gitlab" -> {
                    needs(webhook, "branch", "name the only branch that counts", report);
                    needs(webhook, "contentTokenRef", "name the Secret with a token that reads files", report);
                }
                case "slack" -> needs(webhook, "commands", "list the commands that it takes", report);
                default -> {
                    // Any other sender brings all that there is.
                }
            }
        });
    }

    private static void needs(Gateway.Webhook webhook, String key, String hint, Report report) {
        if (!Fields.isSet(webhook.node(), key)) {
            report.at(webhook.node(), key, "the " + webhook.shown() + " has no '" + key + "'", hint);
        }
    }

    private static void intentWithoutApi(View view, Report report) {
        Fields.map(view.root(), "publish.tests")
                .filter(tests -> tests.isTrue("intent") && !Gateway.hasApi(view))
                .ifPresent(tests -> report.at(
                        tests,
                        "intent",
                        "intents are sent to the gateway's API, which is off",
                        "set gateway.api.enabled: true, or leave this out"));
    }
}
