package dev.orkestra.template;

import dev.orkestra.template.Action.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cuts one action into tokens, and finds its end even when something in it is wrong. */
final class ActionLexer {
    static final String LEFT = "{{";
    static final String RIGHT = "}}";
    private static final String TRIMMED_RIGHT = "-}}";

    private final String text;
    private final int start;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Integer> parentheses = new ArrayDeque<>();
    private int at;
    private @Nullable Fault fault;

    private ActionLexer(String text, int start) {
        this.text = text;
        this.start = start;
        this.at = contentOf(text, start);
    }

    /** The action that begins at {@code start}. */
    static Action read(String text, int start) {
        return new ActionLexer(text, start).action();
    }

    /** Where an action's content begins: behind the delimiter and the mark that trims the text before it. */
    static int contentOf(String text, int start) {
        int content = start + LEFT.length();
        return text.startsWith("-", content) && isSpace(at(text, content + 1)) ? content + 2 : content;
    }

    /** How long the delimiter is that ends an action at {@code at}, its trim mark counted; 0 when there is none. */
    static int closing(String text, int at) {
        if (text.startsWith(RIGHT, at)) {
            return RIGHT.length();
        }
        return isSpace(at(text, at)) && text.startsWith(TRIMMED_RIGHT, at + 1) ? TRIMMED_RIGHT.length() + 1 : 0;
    }

    private Action action() {
        while (fault == null) {
            int closing = closing(text, at);
            if (closing > 0) {
                return end(closing);
            }
            if (at == text.length()) {
                fault(start, "the action is not closed", "end it with '}}'");
                return faulty(Action.NOWHERE);
            }
            token();
        }
        return faulty(afterFault());
    }

    private Action end(int closing) {
        if (parentheses.isEmpty()) {
            tokens.add(new Token(TokenType.RIGHT, at, at + closing));
            return new Action(start, tokens, null, at + closing);
        }
        fault(parentheses.getLast(), "'(' is not closed", "write ')' before '}}'");
        return faulty(at + closing);
    }

    private Action faulty(int resumeAt) {
        tokens.add(new Token(TokenType.FAULT, at, at));
        return new Action(start, tokens, fault, resumeAt);
    }

    private void fault(int place, String message, String hint) {
        fault = new Fault(place, message, hint);
    }

    private void token() {
        int c = text.codePointAt(at);
        switch (c) {
            case ' ', '\t', '\r', '\n' -> space();
            case '=' -> add(TokenType.ASSIGN, 1);
            case ':' -> colon();
            case '|' -> add(TokenType.PIPE, 1);
            case '"' ->
                quoted(TokenType.STRING, '"', "the text in quotes does not end", "close it with '\"' on the same line");
            case '\'' ->
                quoted(
                        TokenType.CHARACTER,
                        '\'',
                        "the character in quotes does not end",
                        "put texts between double quotes");
            case '`' -> raw();
            case '$' -> name(TokenType.VARIABLE, 1);
            case '.' -> dot();
            case '(' -> {
                parentheses.addLast(at);
                add(TokenType.LEFT_PAREN, 1);
            }
            case ')' -> rightParenthesis();
            case '}' -> fault(at, "a single '}'", "an action ends with '}}'");
            case '{' -> brace();
            default -> other(c);
        }
    }

    private void other(int c) {
        if (c == '+' || c == '-' || (c >= '0' && c <= '9')) {
            number();
        } else if (isWordPart(c)) {
            name(TokenType.WORD, 0);
        } else if (c > ' ' && c < 0x7F) {
            add(TokenType.OTHER, 1);
        } else {
            fault(at, "a character that means nothing here: " + Words.character(c), Words.lookAlike(c));
        }
    }

    private void add(TokenType type, int length) {
        tokens.add(new Token(type, at, at + length));
        at += length;
    }

    private void space() {
        int end = at;
        while (isSpace(at(text, end))) {
            end++;
        }
        // The last one may be part of the delimiter.
        add(TokenType.SPACE, (text.startsWith(TRIMMED_RIGHT, end) ? end - 1 : end) - at);
    }

