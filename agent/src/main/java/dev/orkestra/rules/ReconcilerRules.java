package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What reconciles the objects of a CRD, and how many at once. */
final class ReconcilerRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "UnknownReconcilerProfile",
                    "a reconciler names a profile that there is not",
                    """
                    A profile stands for a number of workers, a resync and a queue. Name one that is built in, or declare
                    it under profiles.reconciler, here or in a Katalog that is imported.""",
                    "Orkestra refuses it as well, when it loads the Katalog",
                    ReconcilerRules::profiles),
            Rule.error(
                    "SeveralReconcilers",
                    "a CRD has more than one of hooks, constructor and remote",
                    """
                    Each says who reconciles the objects: Go hooks beside the built-in reconciler, a Go reconciler instead
                    of it, or one behind an address. Only one can. Keep that one.""",
                    "Orkestra refuses it as well (validation step 6)",
                    ReconcilerRules::several),
            Rule.error(
                    "GoTypesMissing",
                    "a CRD with Go code does not say where its Go types are",
                    """
                    A typed CRD, one with hooks and one with a constructor work on Go types. Without apiTypes.location
                    the runtime does not know them. Write the Go package of the types there.""",
                    "Orkestra refuses it as well (validation step 6)",
                    ReconcilerRules::goTypes),
            Rule.error(
                    "ManagedResourcesMissing",
                    "hooks or a constructor do not say what they manage",
                    """
                    The rights of the runtime are made of managedResources. Hooks and a constructor without such a list
                    would be refused whatever they write. List the kinds that the code reads and writes.""",
                    "Orkestra refuses it as well (validation step 6)",
                    ReconcilerRules::managed),
            Rule.error(
                    "ManagedResourceKind",
                    "a managed resource does not say its kind",
                    """
                    Kubernetes' own kinds are known by their plurals. Of any other the runtime needs the kind, or it cannot
                    find the objects. Write kind beside plural.""",
                    "Orkestra refuses it as well (validation step 6)",
                    ReconcilerRules::kinds),
            Rule.error(
                    "DuplicateGroupName",
                    "two groups of a hook have one name",
                    """
                    Logs and events tell the stages of an ordered delete apart by the names of their groups. Rename one.""",
                    "Orkestra refuses it as well (validation step 6), in onDelete",
                    ReconcilerRules::groups),
            Rule.warning(
                    "TooManyWorkers",
                    "a CRD has more than 50 workers",
                    """
                    Each worker calls the API server at once with the others. The runtime is meant for 1 to 50 of them; more
                    mostly wait for the API server's rate limit, and hold up other CRDs. Use fewer, or autoscale.""",
                    "Orkestra documents the limit and does not enforce it",
                    ReconcilerRules::workers));

    private static final List<String> KINDS = List.of("hooks", "constructor", "remote");
    private static final List<String> GO_CODE = List.of("hooks", "constructor");
    private static final BigDecimal MOST_WORKERS = BigDecimal.valueOf(50);

    private ReconcilerRules() {}

    private static void profiles(View view, Report report) {
        Presets.Names names = Presets.RECONCILER.names(view);
        for (Crd crd : view.crds()) {
            for (Node.MapNode box : crd.boxes().values()) {
                Fields.plainText(box, "reconcile.profile")
                        .filter(name -> !names.has(name))
                        .ifPresent(name -> report.at(
                                Fields.get(box, "reconcile.profile").orElse(box),
                                "there is no reconciler profile '" + name + "'",
                                names.hint(name)));
            }
        }
    }

    private static void several(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Node.MapNode box : crd.boxes().values()) {
                Fields.map(box, "reconcile").ifPresent(reconcile -> several(crd, reconcile, report));
            }
        }
    }

    private static void several(Crd crd, Node.MapNode reconcile, Report report) {
        List<String> present =
                KINDS.stream().filter(kind -> Fields.isSet(reconcile, kind)).toList();
        if (present.size() < 2) {
            return;
        }
        Position last = present.stream()
                .map(reconcile::keyPosition)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        report.at(
                last,
                "the CRD '" + crd.name() + "' has " + Words.and(present) + "; only one can reconcile its objects",
                "keep one of them");
    }

    private static void goTypes(View view, Report report) {
        for (Crd crd : view.crds()) {
            if (Fields.isSet(crd.node(), "apiTypes.location")) {
                continue;
            }
            Optional<String> code = goCode(crd).findFirst();
            if (crd.node().text("mode").filter("typed"::equals).isPresent()) {
                report.at(
                        crd.node(),
                        "mode",
                        "the CRD '" + crd.name() + "' is typed, and has no apiTypes.location",
                        "add it with the Go package of the types, or remove 'mode: typed'");
            } else if (code.isPresent()) {
                report.at(
                        crd.map("operatorBox.reconcile").orElse(crd.node()),
                        code.get(),
                        "the CRD '" + crd.name() + "' has " + Words.quoted(code.get()) + ", and no apiTypes.location",
                        "add it with the Go package of the types");
            }
        }
    }

    private static Stream<String> goCode(Crd crd) {
        return GO_CODE.stream().filter(kind -> Fields.isSet(crd.node(), "operatorBox.reconcile." + kind));
    }

    private static void managed(View view, Report report) {
        for (Crd crd : view.crds()) {
            crd.map("operatorBox.reconcile")
                    .ifPresent(reconcile -> goCode(crd)
                            .filter(code -> !Fields.isSet(reconcile, code + ".managedResources"))
                            .forEach(code -> report.at(
                                    reconcile,
                                    code,
                                    "the CRD '" + crd.name() + "' has " + Words.quoted(code)
                                            + " without managedResources",
                                    "list the kinds that the code reads and writes, such as {kind: Deployment}")));
        }
    }

    private static void kinds(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Node.MapNode box : crd.boxes().values()) {
                for (String kind : KINDS) {
                    Fields.maps(box, "reconcile." + kind + ".managedResources")
                            .forEach(resource -> kind(resource, report));
                }
            }
        }
    }

    private static void kind(Node.MapNode resource, Report report) {
        String plural = resource.text("plural").orElse("");
        if (!resource.entries().containsKey("kind") && ApiTypes.builtIn(plural).isEmpty()) {
            report.at(
                    resource,
                    "plural",
                    plural.isEmpty()
                            ? "this managed resource has no kind"
                            : "the managed resource '" + plural + "' has no kind, and is none of Kubernetes' own",
                    "add its kind");
        }
    }

    private static void groups(View view, Report report) {
        for (Hook hook : view.hooks()) {
            Set<String> names = new HashSet<>();
            for (Node.MapNode group : Fields.maps(hook.block(), "groups")) {
                group.text("name")
                        .filter(name -> !name.isEmpty() && !names.add(name))
                        .ifPresent(name -> report.at(
                                group.get("name").orElse(group),
                                "two groups of " + hook.phase().key() + " are called '" + name + "'",
                                "rename one"));
            }
        }
    }

    private static void workers(View view, Report report) {
        Presets.RECONCILER.declared(view).forEach(preset -> workers(preset, "workers", report));
        for (Crd crd : view.crds()) {
            workers(crd.node(), "workersActive", report);
            crd.boxes().values().forEach(box -> workers(box, "reconcile.workers", report));
        }
    }

    private static void workers(Node.MapNode holder, String path, Report report) {
        Fields.get(holder, path)
                .ifPresent(node -> Fields.number(node)
                        .filter(number -> number.compareTo(MOST_WORKERS) > 0)
                        .ifPresent(number -> report.at(
                                node,
                                number + " workers are more than the runtime is meant for",
                                "use 1 to " + MOST_WORKERS)));
    }
}
