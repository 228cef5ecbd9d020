package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** What the callers of a served CRD may do. */
final class ServeTokenRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 44)";
    private static final List<String> OF_SCHEMAS = List.of("get", "list");

    static final List<Rule> ALL = List.of(
            Rule.error(
                    "ServeTokenUnknown",
                    "serve.tokens names a caller that the gateway does not know",
                    """
                    Callers are the names under gateway.api.auth.tokens and those of the gateway's webhooks. A name that is
                    none of them lets nobody in, and the caller that was meant stays out.""",
                    ORIGIN,
                    ServeTokenRules::unknown),
            Rule.error(
                    "ServeTargetTokenUnknown",
                    "a target lets in a caller that its CRD does not",
                    """
                    A target narrows what its CRD allows; it lets nobody in by itself. Add the caller to serve.tokens, or to
                    the gateway where serve has no tokens.""",
                    ORIGIN,
                    ServeTokenRules::unknownOfTargets),
            Rule.error(
                    "ServeSchemaOperation",
                    "a caller may do something with a form that there is not",
                    """
                    The description of a form can be read and listed; there is nothing to make, change or delete. Write get
                    and list only.""",
                    ORIGIN,
                    ServeTokenRules::schemaOperations),
            Rule.error(
                    "ServePermissionBroader",
                    "a caller may do more in one place than everywhere",
                    """
                    Where global is set, schema and resources can only narrow it. Add the operation to global, or leave
                    global empty and list each.""",
                    ORIGIN,
                    ServeTokenRules::broader),
            Rule.warning(
                    "ServeTokenPowerless",
                    "a caller may do nothing",
                    """
                    The caller is let in, and each request is refused. List its operations under permissions, or remove
                    it.""",
                    "Orkestra warns as well (validation step 44)",
                    ServeTokenRules::powerless),
            Rule.warning(
                    "ServeTokenNamespacesIgnored",
                    "a caller is bound to namespaces of a cluster-scoped CRD",
                    """
                    Objects of a cluster-scoped kind live in no namespace, so the caller is bound by nothing. Take away
                    operations instead.""",
                    "Orkestra warns as well (validation step 44)",
                    ServeTokenRules::namespacesIgnored),
            Rule.error(
                    "ServeTokenNamespace",
                    "a caller may use a namespace that its CRD does not",
                    """
                    An object in such a namespace is refused whoever sends it. Take the namespace out, or let the CRD have
                    it under operatorBox.runtime.""",
                    ORIGIN,
                    ServeTokenRules::namespaces));

    private ServeTokenRules() {}

    /** Calls {@code each} with every token of a CRD that has settings, those of targets included. */
    private static void tokens(Crd crd, BiConsumer<String, Node.MapNode> each) {
        tokens(crd.map("serve").orElse(crd.node()), each);
        Serve.targets(crd).values().forEach(target -> tokens(target, each));
    }

    private static void tokens(Node.MapNode holder, BiConsumer<String, Node.MapNode> each) {
        holder.map("tokens")
                .ifPresent(tokens -> tokens.entries().forEach((name, entry) -> {
                    if (entry.value() instanceof Node.MapNode token) {
                        each.accept(name, token);
                    }
                }));
    }

    private static void unknown(View view, Report report) {
        Set<String> known = Gateway.callers(view);
        for (Crd crd : view.crds()) {
            crd.map("serve.tokens")
                    .ifPresent(tokens -> tokens.entries().forEach((name, entry) -> {
                        if (!known.contains(name)) {
                            report.at(
                                    entry.keyPosition(),
                                    "the gateway has no caller '" + name + "'",
                                    DidYouMean.of(name, known, "declare it under gateway.api.auth.tokens"));
                        }
                    }));
        }
    }

    private static void unknownOfTargets(View view, Report report) {
        Set<String> callers = Gateway.callers(view);
        for (Crd crd : view.crds()) {
            Set<String> own = crd.map("serve.tokens")
                    .map(tokens -> tokens.entries().keySet())
                    .orElse(Set.of());
            Set<String> known = own.isEmpty() ? callers : own;
            String place = own.isEmpty() ? "the gateway" : "serve.tokens";
            for (Node.MapNode target : Serve.targets(crd).values()) {
                target.map("tokens")
                        .ifPresent(tokens -> tokens.entries().forEach((name, entry) -> {
                            if (!known.contains(name)) {
                                report.at(
                                        entry.keyPosition(),
                                        place + " has no caller '" + name + "', so the target cannot let it in",
                                        DidYouMean.of(name, known, "add it there, or remove it here"));
                            }
                        }));
            }
        }
    }

    private static void schemaOperations(View view, Report report) {
        for (Crd crd : view.crds()) {
            tokens(crd, (name, token) -> {
                for (Node operation : Fields.items(token, "permissions.schema")) {
                    Fields.text(operation)
                            .filter(text -> ServeOperations.ALL.contains(text) && !OF_SCHEMAS.contains(text))
                            .ifPresent(text -> report.at(
                                    operation,
                                    "'" + text + "' cannot be done with the description of a form",
                                    "write get or list"));
                }
            });
        }
    }

    private static void broader(View view, Report report) {
        for (Crd crd : view.crds()) {
            tokens(crd, (name, token) -> {
                Set<String> global = texts(token, "permissions.global");
                if (global.isEmpty() || global.contains("*")) {
                    return;
                }
                for (String place : List.of("schema", "resources")) {
                    for (Node operation : Fields.items(token, "permissions." + place)) {
                        Fields.text(operation)
                                .filter(text -> ServeOperations.ALL.contains(text) && !global.contains(text))
                                // What there is not for forms has its finding.
                                .filter(text -> place.equals("resources") || OF_SCHEMAS.contains(text))
                                .ifPresent(text -> report.at(
                                        operation,
                                        "'" + text + "' is not among the global permissions of '" + name + "'",
                                        "add it to global, or leave global empty"));
                    }
                }
            });
        }
    }

    private static void powerless(View view, Report report) {
        for (Crd crd : view.crds()) {
            crd.map("serve.tokens")
                    .ifPresent(tokens -> tokens.entries().forEach((name, entry) -> {
                        boolean hasSome = entry.value() instanceof Node.MapNode token
                                && List.of("global", "schema", "resources").stream()
                                        .anyMatch(place -> Fields.isSet(token, "permissions." + place));
                        if (!hasSome) {
                            report.at(
                                    entry.keyPosition(),
                                    "'" + name + "' may do nothing with the CRD '" + crd.name() + "'",
                                    "list its operations under permissions, such as global: [get, list]");
                        }
                    }));
        }
    }

    private static void namespacesIgnored(View view, Report report) {
        for (Crd crd : view.crds()) {
            if (!crd.isNamespaced()) {
                tokens(crd, (name, token) -> {
                    if (Fields.isSet(token, "namespaces")) {
                        report.at(
                                token,
                                "namespaces",
                                "namespaces do not bind '" + name + "': the CRD '" + crd.name() + "' is cluster-scoped",
                                "remove them");
                    }
                });
            }
        }
    }

    private static void namespaces(View view, Report report) {
        for (Crd crd : view.crds()) {
            Set<String> allowed = texts(crd.node(), "operatorBox.runtime.allowedNamespaces");
            Set<String> restricted = texts(crd.node(), "operatorBox.runtime.restrictedNamespaces");
            if (!crd.isNamespaced() || (allowed.isEmpty() && restricted.isEmpty())) {
                continue;
            }
            tokens(crd, (name, token) -> {
                for (Node namespace : Fields.items(token, "namespaces")) {
                    Fields.text(namespace)
                            .filter(text ->
                                    (!allowed.isEmpty() && !allowed.contains(text)) || restricted.contains(text))
                            .ifPresent(text -> report.at(
                                    namespace,
                                    "the CRD '" + crd.name() + "' may not be in the namespace '" + text + "'",
                                    restricted.contains(text)
                                            ? "it is one of its restrictedNamespaces"
                                            : DidYouMean.of(text, allowed, "add it to its allowedNamespaces")));
                }
            });
        }
    }

    private static Set<String> texts(Node.MapNode holder, String path) {
        Set<String> texts = new HashSet<>();
        Fields.items(holder, path).forEach(item -> Fields.text(item).ifPresent(texts::add));
        return texts;
    }
}
