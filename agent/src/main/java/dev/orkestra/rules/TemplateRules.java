package dev.orkestra.rules;

import dev.orkestra.outcome.Position;
import dev.orkestra.template.TemplateField;
import dev.orkestra.template.TemplateProblem;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every text with <code>{{</code> is a Go template; what cannot work at run time is found before it runs. */
final class TemplateRules {
    private static final Set<TemplateProblem.Kind> UNPARSABLE =
            EnumSet.of(TemplateProblem.Kind.SYNTAX, TemplateProblem.Kind.UNKNOWN_FUNCTION);

    static final List<Rule> ALL = List.of(
            Rule.error(
                            "BadTemplate",
                            "a template cannot be parsed, where Orkestra parses it at its start",
                            """
                    Expressions of notes, labels and annotations of a CRD, gates of preReconcile, values and clusters of
                    serve, messages of emitted events and endpoints of a remote reconciler are parsed when the Katalog is
                    loaded, and one that cannot be parsed keeps the whole operator from starting. A function that nobody declares counts as well: beside Go's own there are Orkestra's notes
                    and those that the Katalog declares, and in a gate the sentinels that it names. A Motif
                    is looked at by itself, and may use its own notes.""",
                            "Orkestra refuses it as well (validation steps 6, 31, 41, 42, 44, 48 and 55)",
                            (view, report) -> unparsable(view, report, true))
                    .about("Katalog", "Motif"),
            Rule.warning(
                            "BadTemplateAtRunTime",
                            "a template cannot be parsed, and the operator would find out only when it uses it",
                            """
                    Orkestra parses templates of resources, conditions, status fields and messages when it carries them
                    out. The operator starts, and then fails for every object. Set this rule to error to refuse such a
                    commit. A Motif is looked at by itself: notes of the Katalogs that import it are not known there.""",
                            "Orkestra does not look at this",
                            (view, report) -> unparsable(view, report, false))
                    .about("Katalog", "Motif"),
            Rule.warning(
                            "TemplateArguments",
                            "a function in a template gets the wrong number of arguments",
                            """
                    Go's templates count the arguments when the call is carried out, so this would be found by an object
                    that is reconciled, not by a check. A value before '|' is the last argument of what follows.""",
                            "Orkestra does not look at this",
                            TemplateRules::arguments)
                    .about("Katalog", "Motif"),
            Rule.warning(
                            "TemplateFieldCase",
                            "a template reads a field in upper case",
                            """
                    The object is there as it is written in YAML: .metadata.name and .spec.size. The fields .Name and
                    .Spec that some examples show do not exist, and print <no value>.""",
                            "Orkestra does not look at this",
                            TemplateRules::upperCase)
                    .about("Katalog", "Motif"),
            Rule.warning(
                    "TemplateCrossUnknown",
                    "a template reads from another CRD that observe.cross does not name",
                    """
                    What other CRDs say is under .cross, by the name that an entry of operatorBox.observe.cross gives it
                    ('as', else 'crd'). Without such an entry the value is always missing.""",
                    "Orkestra does not look at this",
                    (view, report) -> undeclared(view, report, "cross")),
            Rule.warning(
                    "TemplateExternalUnknown",
                    "a template reads the answer of a call that is not declared",
                    """
                    Answers of external calls are under .external by the name of the call. Without a call of that name
                    the value is always missing.""",
                    "Orkestra does not look at this",
                    (view, report) -> undeclared(view, report, "external")));

    private TemplateRules() {}

    private static void unparsable(View view, Report report, boolean early) {
        for (TemplateTexts.Text text : view.templates()) {
            if (text.early() == early) {
                problems(view, text, report, UNPARSABLE, "the template cannot be parsed: ");
            }
        }
    }

    private static void arguments(View view, Report report) {
        for (TemplateTexts.Text text : view.templates()) {
            problems(
                    view,
                    text,
                    report,
                    EnumSet.complementOf(EnumSet.copyOf(UNPARSABLE)),
                    "the template fails when it is carried out: ");
        }
    }

    private static void problems(
            View view, TemplateTexts.Text text, Report report, Set<TemplateProblem.Kind> kinds, String intro) {
        for (TemplateProblem problem : text.parsed().problems()) {
            if (kinds.contains(problem.kind())) {
                if (text.parsed().isCutShort()) {
                    report.cutShort();
                }
                Position place = place(view, text, problem.offset(), report);
                report.at(
                        place,
                        intro + problem.message(),
                        hint(problem, place.equals(text.node().position())));
            }
        }
    }

    /** A long line takes its time for each place in it; nobody sees those beyond the report's bound. */
    private static Position place(View view, TemplateTexts.Text text, int offset, Report report) {
        return report.isFull() ? text.node().position() : TemplateTexts.place(view, text, offset);
    }

    /** @param atBeginning whether the finding can point only to where the text begins */
    private static String hint(TemplateProblem problem, boolean atBeginning) {
        if (!atBeginning || problem.offset() == 0) {
            return problem.hint();
        }
        String where = "character " + (problem.offset() + 1) + " of the text";
        return problem.hint().isEmpty() ? where : problem.hint() + "; " + where;
    }

    private static void upperCase(View view, Report report) {
        for (TemplateTexts.Text text : view.templates()) {
            for (TemplateField field : text.parsed().fields()) {
                String first = field.names().getFirst();
                if (Character.isUpperCase(first.codePointAt(0))) {
                    report.at(
                            place(view, text, field.offset(), report),
                            "the template reads ." + first + ", and there is no such field",
                            first.equals("Name") || first.equals("Namespace")
                                    ? "write .metadata." + first.toLowerCase(Locale.ROOT)
                                    : "write ." + first.toLowerCase(Locale.ROOT) + ", and the fields in it as in YAML");
                }
            }
        }
    }

    private static void undeclared(View view, Report report, String root) {
        Map<String, Set<String>> byCrd = new HashMap<>();
        for (TemplateTexts.Text text : view.templates()) {
            for (TemplateField field : text.parsed().fields()) {
                if (field.names().size() > 1
                        && field.names().getFirst().equals(root)
                        && !text.crd().isEmpty()) {
                    Set<String> declared = byCrd.computeIfAbsent(text.crd(), crd -> declared(view, crd, root));
                    String name = field.names().get(1);
                    if (!declared.contains(name)) {
                        report.at(
                                place(view, text, field.offset(), report),
                                "the template reads ." + root + "." + name + ", and nothing here is called '" + name
                                        + "'",
                                declared.isEmpty()
                                        ? "declare it, or remove this"
                                        : "there is: " + String.join(", ", declared));
                    }
                }
            }
        }
    }

    private static Set<String> declared(View view, String crd, String root) {
        return view.crds().stream()
                .filter(each -> each.name().equals(crd))
                .flatMap(each -> View.mappings(each.node()))
                .flatMap(map -> Fields.maps(map, root).stream())
                .flatMap(entry -> entry.text("as").or(() -> entry.text("name")).or(() -> entry.text("crd")).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
