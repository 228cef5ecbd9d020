package dev.orkestra.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What one CRD reads of another. */
final class CrossRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 52)";

    static final List<Rule> ALL = List.of(
            Rule.error("CrossSelf", "a CRD reads itself across", """
                    What belongs to the object is there without a cross read, as .metadata, .spec and .status. Remove the
                    entry.""", ORIGIN, CrossRules::self),
            Rule.error("CrossUnknown", "a CRD reads across what there is not", """
                    The name must be that of an enabled entry under spec.crds. One that another program runs needs a source
                    that says where.""", ORIGIN, CrossRules::unknown),
            Rule.error(
                    "CrossLabelsUnresolved",
                    "a cross read selects no CRD by its labels",
                    """
                    The labels are compared with those of the entries under spec.crds; all of them must be there. What is
                    read would never be found.""",
                    ORIGIN,
                    CrossRules::unresolved),
            Rule.error("CrossNameMissing", "a cross read by labels has no name", """
                    Templates read the result at .cross.<as>. A read by crd has the CRD's name when as is absent; one by
                    labels has none.""", ORIGIN, CrossRules::nameMissing),
            Rule.error(
                    "CrossNameInvalid",
                    "the name of a cross read is none that templates can write",
                    """
                    What is read stands in templates as .cross.NAME, so a name is made of letters, digits and '_', and
                    begins with no digit. With '-' in it Go's templates would take it for a subtraction that they do not
                    have. Older releases allow '-' and no capital letters; a name of a-z and 0-9 alone is good for all.""",
                    ORIGIN,
                    CrossRules::nameInvalid),
            Rule.error("CrossNameTwice", "two cross reads have one name", """
                    The names of all CRDs are kept together, so each may be there once in the whole Katalog. Rename one of
                    the two.""", ORIGIN, CrossRules::nameTwice),
            Rule.warning(
                    "CrossSecretNamespace",
                    "a Secret for a cross read names no namespace",
                    """
                    It is then looked for in the namespace of the runtime, whichever that is in this environment. Write the
                    namespace.""",
                    "Orkestra warns as well (validation step 52)",
                    CrossRules::secretWithoutNamespace),
            Rule.warning(
                    "CrossAccessDenied",
                    "a CRD reads across what may not be read",
                    """
                    The other CRD, or its Katalog, says crossAccess: false. What is read would stay empty. Allow it there,
                    or remove the entry.""",
                    "Orkestra finds this at run time only",
                    CrossRules::denied));

    private CrossRules() {}

    /** A cross read of a CRD. */
    private record Read(Crd crd, Node.MapNode node) {
        Optional<String> target() {
            return Fields.plainText(node, "crd")
                    .map(name -> name.toLowerCase(Locale.ROOT).strip());
        }

        Position at(String key) {
            return node.get(key).orElse(node).position();
        }
    }

    private static List<Read> all(View view) {
        return view.crds().stream()
                .flatMap(crd -> crd.boxes().values().stream()
                        .flatMap(box -> Fields.maps(box, "observe.cross").stream())
                        .map(node -> new Read(crd, node)))
                .toList();
    }

    private static void self(View view, Report report) {
        for (Read read : all(view)) {
            if (read.target().filter(read.crd().name()::equals).isPresent()) {
                report.at(read.at("crd"), "the CRD '" + read.crd().name() + "' reads itself", "remove this entry");
            }
        }
    }

    private static void unknown(View view, Report report) {
        Set<String> known = view.crds().stream().map(Crd::name).collect(Collectors.toSet());
        for (Read read : all(view)) {
            read.target()
                    .filter(name -> !known.contains(name) && !Fields.isSet(read.node(), "source"))
                    .ifPresent(name -> {
                        boolean isDisabled = view.all().containsKey(name);
                        report.at(
                                read.at("crd"),
                                "the CRD '" + read.crd().name() + "' reads '" + name + "', which "
                                        + (isDisabled ? "is disabled" : "is not there"),
                                isDisabled
                                        ? "enable it, or remove this entry"
                                        : DidYouMean.of(name, known, "declare it, or say under 'source' where it is"));
                    });
        }
    }

    private static void unresolved(View view, Report report) {
        Map<Label, List<Node.MapNode>> having = new HashMap<>();
        view.crds()
                .forEach(crd -> crd.map("labels")
                        .ifPresent(labels -> Label.of(labels)
                                .forEach(label -> having.computeIfAbsent(label, _ -> new ArrayList<>())
                                        .add(labels))));
        for (Read read : all(view)) {
            List<Label> wanted = read.node().map("labelSelector").map(Label::of).orElse(List.of());
            if (!wanted.isEmpty() && !Fields.isSet(read.node(), "source") && !isThere(wanted, having)) {
                report.at(
                        read.node(),
                        "labelSelector",
                        "no CRD of this Katalog has these labels",
                        "name it by 'crd', or add them to its 'labels'");
            }
        }
    }

    /** Whether an entry has all of {@code wanted}: looked for among those that have the rarest of them. */
    private static boolean isThere(List<Label> wanted, Map<Label, List<Node.MapNode>> having) {
        return wanted.stream()
                .map(label -> having.getOrDefault(label, List.of()))
                .min(Comparator.comparingInt(List::size))
                .orElse(List.of())
                .stream()
                .anyMatch(labels -> wanted.stream()
                        .allMatch(label -> labels.get(label.key())
                                .filter(value -> value.toJson().equals(label.value()))
                                .isPresent()));
    }

    private record Label(String key, JsonNode value) {
        static List<Label> of(Node.MapNode labels) {
            return labels.entries().entrySet().stream()
                    .map(each ->
                            new Label(each.getKey(), each.getValue().value().toJson()))
                    .toList();
        }
    }

    private static void nameMissing(View view, Report report) {
        for (Read read : all(view)) {
            if (Fields.isSet(read.node(), "labelSelector") && !Fields.isSet(read.node(), "as")) {
                report.at(
                        read.node(), "labelSelector", "what is read by labels needs a name for templates", "add 'as'");
            }
        }
    }

    private static void nameInvalid(View view, Report report) {
        for (Read read : all(view)) {
            Fields.text(read.node(), "as")
                    .filter(name -> !name.isEmpty()
                            && !EventRules.IDENTIFIER.matcher(name).matches())
                    .ifPresent(name -> report.at(
                            read.at("as"),
                            "'" + name + "' is no name for a cross read",
                            "use letters, digits and '_', beginning with a letter"));
        }
    }

    private static void nameTwice(View view, Report report) {
        Map<String, Read> first = new HashMap<>();
        for (Read read : all(view)) {
            Fields.text(read.node(), "as").filter(name -> !name.isEmpty()).ifPresent(name -> {
                Read other = first.putIfAbsent(name, read);
                if (other != null) {
                    report.at(
                            read.at("as"),
                            "the name '" + name + "' is already that of a cross read of '"
                                    + other.crd().name() + "', at " + other.at("as"),
                            "rename one of the two");
                }
            });
        }
    }

    private static void secretWithoutNamespace(View view, Report report) {
        for (Read read : all(view)) {
            Fields.map(read.node(), "source.auth")
                    .filter(auth -> Fields.isSet(auth, "secretRef") && !Fields.isSet(auth, "secretRef.namespace"))
                    .ifPresent(auth -> report.at(
                            auth,
                            "secretRef",
                            "this Secret is looked for in the namespace of the runtime",
                            "add its namespace"));
        }
    }

    private static void denied(View view, Report report) {
        Map<String, Crd> byName = new TreeMap<>();
        view.crds().forEach(crd -> byName.put(crd.name(), crd));
        boolean byDefault = Fields.flag(view.root(), "crossAccess").orElse(true);
        for (Read read : all(view)) {
            read.target()
                    .filter(name -> !name.equals(read.crd().name()))
                    .map(byName::get)
                    .filter(crd -> !Fields.flag(crd.node(), "crossAccess").orElse(byDefault))
                    .ifPresent(crd -> report.at(
                            read.at("crd"),
                            "the CRD '" + crd.name() + "' may not be read by others",
                            "set its crossAccess to true, or remove this entry"));
        }
    }
}
