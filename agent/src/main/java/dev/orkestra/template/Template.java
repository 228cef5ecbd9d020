package dev.orkestra.template;

import java.util.List;

/** Reads templates. */
public final class Template {
    /** More problems in one text help nobody, and looking for what was meant takes its time for each. */
    static final int MOST_PROBLEMS = 100;

    /** Parentheses in each other. Go takes 10,000; nobody writes fifty, and each costs a piece of the stack. */
    static final int DEEPEST = 500;

    private Template() {}

    /**
     * What was read of a template.
     *
     * @param problems in the order of their places, the first {@value #MOST_PROBLEMS} of them
     * @param fields the fields of the root, in the order of their places, each time that they are used. A field of what
     *     {@code with} or {@code range} made the dot is not one of them, nor is one of a variable or of what a function
     *     returned, nor any in {@code define} or {@code block}. Some are missing when the template cannot be parsed
     * @param isCutShort whether there were too many problems to look for more
     */
    public record Parsed(List<TemplateProblem> problems, List<TemplateField> fields, boolean isCutShort) {
        static final Parsed NOTHING = new Parsed(List.of(), List.of(), false);

        public Parsed {
            problems = List.copyOf(problems);
            fields = List.copyOf(fields);
        }
    }

    /** What is wrong with {@code text}; nothing when it has no <code>{{</code>, since it is no template then. */
    public static List<TemplateProblem> check(String text, Functions functions) {
        return parse(text, functions).problems();
    }

    /** What is wrong with {@code text}, and what it uses. */
    public static Parsed parse(String text, Functions functions) {
        int first = text.indexOf(ActionLexer.LEFT);
        return first < 0 ? Parsed.NOTHING : new TemplateParser(text, functions).parse(first);
    }
}
