package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a CRD serves: how objects come in, and which namespace they go to. */
final class ServeRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 44)";

    static final List<Rule> ALL = List.of(
            Rule.error("ServeModesOff", "a served CRD takes nothing in", """
                    With both modes off no caller can make or change an object. Turn one of them on, or turn serve off.""", ORIGIN, ServeRules::modes),
            Rule.error(
                    "ServeTargetUnused",
                    "a target is named, and targets are off",
                    """
                    A target is the name under which callers send fields in. With serve.modes.target: false nobody can.
                    Remove the target, or turn the mode on.""",
                    ORIGIN,
                    ServeRules::targetWithoutMode),
            Rule.error(
                    "ServeNamespaceMissing",
                    "a served CRD does not say where its objects go",
                    """
                    A caller of the API names no namespace, so one has to be known. Write serve.namespace as a name or a
                    template, or namespaced: false for a cluster-scoped kind.""",
                    ORIGIN,
                    ServeRules::namespaceMissing),
            Rule.error(
                    "ServeNamespaceOfClusterScoped",
                    "a cluster-scoped CRD serves into a namespace",
                    """
                    Objects of a cluster-scoped kind live in no namespace. Remove serve.namespace, or namespaced: false.""",
                    ORIGIN,
                    ServeRules::namespaceOfClusterScoped),
            Rule.error(
                    "ServeNamespacePinned",
                    "objects may go to namespaces that are not watched",
                    """
                    A template can give any namespace, and the operator watches one only. An object elsewhere would be
                    there and never be looked at. Write that one namespace, or watch more.""",
                    ORIGIN,
                    ServeRules::namespacePinned),
            Rule.warning(
                    "ServePayloadExcluded",
                    "a part of the answer is added and left out again",
                    """
                    What exclude names is taken out last, so callers never see this part of payload. Remove one of the
                    two.""",
                    "Orkestra warns as well (validation step 44)",
                    ServeRules::excluded));

    private ServeRules() {}

    private static void served(View view, Consumer<Crd> each) {
        view.crds().stream().filter(Serve::isEnabled).forEach(each);
    }

    private static void modes(View view, Report report) {
        served(view, crd -> {
            if (!Serve.takesTargets(crd) && !Serve.takesObjects(crd)) {
                report.at(
                        serve(crd),
                        "modes",
                        "both modes are off, so that nothing can be sent in",
                        "turn 'target' or 'cr' on");
            }
        });
    }

    private static void targetWithoutMode(View view, Report report) {
        served(view, crd -> {
            // With both modes off that is what has to be mended first.
            if (!Serve.takesTargets(crd) && Serve.takesObjects(crd) && Fields.isSet(crd.node(), "serve.target")) {
                report.at(
                        serve(crd),
                        "target",
                        "this target cannot be used: serve.modes.target is false",
                        "remove it, or turn the mode on");
            }
        });
    }

    private static void namespaceMissing(View view, Report report) {
        served(view, crd -> {
            if (crd.isNamespaced() && !Fields.isSet(crd.node(), "serve.namespace")) {
                report.at(
                        crd.node(),
                        "serve",
                        "serve of the CRD '" + crd.name() + "' has no namespace for new objects",
                        "add serve.namespace");
            }
        });
    }

    private static void namespaceOfClusterScoped(View view, Report report) {
        served(view, crd -> {
            if (!crd.isNamespaced() && Fields.isSet(crd.node(), "serve.namespace")) {
                report.at(
                        serve(crd),
                        "namespace",
                        "objects of the cluster-scoped CRD '" + crd.name() + "' go to no namespace",
                        "remove it, or remove 'namespaced: false'");
            }
        });
    }

    private static void namespacePinned(View view, Report report) {
        served(
                view,
                crd -> pinnedTo(crd)
                        .filter(_ -> crd.isNamespaced()
                                && Fields.text(crd.node(), "serve.namespace")
                                        .filter(Fields::isTemplate)
                                        .isPresent())
                        .ifPresent(namespace -> report.at(
                                serve(crd),
                                "namespace",
                                "this template may give another namespace than '" + namespace
                                        + "', the only one that is watched",
                                "write '" + namespace + "', or watch more namespaces")));
    }

    /** The one namespace that is watched, if there is but one. */
    private static Optional<String> pinnedTo(Crd crd) {
        List<Node> allowed = Fields.items(crd.node(), "operatorBox.runtime.allowedNamespaces");
        boolean isOne = allowed.size() == 1
                && Fields.items(crd.node(), "operatorBox.runtime.restrictedNamespaces")
                        .isEmpty();
        return isOne ? Fields.text(allowed.getFirst()) : Fields.plainText(crd.node(), "namespace");
    }

    private static void excluded(View view, Report report) {
        for (Crd crd : view.crds()) {
            Stream.concat(
                            crd.map("serve.config.response").stream(),
                            Serve.targets(crd).values().stream()
                                    .flatMap(target -> Fields.map(target, "config.response").stream()))
                    .forEach(response -> excluded(response, report));
        }
    }

    private static void excluded(Node.MapNode response, Report report) {
        response.map("payload")
                .ifPresent(payload -> Fields.items(response, "exclude")
                        .forEach(path -> Fields.text(path)
                                .map(String::strip)
                                .filter(payload.entries()::containsKey)
                                .ifPresent(name -> report.at(
                                        path,
                                        "'" + name + "' is in payload, and is left out here again",
                                        "remove one of the two"))));
    }

    private static Node.MapNode serve(Crd crd) {
        return crd.map("serve").orElse(crd.node());
    }
}
