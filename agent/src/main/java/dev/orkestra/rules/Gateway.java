package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The gateway of a Katalog, as the rules look at it. */
final class Gateway {
    private static final List<String> SOURCES = List.of("github", "gitlab", "slack", "generic");

    private Gateway() {}

    /** A webhook: its source such as {@code github}, and its settings. */
    record Webhook(String source, Node.MapNode node) {
        /** {@code github webhook 'shop'}: how messages name it. */
        String shown() {
            String name = node.text("name").orElse("");
            return source + " webhook" + (name.isEmpty() ? "" : " '" + name + "'");
        }
    }

    static Optional<Node.MapNode> of(View view) {
        return view.root().map("gateway");
    }

    static boolean hasApi(View view) {
        return Fields.flag(view.root(), "gateway.api.enabled").orElse(false);
    }

    static List<Node.MapNode> tokens(View view) {
        return Fields.maps(view.root(), "gateway.api.auth.tokens");
    }

    /** All webhooks; an entry that stood for a file has made room for what the file says. */
    static List<Webhook> webhooks(View view) {
        List<Webhook> all = new ArrayList<>();
        for (String source : SOURCES) {
            Fields.maps(view.root(), "gateway.webhooks." + source).forEach(node -> all.add(new Webhook(source, node)));
        }
        return all;
    }

    /** The names that {@code serve.tokens} may have: of tokens and of webhooks. */
    static Set<String> callers(View view) {
        Set<String> names = new LinkedHashSet<>();
        tokens(view).forEach(token -> token.text("name").ifPresent(names::add));
        webhooks(view).forEach(webhook -> webhook.node().text("name").ifPresent(names::add));
        return names;
    }

    /** The clusters by name, with their settings. */
    static Optional<Node.MapNode> clusters(View view) {
        return Fields.map(view.root(), "gateway.clusters");
    }
}
