package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Template functions that a Katalog brings itself. That one has a name and an expression is said by the schema. */
final class NoteRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "NoteTwice",
                    "two notes have the same name",
                    """
                    A template that calls the note would get one of the two, and nothing says which. Give each a name of
                    its own.""",
                    "Orkestra refuses it as well (validation step 31)",
                    NoteRules::twice),
            Rule.warning(
                    "NoteHidesBuiltIn",
                    "a note has the name of a built-in one",
                    """
                    All templates that call the name get the Katalog's own note, those of imported patterns and Motifs
                    as well. Give it a name of its own, or say shadow: true when that is what is wanted.""",
                    "Orkestra warns as well (validation step 31)",
                    NoteRules::hidesBuiltIn));

    private NoteRules() {}

    private static List<Node.MapNode> notes(View view) {
        return Fields.maps(view.root(), "notes.functions");
    }

    private static void twice(View view, Report report) {
        Map<String, Position> first = new HashMap<>();
        for (Node.MapNode note : notes(view)) {
            note.text("name").filter(name -> !name.isEmpty()).ifPresent(name -> {
                Position position = note.get("name").orElseThrow().position();
                Position other = first.putIfAbsent(name, position);
                if (other != null) {
                    report.at(
                            position,
                            "the note '" + name + "' is here twice; the first at " + other,
                            "give one of them another name");
                }
            });
        }
    }

    private static void hidesBuiltIn(View view, Report report) {
        for (Node.MapNode note : notes(view)) {
            note.text("name")
                    .filter(BuiltInNotes.NAMES::contains)
                    .filter(_ -> !note.isTrue("shadow"))
                    .ifPresent(name -> report.at(
                            note.get("name").orElseThrow(),
                            "the note '" + name + "' hides the built-in one",
                            "give it a name of its own, or add 'shadow: true'"));
        }
    }
}
