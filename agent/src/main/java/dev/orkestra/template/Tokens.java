package dev.orkestra.template;

import java.util.List;

/** The tokens of an action, one after the other. The last one, its end or a fault, is there for ever. */
final class Tokens {
    private final String text;
    private final List<Token> tokens;
    private int next;

    Tokens(String text, Action action) {
        this.text = text;
        this.tokens = action.tokens();
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekBehindSpace() {
        skipSpace();
        return peek();
    }

    Token next() {
        Token token = peek();
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    Token nextBehindSpace() {
        skipSpace();
        return next();
    }

    void skipSpace() {
        while (peek().type() == TokenType.SPACE) {
            next++;
        }
    }

    /** The place, for {@link #back}. */
    int mark() {
        return next;
    }

    void back(int mark) {
        next = mark;
    }

    String text(Token token) {
        return token.text(text);
    }
}
