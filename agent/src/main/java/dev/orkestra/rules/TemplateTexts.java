package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.document.ScalarPlaces;
import dev.orkestra.outcome.Position;
import dev.orkestra.template.Functions;
import dev.orkestra.template.Signature;
import dev.orkestra.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The templates of a document: every text with <code>{{</code> that the runtime may carry out, each parsed once. */
final class TemplateTexts {
    /** Texts for people: the runtime prints them as they are. */
    private static final Set<String> FOR_PEOPLE = Set.of("description", "placeholder", "hint", "title");

    private static final Set<String> GATES = Set.of("enqueueGate", "reconcileGate");

    /** Texts in serve and in a remote reconciler that the runtime parses before it starts, by their last keys. */
    private static final Set<String> PARSED_AT_START = Set.of("endpoint", "args", "value", "values", "clusters");

    /** The same for an event that an operator writes. */
    private static final Set<String> PARSED_IN_EVENTS = Set.of("message", "field");

    /** The same for the entry of a CRD. */
    private static final Set<String> PARSED_IN_CRD = Set.of("labels", "annotations");

    /**
     * One template.
     *
     * @param crd name of its CRD; empty outside of all
     * @param early whether Orkestra parses it when it loads the document, and so refuses the document
     */
    record Text(String crd, boolean early, Node.ScalarNode node, String value, Template.Parsed parsed) {}

    /**
     * What composing a Motif works out itself where a text names its inputs. It takes less arguments than the runtime,
     * and which of the two carries out an action is told when the Motif is imported.
     */
    private static final List<Signature> OF_INPUTS = List.of(
            new Signature("trim", "strings", "text [characters]", 1, 2, ""),
            new Signature("quote", "strings", "text", 1, 1, ""),
            new Signature("inputs", "inputs", "", 0, 0, ""));

    private final List<Text> found = new ArrayList<>();
    private final boolean isMotif;
    private final Functions plain;
    private final Functions withInputs;

    private TemplateTexts(boolean isMotif, Functions plain) {
        this.isMotif = isMotif;
        this.plain = plain;
        this.withInputs = isMotif ? plain.with(OF_INPUTS) : plain;
    }

    static List<Text> of(View view) {
        List<String> notes = Fields.maps(view.root(), "notes.functions").stream()
                .flatMap(note -> note.text("name").stream())
                .toList();
        TemplateTexts texts = new TemplateTexts(
                view.kind().equals("Motif"), Functions.builtIn().withNotes(notes));
        view.root().entries().forEach((key, entry) -> {
            switch (key) {
                case "metadata", "apiVersion", "kind", "imports", "lifecycle" -> {}
                case "notes" -> texts.walk("", entry.value(), true, texts.plain);
                case "spec" -> texts.spec(view, entry.value());
                default -> texts.walk("", entry.value(), false, texts.plain);
            }
        });
        return texts.found;
    }

    private void spec(View view, Node spec) {
        if (spec instanceof Node.MapNode map) {
            map.entries().forEach((key, entry) -> {
                if (!key.equals("crds")) {
                    walk("", entry.value(), false, plain);
                }
            });
        }
        for (Crd crd : view.crds()) {
            crd.node().entries().forEach((key, entry) -> {
                if (key.equals("serve")) {
                    walkKeys(crd.name(), entry.value(), PARSED_AT_START);
                } else if (key.equals("operatorBox") && entry.value() instanceof Node.MapNode box) {
                    box(crd.name(), box);
                } else {
                    walk(crd.name(), entry.value(), PARSED_IN_CRD.contains(key), plain);
                }
            });
        }
    }

    /** The box of a CRD itself; the gates in those of its targets are parsed when they are used. */
    private void box(String crd, Node.MapNode box) {
        box.entries().forEach((key, entry) -> {
            if (key.equals("preReconcile") && entry.value() instanceof Node.MapNode block) {
                walkGates(crd, block, true);
            } else if (key.equals("emit") && entry.value() instanceof Node.MapNode emit) {
                emit.entries().forEach((part, told) -> {
                    if (part.equals("events")) {
                        walkKeys(crd, told.value(), PARSED_IN_EVENTS);
                    } else {
                        walk(crd, told.value(), false, plain);
                    }
                });
            } else {
                walk(crd, entry.value(), false, plain);
            }
        });
    }

    private void walk(String crd, Node node, boolean early, Functions functions) {
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> {
                    if (FOR_PEOPLE.contains(key)) {
                        return;
                    }
                    if (key.equals("preReconcile") && entry.value() instanceof Node.MapNode block) {
                        walkGates(crd, block, false);
                    } else if (GATES.contains(key) && entry.value() instanceof Node.MapNode gate) {
                        // A gate of observe is parsed when something happens, and may look at any change.
                        walk(crd, gate, false, plain.withSentinels(GateRules.SENTINELS));
                    } else if (key.equals("remote")) {
                        walkKeys(crd, entry.value(), PARSED_AT_START);
                    } else {
                        walk(crd, entry.value(), early, functions);
                    }
                });
            case Node.ListNode list -> list.items().forEach(item -> walk(crd, item, early, functions));
            case Node.ScalarNode scalar -> scalar(crd, scalar, early, functions);
        }
    }

    /** What a gate may use beside functions: the changes that it, or its block, says it looks at. */
    private void walkGates(String crd, Node.MapNode preReconcile, boolean early) {
        preReconcile.entries().forEach((key, entry) -> {
            if (GATES.contains(key) && entry.value() instanceof Node.MapNode gate) {
                walk(crd, gate, early, plain.withSentinels(declared(preReconcile, gate)));
            } else {
                walk(crd, entry.value(), false, plain);
            }
        });
    }

    private static List<String> declared(Node.MapNode preReconcile, Node.MapNode gate) {
        return Stream.of(preReconcile, gate)
                .flatMap(block -> Fields.items(block, "sentinels").stream())
                .flatMap(name -> Fields.text(name).stream())
                .toList();
    }

    /** A block of which the runtime parses some texts at the start, and the others when it uses them. */
    private void walkKeys(String crd, Node node, Set<String> parsed) {
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> {
                    if (key.equals("operatorBox")) {
                        // The box of a target is one like that of the CRD.
                        walk(crd, entry.value(), false, plain);
                    } else if (parsed.contains(key)) {
                        walk(crd, entry.value(), true, plain);
                    } else if (!FOR_PEOPLE.contains(key)) {
                        walkKeys(crd, entry.value(), parsed);
                    }
                });
            case Node.ListNode list -> list.items().forEach(item -> walkKeys(crd, item, parsed));
            case Node.ScalarNode scalar -> scalar(crd, scalar, false, plain);
        }
    }

    private void scalar(String crd, Node.ScalarNode node, boolean early, Functions functions) {
        if (!(node.value() instanceof String value) || !Fields.isTemplate(value)) {
            return;
        }
        if (isMotif) {
            boolean namesInputs = value.contains("inputs") && MotifRules.namesInputs(value);
            found.add(new Text(crd, early, node, value, Template.parse(value, namesInputs ? withInputs : functions)));
            return;
        }
        Template.Parsed parsed = Template.parse(value, functions);
        if (!asksForInputs(value, parsed)) {
            found.add(new Text(crd, early, node, value, parsed));
        }
    }

    /**
     * Whether the text of a composed Katalog still asks for a Motif's inputs: they could not be put in place, and that
     * is a finding already. An action that is not closed was left alone.
     */
    private static boolean asksForInputs(String text, Template.Parsed parsed) {
        return parsed.fields().stream()
                .filter(field -> field.names().getFirst().equals("inputs"))
                .findFirst()
                .filter(field -> text.indexOf("}}", text.offsetByCodePoints(0, field.offset())) >= 0)
                .isPresent();
    }

    /** Where the character at {@code offset} of the template stands; the template's own place when that is not known. */
    static Position place(View view, Text text, int offset) {
        Position start = text.node().position();
        return view.texts()
                .text(start.file())
                .flatMap(lines -> ScalarPlaces.inside(lines, start, text.value(), offset))
                .orElse(start);
    }
}
