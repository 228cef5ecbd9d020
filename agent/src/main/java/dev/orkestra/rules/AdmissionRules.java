package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules under {@code admission} that do not do what they seem to. */
final class AdmissionRules {
    private static final List<String> ACTIONS = List.of("deny", "warn");

    static final List<Rule> ALL = List.of(
            Rule.warning(
                            "UnknownAction",
                            "a rule of admission neither denies nor warns",
                            """
                            An action is deny or warn. With any other word a broken rule is neither refused nor told to
                            anybody. Write one of the two, or leave it out, which is deny.""",
                            "Orkestra does not look at this",
                            AdmissionRules::unknownAction)
                    .about("Katalog", "Motif"),
            Rule.error(
                            "EmptyAssertion",
                            "a rule of admission asserts nothing",
                            """
                            A shorthand with an empty text counts as absent, so nothing is compared. Say what must hold;
                            for a field that must be there, write operator: exists.""",
                            "Orkestra refuses it as well (validation step 45)",
                            AdmissionRules::emptyAssertion)
                    .about("Katalog", "Motif"),
            Rule.warning(
                            "MutationDefaultIgnored",
                            "a mutation has a default beside an override",
                            """
                            An override is always written, so the default beside it never is. Remove the one that is not
                            meant.""",
                            "Orkestra warns as well (validation step 45)",
                            AdmissionRules::defaultAndOverride)
                    .about("Katalog", "Motif"),
            Rule.error(
                    "LinkUnknown",
                    "a rule of admission links to no field of the form",
                    """
                    A link says which field of the self-service form is marked when the rule is broken. It must be a key
                    of serve.fields, serve.labels or serve.annotations of the same CRD.""",
                    "Orkestra refuses it as well (validation step 45)",
                    AdmissionRules::unknownLink),
            Rule.error(
                    "LinkRedundant",
                    "a rule of admission links to the field that it names already",
                    """
                    A rule about spec.name marks the field 'name' of the form by itself. A link is for rules whose field
                    is a template. Remove it.""",
                    "Orkestra refuses it as well (validation step 45)",
                    AdmissionRules::redundantLink));

    private AdmissionRules() {}

    private static void unknownAction(View view, Report report) {
        Admissions.validationRules(view)
                .forEach(rule -> rule.get("action")
                        .ifPresent(node -> Fields.text(node)
                                .filter(action -> !action.isEmpty() && !ACTIONS.contains(action))
                                .ifPresent(action -> report.at(
                                        node,
                                        "'" + action + "' is no action; such a rule neither denies nor warns",
                                        DidYouMean.of(action, ACTIONS, "write deny or warn")))));
    }

    private static void emptyAssertion(View view, Report report) {
        Admissions.validationRules(view)
                .filter(rule -> !Fields.isSet(rule, "operator"))
                .forEach(rule -> {
                    List<String> written = new ArrayList<>(ConditionOperators.SHORTHANDS);
                    written.retainAll(rule.entries().keySet());
                    boolean isEmpty = written.stream().noneMatch(key -> Fields.isSet(rule, key));
                    // Without any of them the schema has said so.
                    if (!written.isEmpty() && isEmpty) {
                        String key = written.getFirst();
                        report.at(
                                rule,
                                key,
                                "'" + key + "' is empty, so this rule asserts nothing",
                                "say what must hold, or write operator: exists");
                    }
                });
    }

    private static void defaultAndOverride(View view, Report report) {
        Admissions.mutationRules(view).forEach(rule -> defaultAndOverride(rule, "this mutation", report));
        for (Crd crd : view.crds()) {
            for (String bucket : List.of("labels", "annotations")) {
                crd.map("serve." + bucket)
                        .ifPresent(fields -> fields.entries().forEach((key, entry) -> {
                            if (entry.value() instanceof Node.MapNode field) {
                                defaultAndOverride(field, "serve." + bucket + " '" + key + "'", report);
                            }
                        }));
            }
        }
    }

    private static void defaultAndOverride(Node.MapNode holder, String shown, Report report) {
        if (Fields.isSet(holder, "default") && Fields.isSet(holder, "override")) {
            report.at(
                    holder,
                    "default",
                    shown + " has an override, so its default is never used",
                    "remove one of the two");
        }
    }

    private static void unknownLink(View view, Report report) {
        for (Crd crd : view.crds()) {
            Set<String> keys =
                    ServeFields.of(crd).stream().map(ServeFields.Field::name).collect(Collectors.toSet());
            for (Node.MapNode rule : Fields.maps(crd.node(), "admission.validation.rules")) {
                Fields.text(rule, "link")
                        .filter(link -> !link.isEmpty() && !(Serve.isEnabled(crd) && keys.contains(link)))
                        .ifPresent(link -> report.at(
                                rule.get("link").orElse(rule),
                                "serve of the CRD '" + crd.name() + "' has no field '" + link + "'",
                                DidYouMean.of(
                                        link, keys, "name a key of serve.fields, serve.labels or serve.annotations")));
            }
        }
    }

    private static void redundantLink(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Node.MapNode rule : Fields.maps(crd.node(), "admission.validation.rules")) {
                Fields.text(rule, "link")
                        .filter(link -> crd.map("serve.fields")
                                .filter(fields -> fields.entries().containsKey(link))
                                .isPresent())
                        .filter(link -> Serve.isEnabled(crd)
                                && Fields.text(rule, "field")
                                        .filter(("spec." + link)::equals)
                                        .isPresent())
                        .ifPresent(link -> report.at(
                                rule,
                                "link",
                                "a rule about 'spec." + link + "' marks its field without a link",
                                "remove it"));
            }
        }
    }
}
