package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A reconciler that is called over the network: what it is sent, and what it may do. */
final class RemoteRules {
    static final List<Rule> ALL = List.of(
            Rule.warning(
                    "RemoteProtocolReserved",
                    "a remote reconciler is to be called by another protocol than HTTP",
                    """
                    The word grpc is reserved for later. A runtime of today starts no reconciler for it, so the objects of
                    the CRD are never worked on. Use http until a release brings the other.""",
                    "Orkestra's runtime refuses it when the reconciler starts",
                    RemoteRules::protocol),
            Rule.warning(
                    "RemoteSecretNamespace",
                    "the secret of a remote reconciler names no namespace",
                    """
                    It is looked for in the namespace of the runtime, wherever the Katalog or the objects are. Write the
                    namespace, so that it is found after a move as well.""",
                    "Orkestra warns as well (validation step 6)",
                    RemoteRules::secret),
            Rule.info(
                    "RemoteWithoutResources",
                    "a remote reconciler manages nothing in the cluster",
                    """
                    The rights of the runtime are made of managedResources. Without them the answers of the service can
                    change nothing but the object itself. That is right for a service that works elsewhere.""",
                    "Orkestra tells so as well (validation step 6)",
                    RemoteRules::nothingManaged),
            Rule.error(
                    "ExcludedPath",
                    "a path to leave out of what is sent cannot be a path",
                    """
                    The payload of a remote reconciler leaves fields out by their paths, with dots between the keys. What
                    is no such path leaves out nothing, and a secret may be sent that should not be.""",
                    "Orkestra refuses it as well (validation step 6)",
                    RemoteRules::paths),
            Rule.error(
                    "UnmanagedPayload",
                    "what is sent names a kind that is not managed",
                    """
                    Only children of the kinds in managedResources are read and sent. The keys of payload.children.resources
                    are those kinds in lower case. Add the kind to managedResources, or correct the key.""",
                    "Orkestra refuses it as well (validation step 6)",
                    RemoteRules::payload));

    private static final String PATH_HINT = "write keys with dots between them, such as metadata.managedFields";

    private RemoteRules() {}

    private static Stream<Node.MapNode> remotes(View view) {
        return view.crds().stream()
                .flatMap(crd -> crd.boxes().values().stream())
                .flatMap(box -> Fields.map(box, "reconcile.remote").stream());
    }

    private static void protocol(View view, Report report) {
        remotes(view)
                .forEach(remote -> remote.get("protocol")
                        .filter(node -> Fields.text(node).filter("grpc"::equals).isPresent())
                        .ifPresent(node -> report.at(
                                node,
                                "the protocol grpc is reserved: the runtime has no such reconciler yet",
                                "use http")));
    }

    private static void secret(View view, Report report) {
        remotes(view)
                .flatMap(remote -> Fields.map(remote, "auth").stream())
                .filter(auth -> Fields.map(auth, "secretRef")
                        .filter(ref -> !Fields.isSet(ref, "namespace"))
                        .isPresent())
                .forEach(auth -> report.at(
                        auth,
                        "secretRef",
                        "this secretRef has no namespace; the secret is looked for in the runtime's own",
                        "add its namespace"));
    }

    private static void nothingManaged(View view, Report report) {
        for (Crd crd : view.crds()) {
            crd.map("operatorBox.reconcile")
                    .filter(reconcile ->
                            Fields.isSet(reconcile, "remote") && !Fields.isSet(reconcile, "remote.managedResources"))
                    .ifPresent(reconcile -> report.at(
                            reconcile,
                            "remote",
                            "the remote reconciler of the CRD '" + crd.name()
                                    + "' has no managedResources, so it gets no rights in the cluster",
                            ""));
        }
    }

    private static void paths(View view, Report report) {
        remotes(view).flatMap(remote -> Fields.map(remote, "payload").stream()).forEach(payload -> {
            paths(Fields.items(payload, "object.exclude"), report);
            if (sendsChildren(payload)) {
                paths(Fields.items(payload, "children.exclude"), report);
                Fields.map(payload, "children.resources")
                        .ifPresent(kinds -> kinds.entries().values().forEach(entry -> {
                            if (entry.value() instanceof Node.MapNode kind) {
                                paths(Fields.items(kind, "exclude"), report);
                            }
                        }));
            }
        });
    }

    private static boolean sendsChildren(Node.MapNode payload) {
        return Fields.flag(payload, "children.enabled").orElse(true);
    }

    private static void paths(List<Node> paths, Report report) {
        for (Node node : paths) {
            Fields.text(node)
                    .filter(path -> !isPath(path))
                    .ifPresent(path -> report.at(
                            node,
                            path.isEmpty()
                                    ? "an empty path leaves out nothing"
                                    : "'" + shortened(path) + "' is no path",
                            PATH_HINT));
        }
    }

    private static boolean isPath(String path) {
        return Stream.of(path.split("\\.", -1)).allMatch(LabelSyntax::isKey);
    }

    private static String shortened(String text) {
        int most = 60;
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
    }

    private static void payload(View view, Report report) {
        remotes(view)
                .forEach(remote -> Fields.map(remote, "payload")
                        .filter(RemoteRules::sendsChildren)
                        .flatMap(payload -> Fields.map(payload, "children.resources"))
                        .ifPresent(resources -> managedKinds(remote)
                                .filter(kinds -> !kinds.isEmpty())
                                .ifPresent(kinds -> {
                                    for (String key : resources.entries().keySet()) {
                                        if (!kinds.contains(key)) {
                                            report.at(
                                                    resources,
                                                    key,
                                                    "'" + shortened(key) + "' is none of the kinds in managedResources",
                                                    DidYouMean.of(
                                                            key, kinds, "managed are: " + String.join(", ", kinds)));
                                        }
                                    }
                                })));
    }

    /** The managed kinds in lower case; empty when there is one whose kind cannot be told, such as a short name. */
    private static Optional<Set<String>> managedKinds(Node.MapNode remote) {
        Set<String> kinds = new TreeSet<>();
        for (Node resource : Fields.items(remote, "managedResources")) {
            Optional<String> kind = switch (resource) {
                case Node.MapNode map ->
                    map.text("kind").or(() -> map.text("plural")).filter(name -> isKnown(map, name));
                case Node.ScalarNode scalar ->
                    Fields.text(scalar).filter(name -> ApiTypes.builtIn(name).isPresent());
                case Node.ListNode _ -> Optional.empty();
            };
            if (kind.isEmpty()) {
                return Optional.empty();
            }
            String name = kind.get();
            kinds.add(ApiTypes.builtIn(name).map(ApiTypes::kind).orElse(name).toLowerCase(Locale.ROOT));
        }
        return Optional.of(kinds);
    }

    private static boolean isKnown(Node.MapNode resource, String name) {
        return ApiTypes.builtIn(name).isPresent()
                || (Fields.isSet(resource, "kind")
                        && (Fields.isSet(resource, "group") || Fields.isSet(resource, "apiVersion")));
    }
}
