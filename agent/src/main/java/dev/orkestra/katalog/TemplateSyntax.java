package dev.orkestra.katalog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/**
 * The outer syntax of Go's text/template: delimiters, comments, quotes, parentheses, and blocks that begin and end.
 * Functions and paths are not looked at.
 */
final class TemplateSyntax {
    private static final Set<String> OPENING = Set.of("if", "range", "with", "define", "block");

    private final String text;
    private final Deque<String> open = new ArrayDeque<>();
    private int at;

    private TemplateSyntax(String text) {
        this.text = text;
    }

    /**
     * What is wrong.
     *
     * @param character 1-based place in the text
     */
    record Problem(String message, int character) {}

    /** The first problem in {@code text}; a text without <code>{{</code> has none. */
    static Optional<Problem> problem(String text) {
        return text.contains("{{") ? new TemplateSyntax(text).run() : Optional.empty();
    }

    private Optional<Problem> run() {
        for (int start = text.indexOf("{{"); start >= 0; start = text.indexOf("{{", at)) {
            at = start + 2;
            Optional<Problem> problem = isComment() ? comment(start) : action(start);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem("'" + open.peek() + "' has no {{ end }}", text.length()));
    }

    private boolean isComment() {
        return text.startsWith("/*", at) || text.startsWith("- /*", at);
    }

    private Optional<Problem> comment(int start) {
        int end = text.indexOf("*/", at);
        int close = end < 0 ? -1 : text.indexOf("}}", end);
        if (close < 0) {
            return Optional.of(new Problem("a comment that does not end", start + 1));
        }
        at = close + 2;
        return Optional.empty();
    }

    private Optional<Problem> action(int start) {
        int parentheses = 0;
        StringBuilder words = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (text.startsWith("}}", at)) {
                at += 2;
                return parentheses == 0 ? block(words.toString(), start) : unclosed("(", start);
            }
            if (c == '"' || c == '`' || c == '\'') {
                if (!skipQuoted(c)) {
                    return Optional.of(new Problem("a quote " + c + " that does not end", start + 1));
                }
                words.append("\"\"");
                continue;
            }
            parentheses += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (parentheses < 0) {
                return Optional.of(new Problem("a ')' without '('", at + 1));
            }
            words.append(c);
            at++;
        }
        return unclosed("{{", start);
    }

    private static Optional<Problem> unclosed(String what, int start) {
        return Optional.of(new Problem("'" + what + "' is not closed", start + 1));
    }

    /** Whether the quoted text that begins here ends; if so, {@link #at} is behind it. */
    private boolean skipQuoted(char quote) {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '`') {
                i++;
            } else if (c == '\n' && quote != '`') {
                return false;
            } else if (c == quote) {
                at = i + 1;
                return true;
            }
        }
        return false;
    }

    /** Whether a '|' stands at either end or before another one; by hand, so that the time is linear in the text. */
    private static boolean hasLonePipe(String content) {
        boolean lone = true;
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '|' && lone) {
                return true;
            }
            lone = c == '|' || lone && Character.isWhitespace(c);
        }
        return content.endsWith("|");
    }

    private Optional<Problem> block(String words, int start) {
        String content = words.startsWith("- ") ? words.substring(2) : words;
        content = content.endsWith(" -") ? content.substring(0, content.length() - 2) : content;
        content = content.strip();
        if (content.isEmpty()) {
            return Optional.of(new Problem("an empty {{ }}", start + 1));
        }
        if (hasLonePipe(content)) {
            return Optional.of(new Problem("a '|' with nothing beside it", start + 1));
        }
        String word = content.split("[\\s(]", 2)[0];
        if (OPENING.contains(word)) {
            open.push(word);
        } else if (word.equals("end") && open.pollFirst() == null) {
            return Optional.of(new Problem("an 'end' without a beginning", start + 1));
        } else if (word.equals("else") && open.isEmpty()) {
            return Optional.of(new Problem("an 'else' without 'if'", start + 1));
        }
        return Optional.empty();
    }
}
