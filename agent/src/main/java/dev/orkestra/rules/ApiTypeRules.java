package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every CRD says which kind it is about, and no two are about the same. */
final class ApiTypeRules {
    private static final String WRITE_ALL = "write group, version, kind and plural";

    static final List<Rule> ALL = List.of(
            Rule.error(
                    "ApiTypesMissing",
                    "a CRD does not say its kind",
                    """
                    An operator must know which objects it looks after. Write apiTypes with group, version, kind and
                    plural, or crdFile with the CustomResourceDefinition; the name alone will do for a built-in kind.""",
                    "Orkestra refuses it as well, when it loads the Katalog",
                    ApiTypeRules::missing),
            Rule.error(
                    "ApiTypesPartial",
                    "apiTypes has some of its fields only",
                    """
                    Kind, version and plural belong together; the group may be missing for the core group. Nothing is
                    guessed, for a wrong plural would show only when the operator starts.""",
                    "Orkestra refuses it as well, when it loads the Katalog",
                    ApiTypeRules::partial),
            Rule.error(
                    "UnknownBuiltInKind",
                    "a kind that stands alone is none of Kubernetes' own",
                    """
                    Only a kind that Kubernetes brings itself can be named without group, version and plural.""",
                    "Orkestra refuses it as well, when it loads the Katalog",
                    ApiTypeRules::unknownBuiltIn),
            Rule.error(
                    "SameKindTwice",
                    "two CRDs are about the same kind",
                    """
                    Two operators for one kind would undo each other's work. Merge the entries into one, or disable one.
                    Group, version and kind are compared.""",
                    "Orkestra refuses it as well (validation step 4)",
                    ApiTypeRules::sameKind));

    private ApiTypeRules() {}

    private static void missing(View view, Report report) {
        view.all().forEach((name, entry) -> {
            if (entry.value() instanceof Node.ScalarNode(Object nothing, var _) && nothing == null) {
                noKind(name, entry.keyPosition(), report);
            }
        });
        for (Crd crd : view.crds()) {
            Node.MapNode apiTypes = crd.map("apiTypes").orElse(null);
            if (hasFinding(crd)) {
                continue;
            }
            if (apiTypes == null) {
                noKind(crd.name(), crd.position(), report);
            } else if (!hasKind(apiTypes)) {
                noKind(crd.name(), crd.node().keyPosition("apiTypes"), report);
            }
        }
    }

    /** Whether the schema, or what read the crdFile, has spoken already. */
    private static boolean hasFinding(Crd crd) {
        return crd.node().entries().containsKey("crdFile")
                || (crd.map("apiTypes").isEmpty() && crd.node().entries().containsKey("apiTypes"));
    }

    private static boolean hasKind(Node.MapNode apiTypes) {
        return apiTypes.text("kind").filter(kind -> !kind.isEmpty()).isPresent();
    }

    private static void noKind(String name, Position position, Report report) {
        report.at(position, "the CRD '" + name + "' has no apiTypes.kind", WRITE_ALL);
    }

    private static void partial(View view, Report report) {
        for (Crd crd : view.crds()) {
            crd.map("apiTypes")
                    .filter(types -> !hasFinding(crd) && hasKind(types))
                    .filter(types -> !ApiTypes.isComplete(types) && !ApiTypes.isKindAlone(types))
                    .ifPresent(_ -> report.at(crd.node(), "apiTypes", "apiTypes is only half filled in", WRITE_ALL));
        }
    }

    private static void unknownBuiltIn(View view, Report report) {
        for (Crd crd : view.crds()) {
            crd.map("apiTypes")
                    .filter(types -> !hasFinding(crd) && hasKind(types) && ApiTypes.isKindAlone(types))
                    .filter(types -> ApiTypes.of(types).isEmpty())
                    .flatMap(types -> types.text("kind"))
                    .ifPresent(kind -> report.at(
                            crd.node(),
                            "apiTypes",
                            "'" + kind + "' alone is no built-in kind of Kubernetes",
                            WRITE_ALL));
        }
    }

    private static void sameKind(View view, Report report) {
        record Declared(String name, Position position) {}
        Map<ApiTypes, Declared> first = new LinkedHashMap<>();
        for (Crd crd : view.crds()) {
            crd.map("apiTypes").flatMap(ApiTypes::of).ifPresent(types -> {
                Position position = crd.node().keyPosition("apiTypes");
                Declared other = first.putIfAbsent(types, new Declared(crd.name(), position));
                if (other != null) {
                    report.at(
                            position,
                            "the CRDs '" + other.name() + "' and '" + crd.name() + "' are about the same kind (" + types
                                    + "); the first at " + other.position(),
                            "merge them into one, or disable one");
                }
            });
        }
    }
}
