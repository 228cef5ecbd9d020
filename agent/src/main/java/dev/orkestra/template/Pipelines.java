package dev.orkestra.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Reads what an action evaluates: pipelines of commands, which are functions and their arguments. */
final class Pipelines {
    /** Words that cannot be the name of a function. */
    static final Set<String> KEYWORDS =
            Set.of("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with");

    private static final Set<TokenType> TERMS = Set.of(
            TokenType.WORD,
            TokenType.FIELD,
            TokenType.DOT,
            TokenType.VARIABLE,
            TokenType.NUMBER,
            TokenType.COMPLEX,
            TokenType.CHARACTER,
            TokenType.STRING,
            TokenType.RAW_STRING,
            TokenType.LEFT_PAREN);

    private final Functions functions;
    private final Findings findings;
    private final Action action;
    private final Tokens tokens;
    private final Scope scope;
    private final Terms terms;
    /** Whether an earlier action is broken: what it would have declared is not known then. */
    private final boolean isUnsure;

    private int depth;

    Pipelines(
            String text,
            Action action,
            Tokens tokens,
            Functions functions,
            Scope scope,
            Findings findings,
            boolean isUnsure) {
        this.functions = functions;
        this.findings = findings;
        this.action = action;
        this.tokens = tokens;
        this.scope = scope;
        this.isUnsure = isUnsure;
        this.terms = new Terms(text, tokens, functions, findings);
    }

    /**
     * Reads a pipeline up to {@code closing}.
     *
     * @param owner the word or sign before it, which is at fault when there is no pipeline
     * @return whether the action can be read on
     */
    boolean pipeline(Token owner, TokenType closing, boolean isRange) {
        List<Token> declared = new ArrayList<>();
        if (!declarations(declared, isRange)) {
            return false;
        }
        int stage = 0;
        while (tokens.peekBehindSpace().type() != closing) {
            if (!isTerm(tokens.peek())) {
                return unexpected(tokens.peek());
            }
            if (!command(++stage)) {
                return false;
            }
        }
        tokens.next();
        if (stage == 0) {
            missingValue(declared.isEmpty() ? owner : declared.getLast());
        }
        declared.forEach(variable -> scope.declare(tokens.text(variable)));
        return true;
    }

    private void missingValue(Token owner) {
        String before = owner.start() == action.start() ? "'{{ }}'" : Words.shortened(tokens.text(owner));
        findings.syntax(owner.start(), "there is no value behind " + before, "");
    }

    /** Variables that the pipeline sets. They are there when its value is, so not yet in the pipeline. */
    private boolean declarations(List<Token> declared, boolean isRange) {
        while (tokens.peekBehindSpace().type() == TokenType.VARIABLE) {
            int mark = tokens.mark();
            Token variable = tokens.next();
            Token sign = tokens.peekBehindSpace();
            if (sign.type() == TokenType.ASSIGN || sign.type() == TokenType.DECLARE) {
                tokens.next();
                declared.add(variable);
                if (sign.type() == TokenType.ASSIGN) {
                    declared.forEach(this::checkDeclared);
                }
                return true;
            }
            if (!isComma(sign)) {
                tokens.back(mark);
                return true;
            }
            tokens.next();
            declared.add(variable);
            if (!isRange || declared.size() > 1) {
                findings.syntax(
                        sign.start(),
                        "',' between variables",
                        isRange ? "range sets two at most" : "only range sets two variables");
                return false;
            }
            Token following = tokens.peekBehindSpace();
            if (!Set.of(TokenType.VARIABLE, TokenType.RIGHT, TokenType.RIGHT_PAREN)
                    .contains(following.type())) {
                return unexpected(following);
            }
        }
        return true;
    }

    private void checkDeclared(Token variable) {
        if (!isUnsure && !scope.has(tokens.text(variable))) {
            findings.syntax(
                    variable.start(),
                    "the variable " + Words.shortened(tokens.text(variable)) + " is set and was not declared",
                    "declare it with ':='");
        }
    }

