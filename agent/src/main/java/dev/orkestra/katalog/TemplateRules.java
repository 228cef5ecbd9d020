package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * Every text with {@code {{} in a Katalog is a Go template. Upstream parses some of them only at run time; a template
 * that cannot be parsed is an error here in a note's expression, where upstream refuses it as well, and a warning
 * elsewhere, where upstream would start and fail later.
 */
final class TemplateRules {
    private final List<Diagnostic> findings;

    TemplateRules(List<Diagnostic> findings) {
        this.findings = findings;
    }

    void check(Node.MapNode katalog) {
        katalog.entries().forEach((key, entry) -> {
            if (key.equals("notes") && entry.value() instanceof Node.MapNode notes) {
                notes(notes);
            } else {
                walk(entry.value());
            }
        });
    }

    private void notes(Node.MapNode notes) {
        notes.list("functions")
                .ifPresent(functions -> functions.items().forEach(item -> {
                    if (item instanceof Node.MapNode function) {
                        function.get("expression")
                                .ifPresent(expression -> problem(expression)
                                        .ifPresent(problem -> findings.add(Diagnostic.error(
                                                ErrorCode.BadTemplate,
                                                message(problem),
                                                expression.position(),
                                                hint(problem)))));
                    }
                }));
    }

    private void walk(Node node) {
        switch (node) {
            case Node.MapNode map -> map.entries().values().forEach(entry -> walk(entry.value()));
            case Node.ListNode list -> list.items().forEach(this::walk);
            case Node.ScalarNode scalar ->
                problem(scalar)
                        .ifPresent(problem -> findings.add(Diagnostic.warning(
                                ErrorCode.BadTemplate, message(problem), scalar.position(), hint(problem))));
        }
    }

    private static Optional<TemplateSyntax.Problem> problem(Node node) {
        return node instanceof Node.ScalarNode(Object value, var _) && value instanceof String text
                ? TemplateSyntax.problem(text)
                : Optional.empty();
    }

    private static String message(TemplateSyntax.Problem problem) {
        return "the template cannot be parsed: " + problem.message();
    }

    private static String hint(TemplateSyntax.Problem problem) {
        return "character " + problem.character() + " of the text";
    }
}