    private void colon() {
        if (text.startsWith(":=", at)) {
            add(TokenType.DECLARE, 2);
        } else {
            fault(at, "':' without '='", "declare a variable with ':='");
        }
    }

    private void rightParenthesis() {
        if (parentheses.pollLast() == null) {
            fault(at, "')' without '('", "");
        } else {
            add(TokenType.RIGHT_PAREN, 1);
        }
    }

    private void brace() {
        if (text.startsWith(LEFT, at)) {
            fault(start, "the action is not closed before the next one", "end it with '}}'");
        } else {
            add(TokenType.OTHER, 1);
        }
    }

    private void dot() {
        int next = at(text, at + 1);
        if (next >= '0' && next <= '9') {
            number();
        } else {
            name(TokenType.FIELD, 1);
        }
    }

    /** A name behind {@code prefix} characters; no name at all is the dot or the dollar sign alone. */
    private void name(TokenType type, int prefix) {
        int end = at + prefix;
        while (end < text.length() && isWordPart(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        if (!endsWord(end)) {
            badEnd(end);
            return;
        }
        add(type == TokenType.FIELD && end == at + 1 ? TokenType.DOT : type, end - at);
    }

    private void badEnd(int end) {
        String before = Words.shortened(text.substring(at, end));
        int c = text.codePointAt(end);
        fault(end, Words.character(c) + " right behind " + before, Words.behindWord(c));
    }

    private boolean endsWord(int end) {
        if (end == text.length()) {
            return true;
        }
        return switch (text.charAt(end)) {
            case ' ', '\t', '\r', '\n', '.', ',', '|', ':', '(', ')' -> true;
            default -> text.startsWith(RIGHT, end);
        };
    }

    private void number() {
        int end = Literals.endOfNumber(text, at);
        boolean isComplex = end > 0 && (at(text, end) == '+' || at(text, end) == '-');
        if (isComplex) {
            end = Literals.endOfNumber(text, end);
            isComplex = end > 0 && text.charAt(end - 1) == 'i';
            end = isComplex ? end : -1;
        }
        if (end < 0) {
            fault(at, "not a number: " + Words.wordAt(text, at), "");
        } else {
            add(isComplex ? TokenType.COMPLEX : TokenType.NUMBER, end - at);
        }
    }

    private void quoted(TokenType type, char quote, String message, String hint) {
        Optional<Integer> end = endOfQuoted(at, quote);
        if (end.isPresent()) {
            add(type, end.get() - at);
        } else {
            fault(at, message, hint);
        }
    }

    private void raw() {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            fault(at, "the text in quotes does not end", "close it with '`'");
        } else {
            add(TokenType.RAW_STRING, end + 1 - at);
        }
    }

    private Optional<Integer> endOfQuoted(int open, char quote) {
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) != '\n') {
                i++;
            } else if (c == '\\' || c == '\n') {
                return Optional.empty();
            } else if (c == quote) {
                return Optional.of(i + 1);
            }
        }
        return Optional.empty();
    }

    /** Where the text goes on behind something wrong: behind the action's end, or at the next action. */
    private int afterFault() {
        if (at < text.length() && text.charAt(at) == '}') {
            return at + 1;
        }
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith(LEFT, i)) {
                return i;
            }
            if (text.startsWith(RIGHT, i)) {
                return i + RIGHT.length();
            }
            if (c == '"' || c == '`') {
                int end = c == '`'
                        ? text.indexOf('`', i + 1) + 1
                        : endOfQuoted(i, c).orElse(0);
                if (end == 0) {
                    // What is text and what is not cannot be told any more.
                    return Action.NOWHERE;
                }
                i = end - 1;
            }
        }
        return Action.NOWHERE;
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    static boolean isWordPart(int c) {
        return c == '_' || Character.isLetter(c) || Character.isDigit(c);
    }

    /** The character there, or 0 behind the end. */
    static int at(String text, int place) {
        return place < text.length() ? text.charAt(place) : 0;
    }
}