    private boolean isComma(Token token) {
        return token.type() == TokenType.OTHER && tokens.text(token).equals(",");
    }

    private boolean isTerm(Token token) {
        return TERMS.contains(token.type()) && !(token.type() == TokenType.WORD && isKeyword(token));
    }

    /** Two of the keywords are functions when there are functions of these names. */
    private boolean isKeyword(Token word) {
        String name = tokens.text(word);
        return KEYWORDS.contains(name)
                && !(functions.contains(name) && (name.equals("break") || name.equals("continue")));
    }

    private boolean command(int stage) {
        List<Operand> operands = new ArrayList<>();
        int before = findings.count();
        while (true) {
            if (isTerm(tokens.peekBehindSpace())) {
                Operand operand = operand();
                if (operand.kind() == Operand.Kind.BROKEN) {
                    return false;
                }
                operands.add(operand);
            }
            switch (tokens.peek().type()) {
                case SPACE -> tokens.next();
                case PIPE -> {
                    tokens.next();
                    terms.check(operands, stage, findings.count() > before);
                    return true;
                }
                case RIGHT, RIGHT_PAREN -> {
                    terms.check(operands, stage, findings.count() > before);
                    return true;
                }
                default -> {
                    return unexpected(tokens.peek());
                }
            }
        }
    }

    /** A term and the fields of it. */
    private Operand operand() {
        Token first = tokens.next();
        Operand.Kind kind = first.type() == TokenType.LEFT_PAREN ? parenthesis(first) : terms.kind(first);
        List<Token> fields = new ArrayList<>();
        while (tokens.peek().type() == TokenType.FIELD) {
            fields.add(tokens.next());
        }
        if (first.type() == TokenType.VARIABLE && !isUnsure && !scope.has(tokens.text(first)) && !isToBeSet()) {
            findings.syntax(
                    first.start(), "the variable " + Words.shortened(tokens.text(first)) + " is not declared here", "");
        }
        root(first, fields);
        return terms.withFields(new Operand(kind, first, first.end()), fields);
    }

    /** Whether what comes next is a sign that sets a variable, in the wrong place, or something worse. */
    private boolean isToBeSet() {
        int mark = tokens.mark();
        TokenType next = tokens.peekBehindSpace().type();
        tokens.back(mark);
        return next == TokenType.ASSIGN || next == TokenType.DECLARE || next == TokenType.FAULT;
    }

    private Operand.Kind parenthesis(Token left) {
        if (depth == Template.DEEPEST) {
            findings.syntax(left.start(), "more than " + Template.DEEPEST + " parentheses in each other", "");
            return Operand.Kind.BROKEN;
        }
        depth++;
        boolean isRead = pipeline(left, TokenType.RIGHT_PAREN, false);
        depth--;
        return isRead ? Operand.Kind.PIPELINE : Operand.Kind.BROKEN;
    }

    private void root(Token first, List<Token> fields) {
        boolean isDot = first.type() == TokenType.FIELD && scope.isDotRoot();
        boolean isDollar = first.type() == TokenType.VARIABLE
                && !fields.isEmpty()
                && scope.isDollarRoot()
                && tokens.text(first).equals(Scope.ROOT);
        if (isDot || isDollar) {
            List<String> names = new ArrayList<>();
            if (isDot) {
                names.add(tokens.text(first).substring(1));
            }
            fields.forEach(field -> names.add(tokens.text(field).substring(1)));
            findings.field(names, first.start());
        }
    }

    /** Always false, for the callers' return. */
    boolean unexpected(Token token) {
        if (token.type() == TokenType.FAULT) {
            findings.fault(Objects.requireNonNull(action.fault()));
        } else {
            String sign = tokens.text(token).strip();
            String hint = token.type() == TokenType.WORD && isKeyword(token)
                    ? "it begins an action of its own: {{ " + sign + " … }}"
                    : Words.misplaced(token.type(), sign);
            findings.syntax(token.start(), Words.shortened(sign) + " cannot stand here", hint);
        }
        return false;
    }
}
