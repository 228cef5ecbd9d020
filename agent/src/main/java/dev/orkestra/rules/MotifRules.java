package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a Motif declares as its inputs, and what it uses. */
final class MotifRules {
    /** Types that an input can be made; Orkestra itself reserves the field and takes any word. */
    private static final List<String> TYPES = List.of("string", "integer", "int", "number", "float", "bool", "boolean");

    /** An input in a template; what stands before tells it from a field of something else. */
    private static final Pattern USE = Pattern.compile(
            "(?<![A-Za-z0-9_.)])\\.?inputs\\.([A-Za-z_][A-Za-z0-9_]*)|\\bindex \\$?\\.inputs \"([^\"]*)\"");

    /** The inputs as a whole: any of them may be used. */
    private static final Pattern ALL_OF_THEM = Pattern.compile("(?<![A-Za-z0-9_.)])\\.inputs(?![.A-Za-z0-9_])");

    static final List<Rule> ALL = List.of(
            Rule.error(
                            "MotifInputTwice",
                            "a Motif declares an input twice",
                            """
                            An import gives one value for each name, so the second declaration means nothing. Rename one of
                            them.""",
                            "Orkestra refuses it as well, when the Motif is imported",
                            MotifRules::twice)
                    .about("Motif"),
            Rule.warning(
                            "MotifInputType",
                            "an input of a Motif has a type that there is not",
                            """
                            Without a known type the value stays a text, which a field for a number or for true and false
                            does not take. Write string, integer, number or boolean.""",
                            "Orkestra takes any word, and uses none",
                            MotifRules::types)
                    .about("Motif"),
            Rule.error(
                            "MotifInputUndeclared",
                            "a Motif uses an input that it does not declare",
                            """
                            No import can give a value for it, and importing the Motif fails. Declare it under inputs, or mend
                            its name.""",
                            "Orkestra refuses it as well, when the Motif is imported",
                            MotifRules::undeclared)
                    .about("Motif"),
            Rule.info(
                            "MotifInputUnused",
                            "a Motif declares an input and does not use it",
                            """
                            Whoever gives a value for it changes nothing. Use it, or remove it; an input that was in use once
                            may stay until its importers are changed.""",
                            "Orkestra does not look at this",
                            MotifRules::unused)
                    .about("Motif"));

    private MotifRules() {}

    /** Whether a text names inputs, one or all of them. */
    static boolean namesInputs(String text) {
        return USE.matcher(text).find() || ALL_OF_THEM.matcher(text).find();
    }

    /** An input that a text names. */
    private record Use(String name, Position position) {}

    private static void twice(View view, Report report) {
        Map<String, Position> first = new HashMap<>();
        for (Node.MapNode input : Fields.maps(view.root(), "inputs")) {
            input.text("name").filter(name -> !name.isEmpty()).ifPresent(name -> {
                Position position = input.get("name").orElse(input).position();
                Position other = first.putIfAbsent(name, position);
                if (other != null) {
                    report.at(
                            position,
                            "the input '" + name + "' is already declared at " + other,
                            "rename one of the two");
                }
            });
        }
    }

    private static void types(View view, Report report) {
        for (Node.MapNode input : Fields.maps(view.root(), "inputs")) {
            Fields.text(input, "type")
                    .filter(type -> !type.isEmpty() && !TYPES.contains(type.toLowerCase(Locale.ROOT)))
                    .ifPresent(type -> report.at(
                            input.get("type").orElse(input),
                            "'" + type + "' is no type of an input",
                            DidYouMean.of(type, TYPES, "write one of " + String.join(", ", TYPES))));
        }
    }

    private static Set<String> declared(View view) {
        return Fields.maps(view.root(), "inputs").stream()
                .flatMap(input -> input.text("name").stream())
                .collect(Collectors.toSet());
    }

    private static void undeclared(View view, Report report) {
        Set<String> declared = declared(view);
        Set<Use> told = new HashSet<>();
        for (Use use : uses(view)) {
            if (!declared.contains(use.name()) && told.add(use)) {
                report.at(
                        use.position(),
                        "the Motif declares no input '" + use.name() + "'",
                        DidYouMean.of(use.name(), declared, "declare it under inputs"));
            }
        }
    }

    private static void unused(View view, Report report) {
        boolean anyOfThem = texts(view).stream()
                .anyMatch(text ->
                        ALL_OF_THEM.matcher(String.valueOf(text.value())).find()
                                && !USE.matcher(String.valueOf(text.value())).find());
        Set<String> used = uses(view).stream().map(Use::name).collect(Collectors.toSet());
        Set<String> told = new HashSet<>();
        for (Node.MapNode input : Fields.maps(view.root(), "inputs")) {
            input.text("name")
                    .filter(name -> !name.isEmpty() && !anyOfThem && !used.contains(name) && told.add(name))
                    .ifPresent(name -> report.at(
                            input.get("name").orElse(input), "the Motif does not use its input '" + name + "'", ""));
        }
    }

    private static List<Use> uses(View view) {
        List<Use> uses = new ArrayList<>();
        for (Node.ScalarNode text : texts(view)) {
            Matcher use = USE.matcher(String.valueOf(text.value()));
            while (use.find()) {
                uses.add(new Use(use.group(1) == null ? use.group(2) : use.group(1), text.position()));
            }
        }
        return uses;
    }

    /** All templates, those of the declarations left out: a default is none of the Motif's texts. */
    private static List<Node.ScalarNode> texts(View view) {
        List<Node.ScalarNode> texts = new ArrayList<>();
        view.root().entries().forEach((key, entry) -> {
            if (!key.equals("inputs")) {
                collect(entry.value(), texts);
            }
        });
        return texts;
    }

    private static void collect(Node node, List<Node.ScalarNode> texts) {
        switch (node) {
            case Node.MapNode map -> map.entries().values().forEach(entry -> collect(entry.value(), texts));
            case Node.ListNode list -> list.items().forEach(item -> collect(item, texts));
            case Node.ScalarNode scalar -> {
                if (Fields.text(scalar).filter(Fields::isTemplate).isPresent()) {
                    texts.add(scalar);
                }
            }
        }
    }
}
