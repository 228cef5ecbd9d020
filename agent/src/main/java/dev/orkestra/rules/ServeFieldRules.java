package dev.orkestra.rules;

import dev.orkestra.outcome.Position;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fields of self-service forms: their names, and where their values go. */
final class ServeFieldRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 44)";

    static final List<Rule> ALL = List.of(
            Rule.error(
                    "ServeKeyInvalid",
                    "a label or annotation of a form has a key that Kubernetes refuses",
                    """
                    What is filled in becomes a label or annotation of the object. With such a key every object of the form
                    would be refused. Write [prefix/]name.""",
                    ORIGIN,
                    ServeFieldRules::keys),
            Rule.error("ServeKeyTwice", "two fields of a form have one name", """
                    Callers send values by the name of the field, so fields, labels and annotations share one set of names.
                    Rename one of them.""", ORIGIN, ServeFieldRules::twice),
            Rule.error(
                    "ServeEnumEmpty",
                    "a field of the type enum has no values",
                    """
                    Nothing could be chosen in the form. List the allowed values under enum, or take another type.""",
                    ORIGIN,
                    ServeFieldRules::emptyEnums),
            Rule.error(
                    "ServePathInvalid",
                    "a field of a form goes to a path that is none",
                    """
                    A path is names with dots between them, seen from spec. What is filled in would get lost.""",
                    ORIGIN,
                    ServeFieldRules::paths),
            Rule.error(
                    "ServePathTwice", "two fields of a form go to one path", """
                    The later of the two values would overwrite the other. Give each a path of its own, or make them one
                    field.""", ORIGIN, ServeFieldRules::pathTwice),
            Rule.error("ServeOrderTwice", "two fields of a form have one place", """
                    The order says where a field stands and whose mistake is told first. Give each an order of its own, or
                    none.""", ORIGIN, ServeFieldRules::orders),
            Rule.error(
                    "ServeNameHyphen",
                    "the name of a form's field has a hyphen",
                    """
                    Templates read what was sent as .request.<name>, and a name with a hyphen cannot be written there. Use
                    camelCase or an underscore.""",
                    ORIGIN,
                    ServeFieldRules::hyphens),
            Rule.error(
                    "ServePathAndValues",
                    "a field of a form has a path beside values",
                    """
                    A path is one place for the value, values are several. Write all of the places under values, or only
                    the path.""",
                    ORIGIN,
                    ServeFieldRules::pathAndValues),
            Rule.error(
                    "ServeValueEmpty",
                    "a field of a form writes an empty text",
                    """
                    Each entry under values is a template that makes the value out of what was sent. Write one, or remove
                    the entry.""",
                    ORIGIN,
                    ServeFieldRules::emptyValues),
            Rule.error(
                    "ServeFieldDefault",
                    "a field of spec has a default in the form",
                    """
                    The default of a field of spec stands in the schema of the CustomResourceDefinition. Write it there, or
                    use override.""",
                    "Orkestra refuses it as well (validation step 45)",
                    ServeFieldRules::defaults));

    private ServeFieldRules() {}

    private static void keys(View view, Report report) {
        for (Crd crd : view.crds()) {
            ServeFields.of(crd).stream()
                    .filter(field -> !field.isOfSpec() && !LabelSyntax.isKey(field.name()))
                    .forEach(field -> report.at(
                            field.position(),
                            "'" + field.name() + "' is no key for " + field.bucket(),
                            LabelSyntax.KEY_HINT));
        }
    }

    private static void twice(View view, Report report) {
        for (Crd crd : view.crds()) {
            Map<String, ServeFields.Field> first = new HashMap<>();
            for (ServeFields.Field field : ServeFields.of(crd)) {
                ServeFields.Field other = first.putIfAbsent(field.name(), field);
                if (other != null) {
                    report.at(
                            field.position(),
                            "'" + field.name() + "' stands in serve." + other.bucket() + " as well, at "
                                    + other.position(),
                            "rename one of the two");
                }
            }
        }
    }

    private static void emptyEnums(View view, Report report) {
        for (Crd crd : view.crds()) {
            ServeFields.of(crd).stream()
                    .filter(field -> !field.isOfSpec()
                            && Fields.text(field.node(), "type")
                                    .filter("enum"::equals)
                                    .isPresent()
                            && !Fields.isSet(field.node(), "enum"))
                    .forEach(field -> report.at(
                            field.node(),
                            "type",
                            "'" + field.name() + "' has the type enum and no values",
                            "list them under 'enum'"));
        }
    }

    private static void paths(View view, Report report) {
        for (Crd crd : view.crds()) {
            ServeFields.ofSpec(crd).forEach(field -> {
                Fields.text(field.node(), "path")
                        .filter(path -> !path.isEmpty() && !DottedPaths.isPath(path))
                        .ifPresent(path -> noPath(
                                path,
                                field.node().get("path").orElse(field.node()).position(),
                                report));
                field.node()
                        .map("values")
                        .ifPresent(values -> values.entries().forEach((path, entry) -> {
                            if (!DottedPaths.isPath(path)) {
                                noPath(path, entry.keyPosition(), report);
                            }
                        }));
            });
        }
    }

    private static void noPath(String path, Position position, Report report) {
        report.at(
                position,
                "'" + path + "' is no path below spec",
                "write names with dots between them, such as scaling.minReplicas");
    }

    private static void pathTwice(View view, Report report) {
        for (Crd crd : view.crds()) {
            Map<String, ServeFields.Field> first = new HashMap<>();
            ServeFields.ofSpec(crd)
                    .forEach(field -> Fields.plainText(field.node(), "path").ifPresent(path -> {
                        ServeFields.Field other = first.putIfAbsent(path, field);
                        if (other != null) {
                            report.at(
                                    field.node().get("path").orElse(field.node()),
                                    "the path '" + path + "' is already that of '" + other.name() + "'",
                                    "give each field a path of its own");
                        }
                    }));
        }
    }

    private static void orders(View view, Report report) {
        for (Crd crd : view.crds()) {
            Map<BigDecimal, ServeFields.Field> first = new HashMap<>();
            for (ServeFields.Field field : ServeFields.of(crd)) {
                Fields.number(field.node(), "order")
                        .map(BigDecimal::stripTrailingZeros)
                        .filter(order -> order.signum() != 0)
                        .ifPresent(order -> {
                            ServeFields.Field other = first.putIfAbsent(order, field);
                            if (other != null) {
                                report.at(
                                        field.node().get("order").orElse(field.node()),
                                        "'" + field.name() + "' has the same order as '" + other.name() + "', "
                                                + order.toPlainString(),
                                        "give each an order of its own, or none");
                            }
                        });
            }
        }
    }

    private static void hyphens(View view, Report report) {
        for (Crd crd : view.crds()) {
            ServeFields.ofSpec(crd)
                    .filter(field -> field.name().contains("-"))
                    .forEach(field -> report.at(
                            field.position(),
                            "'" + field.name() + "' cannot be read by templates",
                            "use camelCase, or '" + field.name().replace('-', '_') + "'"));
        }
    }

    private static void pathAndValues(View view, Report report) {
        for (Crd crd : view.crds()) {
            ServeFields.ofSpec(crd)
                    .filter(field -> Fields.isSet(field.node(), "path") && Fields.isSet(field.node(), "values"))
                    .forEach(field -> report.at(
                            field.node(),
                            "path",
                            "'" + field.name() + "' has values, so its path means nothing",
                            "write whole paths under 'values', and remove this one"));
        }
    }

    private static void emptyValues(View view, Report report) {
        for (Crd crd : view.crds()) {
            ServeFields.ofSpec(crd)
                    .forEach(field -> field.node()
                            .map("values")
                            .ifPresent(values -> values.entries().forEach((path, entry) -> {
                                if (Fields.text(entry.value())
                                        .filter(String::isEmpty)
                                        .isPresent()) {
                                    report.at(
                                            entry.keyPosition(),
                                            "'" + path + "' of the field '" + field.name() + "' is an empty text",
                                            "write a template, such as {{ .value }}");
                                }
                            })));
        }
    }

    private static void defaults(View view, Report report) {
        for (Crd crd : view.crds()) {
            if (Serve.isEnabled(crd)) {
                ServeFields.ofSpec(crd)
                        .filter(field -> Fields.isSet(field.node(), "default"))
                        .forEach(field -> report.at(
                                field.node(),
                                "default",
                                "'" + field.name() + "' is a field of spec, whose default is that of the CRD's schema",
                                "write it into the CRD, or use 'override'"));
            }
        }
    }
}
