package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names under which callers know what is served. */
final class ServeTargetRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 44)";

    /** Settings of the worker pool, which is one for all targets of a CRD. */
    private static final List<String> OF_THE_POOL = List.of(
            "reconcile.workers", "reconcile.resync", "reconcile.queue", "reconcile.profile", "runtime.autoscale");

    static final List<Rule> ALL = List.of(
            Rule.error("ServeTargetTwice", "two served CRDs have one target", """
                    A caller names a target and nothing else, so each name must lead to one CRD. Without serve.target the
                    name is the kind in lower case. Rename one of the two.""", ORIGIN, ServeTargetRules::twice),
            Rule.error(
                    "ServeTargetPrimary",
                    "not exactly one target of a CRD is the primary one",
                    """
                    The primary target is the name that the catalogue shows; the others are aliases. Mark one of them with
                    primary: true.""",
                    ORIGIN,
                    ServeTargetRules::primary),
            Rule.warning(
                    "ServeTargetsOff",
                    "all targets of a served CRD are off",
                    """
                    No caller can name this CRD, neither by its primary target nor by an alias. Enable one of them, or turn
                    serve.modes.target off.""",
                    "Orkestra warns as well (validation step 44)",
                    ServeTargetRules::allOff),
            Rule.error(
                    "ServeTargetOwnPool",
                    "a target sets the worker pool of its CRD",
                    """
                    Workers, resync, queue, profile and autoscale belong to the CRD, whose targets share one pool. On a
                    target they do nothing. Move them to the CRD's own operatorBox.""",
                    ORIGIN,
                    ServeTargetRules::ownPool),
            Rule.error(
                    "ServeSelectorInvalid",
                    "a fieldSelector of a target selects nothing",
                    """
                    A selector compares the field at a path with a fixed value, to find the target of a whole object. A
                    template is not worked out there, and neither is an empty value.""",
                    ORIGIN,
                    ServeTargetRules::selectors),
            Rule.error(
                    "ServeSelectorTwice",
                    "two targets of a CRD select the same objects",
                    """
                    An object with this value would belong to both. Let the targets select different values.""",
                    ORIGIN,
                    ServeTargetRules::selectorTwice),
            Rule.warning(
                    "ServeSelectorUnused",
                    "a target selects objects, and takes none",
                    """
                    A fieldSelector finds the target of a whole object. With modes.cr: false whole objects are refused, so
                    it is never asked. Remove it, or turn the mode on.""",
                    "Orkestra warns as well (validation step 44)",
                    ServeTargetRules::selectorUnused));

    private ServeTargetRules() {}

    private static void twice(View view, Report report) {
        record Owner(String crd, Position position) {}
        Map<String, Owner> owners = new HashMap<>();
        for (Crd crd : view.crds()) {
            names(crd).forEach((name, position) -> {
                Owner other = owners.putIfAbsent(name, new Owner(crd.name(), position));
                if (other != null) {
                    report.at(
                            position,
                            "the CRD '" + other.crd() + "' has the target '" + name + "' as well, at "
                                    + other.position(),
                            "set serve.target of one of the two to another name");
                }
            });
        }
    }

    /** All names of a CRD, and where they come from. */
    private static Map<String, Position> names(Crd crd) {
        Map<String, Position> names = new TreeMap<>();
        if (!Serve.isEnabled(crd) || !Serve.takesTargets(crd)) {
            return names;
        }
        Node target = crd.get("serve.target").orElse(null);
        if (target instanceof Node.MapNode map) {
            map.entries().forEach((name, entry) -> {
                boolean isHidden = entry.value() instanceof Node.MapNode each && each.isTrue("primary") && !isOn(each);
                if (!isHidden) {
                    names.put(name, entry.keyPosition());
                }
            });
        } else if (target != null
                && Fields.text(target).filter(text -> !text.isEmpty()).isPresent()) {
            names.put(Fields.text(target).orElse(""), target.position());
        } else {
            Serve.defaultTarget(crd)
                    .ifPresent(kind -> names.put(kind, crd.node().keyPosition("serve")));
        }
        return names;
    }

    private static boolean isOn(Node.MapNode target) {
        return Fields.flag(target, "enabled").orElse(true);
    }

    private static void primary(View view, Report report) {
        for (Crd crd : view.crds()) {
            Map<String, Node.MapNode> targets = Serve.targets(crd);
            List<String> primaries = targets.entrySet().stream()
                    .filter(each -> each.getValue().isTrue("primary"))
                    .map(Map.Entry::getKey)
                    .toList();
            if (!Serve.isEnabled(crd) || !Serve.takesTargets(crd) || targets.isEmpty() || primaries.size() == 1) {
                continue;
            }
            Node.MapNode serve = crd.map("serve").orElse(crd.node());
            if (primaries.isEmpty()) {
                report.at(serve, "target", "none of these targets is the primary one", "mark one with 'primary: true'");
            } else {
                report.at(
                        targets.getOrDefault(primaries.getLast(), serve),
                        "primary",
                        "'" + primaries.getFirst() + "' is the primary target already",
                        "mark one of them only");
            }
        }
    }

    private static void allOff(View view, Report report) {
        for (Crd crd : view.crds()) {
            Map<String, Node.MapNode> targets = Serve.targets(crd);
            boolean isServed = Serve.isEnabled(crd) && Serve.takesTargets(crd);
            if (isServed && !targets.isEmpty() && targets.values().stream().noneMatch(ServeTargetRules::isOn)) {
                report.at(
                        crd.map("serve").orElse(crd.node()),
                        "target",
                        "no target of the CRD '" + crd.name() + "' is enabled",
                        "enable one, or turn serve.modes.target off");
            }
        }
    }

    private static void ownPool(View view, Report report) {
        for (Crd crd : view.crds()) {
            Serve.targets(crd)
                    .forEach((name, target) -> target.map("operatorBox").ifPresent(box -> {
                        for (String path : OF_THE_POOL) {
                            int dot = path.indexOf('.');
                            box.map(path.substring(0, dot))
                                    .filter(section -> Fields.isSet(section, path.substring(dot + 1)))
                                    .ifPresent(section -> report.at(
                                            section,
                                            path.substring(dot + 1),
                                            "the target '" + name + "' cannot have its own " + path,
                                            "move it to the CRD's operatorBox"));
                        }
                    }));
        }
    }

    private static void selectors(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Node.MapNode target : Serve.targets(crd).values()) {
                target.map("fieldSelector")
                        .ifPresent(
                                selector -> selector.entries().forEach((path, entry) -> selector(path, entry, report)));
            }
        }
    }

    private static void selector(String path, Node.Entry entry, Report report) {
        String value = Fields.text(entry.value()).orElse("a");
        if (!DottedPaths.isPath(path)) {
            report.at(
                    entry.keyPosition(),
                    "'" + path + "' is no path of a field",
                    "write names with dots between them, such as spec.plan");
        } else if (Fields.isTemplate(value)) {
            report.at(entry.value(), "the value of a fieldSelector cannot be a template", "write a fixed value");
        } else if (value.isBlank()) {
            report.at(entry.keyPosition(), "the value of a fieldSelector is empty", "write the value to select");
        }
    }

    private static void selectorTwice(View view, Report report) {
        for (Crd crd : view.crds()) {
            Map<String, String> first = new HashMap<>();
            Serve.targets(crd)
                    .forEach((name, target) -> target.map("fieldSelector")
                            .ifPresent(selector -> selector.entries().forEach((path, entry) -> {
                                String pair =
                                        path + "=" + entry.value().toJson().asText();
                                String other = first.putIfAbsent(pair, name);
                                if (other != null && !pair.endsWith("=")) {
                                    report.at(
                                            entry.keyPosition(),
                                            "the target '" + other + "' selects " + pair + " as well",
                                            "let each target select another value");
                                }
                            })));
        }
    }

    private static void selectorUnused(View view, Report report) {
        for (Crd crd : view.crds()) {
            Serve.targets(crd).forEach((name, target) -> {
                boolean takesObjects = Fields.flag(target, "modes.cr").orElse(Serve.takesObjects(crd));
                if (Serve.isEnabled(crd) && Fields.isSet(target, "fieldSelector") && !takesObjects) {
                    report.at(
                            target,
                            "fieldSelector",
                            "the target '" + name + "' takes no whole objects, so it selects none",
                            "remove it, or turn modes.cr on");
                }
            });
        }
    }
}
