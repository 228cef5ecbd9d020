package dev.orkestra.template;

import dev.orkestra.template.Operand.Kind;
import java.util.List;

/** Judges terms, and what a command makes of them. Nothing of it keeps the action from being read on. */
final class Terms {
    private final String text;
    private final Tokens tokens;
    private final Functions functions;
    private final Findings findings;

    Terms(String text, Tokens tokens, Functions functions, Findings findings) {
        this.text = text;
        this.tokens = tokens;
        this.functions = functions;
        this.findings = findings;
    }

    /** What a term is that is not in parentheses. */
    Kind kind(Token token) {
        return switch (token.type()) {
            case WORD -> word(token);
            case FIELD -> Kind.FIELD;
            case VARIABLE -> Kind.VARIABLE;
            default -> {
                constant(token);
                yield Kind.CONSTANT;
            }
        };
    }

    private Kind word(Token token) {
        return switch (tokens.text(token)) {
            case "true", "false" -> Kind.CONSTANT;
            case "nil" -> Kind.NIL;
            case String name -> {
                if (!functions.contains(name)) {
                    findings.unknownFunction(token.start(), name);
                }
                yield Kind.FUNCTION;
            }
        };
    }

    private void constant(Token token) {
        switch (token.type()) {
            case NUMBER, COMPLEX -> {
                String number = tokens.text(token);
                boolean isComplex = token.type() == TokenType.COMPLEX;
                if (!(isComplex ? Literals.isComplex(number) : Literals.isNumber(number))) {
                    findings.syntax(token.start(), "not a number: " + Words.shortened(number), numberHint(number));
                }
            }
            case CHARACTER -> {
                if (!Literals.isCharacter(text, token.start(), token.end())) {
                    findings.syntax(
                            token.start(),
                            Words.shortened(tokens.text(token)) + " is not one character",
                            "put texts between double quotes");
                }
            }
            case STRING -> checkEscapes(token);
            default -> {
                // Nothing in the dot or in raw quotes can be wrong.
            }
        }
    }

    private static String numberHint(String number) {
        if (number.equals("-") || number.equals("+")) {
            return Words.NO_OPERATORS;
        }
        return number.matches("[+-]?[0-9_]{18,}") ? "whole numbers have 64 bits" : "";
    }

    /** A wrong escape in a text in double quotes. */
    void checkEscapes(Token string) {
        int bad = Literals.badEscape(text, string.start(), string.end());
        if (bad >= 0) {
            findings.syntax(
                    bad,
                    "an escape that Go does not know: "
                            + Words.shortened(
                                    text.substring(bad, bad + 1 + Character.charCount(text.codePointAt(bad + 1)))),
                    "write '\\\\' for a backslash, or put the text between backquotes");
        }
    }

    /** The term with the fields behind it; constants have none. */
    Operand withFields(Operand term, List<Token> fields) {
        if (fields.isEmpty()) {
            return term;
        }
        Kind kind = switch (term.kind()) {
            case FUNCTION -> Kind.FIELD_OF_FUNCTION;
            case PIPELINE -> Kind.FIELD_OF_PIPELINE;
            case FIELD, VARIABLE -> Kind.FIELD;
            case CONSTANT, NIL -> {
                findings.syntax(
                        fields.getFirst().start(), Words.shortened(tokens.text(term.token())) + " has no fields", "");
                yield term.kind();
            }
            case FIELD_OF_FUNCTION, FIELD_OF_PIPELINE, BROKEN -> term.kind();
        };
        return new Operand(kind, term.token(), fields.getLast().end());
    }

    /**
     * Whether the first operand takes the others, and the value of the stage before it.
     *
     * @param stage from 1
     * @param isBroken whether one of them is wrong already: what is no function is not worth telling then
     */
    void check(List<Operand> operands, int stage, boolean isBroken) {
        Operand first = operands.getFirst();
        List<Operand> arguments = operands.subList(1, operands.size());
        boolean isPiped = stage > 1;
        int given = arguments.size() + (isPiped ? 1 : 0);
        switch (first.kind()) {
            case FUNCTION -> count(first, given, isPiped);
            case FIELD_OF_FUNCTION -> bare(first);
            case FIELD, VARIABLE, PIPELINE, CONSTANT, NIL -> value(first, given, isPiped, isBroken);
            case FIELD_OF_PIPELINE, BROKEN -> {
                // What a function returns may have methods.
            }
        }
        arguments.forEach(this::bare);
    }

    /** A value that stands first, where functions stand. */
    private void value(Operand first, int given, boolean isPiped, boolean isBroken) {
        boolean isConstant = first.kind() == Kind.CONSTANT || first.kind() == Kind.NIL;
        if (isPiped && isConstant) {
            findings.syntax(
                    first.token().start(),
                    shown(first) + " takes no value from '|'",
                    "only functions stand behind '|'");
        } else if (isBroken) {
            return;
        } else if (first.kind() == Kind.NIL) {
            findings.add(TemplateProblem.Kind.NOT_A_FUNCTION, first.token().start(), "'nil' cannot stand alone", "");
        } else if (given > 0) {
            findings.add(
                    TemplateProblem.Kind.NOT_A_FUNCTION,
                    first.token().start(),
                    shown(first) + " is no function and takes no arguments",
                    isPiped ? "only functions stand behind '|'" : "a function stands before its arguments");
        }
    }

    /** A function that stands where nothing can be given to it. */
    private void bare(Operand operand) {
        if (operand.kind() == Kind.FUNCTION || operand.kind() == Kind.FIELD_OF_FUNCTION) {
            functions
                    .find(tokens.text(operand.token()))
                    .filter(function -> !function.takes(0))
                    .ifPresent(function ->
                            wrongCount(operand, function, 0, "put it in parentheses: (" + function.call() + ")"));
        }
    }

    private void count(Operand first, int given, boolean isPiped) {
        functions
                .find(tokens.text(first.token()))
                .filter(function -> !function.takes(given))
                .ifPresent(function -> wrongCount(
                        first,
                        function,
                        given,
                        function.call() + (isPiped ? "; the value before '|' is the last argument" : "")));
    }

    private void wrongCount(Operand operand, Signature function, int given, String hint) {
        findings.add(
                TemplateProblem.Kind.ARGUMENT_COUNT,
                operand.token().start(),
                "'" + function.name() + "' takes " + function.arguments() + ", and is given "
                        + (given == 0 ? "none" : given),
                hint);
    }

    private String shown(Operand operand) {
        return operand.kind() == Kind.PIPELINE
                ? "what stands in parentheses"
                : Words.shortened(text.substring(operand.token().start(), operand.end()));
    }
}
