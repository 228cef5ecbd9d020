package dev.orkestra.template;

import dev.orkestra.document.Suggestions;
import dev.orkestra.template.Template.Parsed;
import dev.orkestra.template.TemplateProblem.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what is found in one text. Places are those of Java's characters, until the end. */
final class Findings {
    private final String text;
    private final Functions functions;
    private final Map<String, String> meant = new HashMap<>();
    private final List<TemplateProblem> problems = new ArrayList<>();
    private final List<TemplateField> fields = new ArrayList<>();
    private boolean isCutShort;

    Findings(String text, Functions functions) {
        this.text = text;
        this.functions = functions;
    }

    void syntax(int at, String message, String hint) {
        add(Kind.SYNTAX, at, message, hint);
    }

    void fault(Action.Fault fault) {
        syntax(fault.at(), fault.message(), fault.hint());
    }

    void unknownFunction(int at, String name) {
        if (isFull()) {
            isCutShort = true;
        } else {
            String hint = meant.computeIfAbsent(name, this::meantBy);
            add(Kind.UNKNOWN_FUNCTION, at, "there is no function " + Words.shortened(name), hint);
        }
    }

    void add(Kind kind, int at, String message, String hint) {
        if (isFull()) {
            isCutShort = true;
        } else {
            problems.add(new TemplateProblem(kind, message, at, hint));
        }
    }

    void field(List<String> names, int at) {
        fields.add(new TemplateField(names, at));
    }

    int count() {
        return problems.size();
    }

    boolean isFull() {
        return problems.size() >= Template.MOST_PROBLEMS;
    }

    private String meantBy(String name) {
        if (name.equals("elseif") || name.equals("elif")) {
            return "write 'else if'";
        }
        return Suggestions.closest(name, functions.names())
                .map(close -> "did you mean '" + close + "'?")
                .orElse(
                        "a field begins with a dot, a text stands in quotes; declare functions of your own under 'notes'");
    }

    /** What follows is not looked at. */
    void cutShort() {
        isCutShort = true;
    }

    /** All of it, by place. */
    Parsed parsed() {
        problems.sort(Comparator.comparingInt(TemplateProblem::offset));
        fields.sort(Comparator.comparingInt(TemplateField::offset));
        if (text.codePointCount(0, text.length()) == text.length()) {
            return new Parsed(problems, fields, isCutShort);
        }
        CodePoints ofProblems = new CodePoints(text);
        CodePoints ofFields = new CodePoints(text);
        return new Parsed(
                problems.stream()
                        .map(problem -> new TemplateProblem(
                                problem.kind(), problem.message(), ofProblems.before(problem.offset()), problem.hint()))
                        .toList(),
                fields.stream()
                        .map(field -> new TemplateField(field.names(), ofFields.before(field.offset())))
                        .toList(),
                isCutShort);
    }

    /** Counts code points up to places that only grow, so that all of them together cost one way through the text. */
    private static final class CodePoints {
        private final String text;
        private int at;
        private int count;

        CodePoints(String text) {
            this.text = text;
        }

        int before(int place) {
            count += text.codePointCount(at, place);
            at = place;
            return count;
        }
    }
}
