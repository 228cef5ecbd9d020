package dev.orkestra.katalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces the template actions of a text that name a Motif's inputs; all others stay for the runtime, which knows no
 * inputs. An input's value may be such an action itself.
 *
 * <p>What can be worked out here: <code>{{ .inputs.NAME }}</code>, {@code inputs.NAME}, {@code index .inputs "NAME"},
 * texts, numbers, parentheses, pipes, and the functions of {@link #FUNCTIONS}.
 */
final class InputExpressions {
    static final Set<String> FUNCTIONS = Set.of("default", "toLower", "toUpper", "trim", "quote", "coalesce");

    private final Map<String, String> inputs;

    InputExpressions(Map<String, String> inputs) {
        this.inputs = inputs;
    }

    /** Why an action cannot be worked out. */
    static final class NotHere extends Exception {
        private static final long serialVersionUID = 1L;

        NotHere(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Whether {@code text} has an action that names an input. */
    static boolean concerns(String text) {
        for (Action action : actions(text)) {
            if (action.namesInputs()) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@code text} with the inputs in place.
     *
     * @throws NotHere an action that names an input does more than can be worked out without a cluster
     */
    String replace(String text) throws NotHere {
        StringBuilder result = new StringBuilder();
        int at = 0;
        for (Action action : actions(text)) {
            if (action.namesInputs()) {
                result.append(text, at, action.start()).append(evaluate(action.body()));
                if (result.length() > LONGEST) {
                    throw new NotHere("it grows beyond " + LONGEST + " characters");
                }
                at = action.end();
            }
        }
        return result.append(text.substring(at)).toString();
    }

    /** Nobody writes such a text by hand; without a bound, pipes could double one until memory ends. */
    private static final int LONGEST = 1 << 20;

    private static String bounded(String value) throws NotHere {
        if (value.length() > LONGEST) {
            throw new NotHere("it grows beyond " + LONGEST + " characters");
        }
        return value;
    }

    private String evaluate(String body) throws NotHere {
        List<String> tokens = tokens(body);
        Evaluation evaluation = new Evaluation(tokens);
        String value = evaluation.pipeline();
        if (evaluation.at < tokens.size()) {
            throw new NotHere("'" + tokens.get(evaluation.at) + "' was not expected");
        }
        return value;
    }

    /**
     * One <code>{{ … }}</code>.
     *
     * @param body what stands between the braces, without trim marks
     */
    private record Action(int start, int end, String body) {
        boolean namesInputs() {
            return tokens(body).stream()
                    .anyMatch(token ->
                            token.equals(".inputs") || token.startsWith(".inputs.") || token.startsWith("inputs."));
        }
    }

    private static List<Action> actions(String text) {
        List<Action> actions = new ArrayList<>();
        int start = text.indexOf("{{");
        while (start >= 0) {
            int end = endOf(text, start + 2);
            if (end < 0) {
                break;
            }
            String body = text.substring(start + 2, end - 2);
            body = body.startsWith("- ") ? body.substring(2) : body;
            body = body.endsWith(" -") ? body.substring(0, body.length() - 2) : body;
            actions.add(new Action(start, end, body));
            start = text.indexOf("{{", end);
        }
        return actions;
    }

    /** Behind the braces that close; those in quotes do not count. */
    private static int endOf(String text, int from) {
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote == '"') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '`') {
                quote = c;
            } else if (text.startsWith("}}", i)) {
                return i + 2;
            }
        }
        return -1;
    }

    /** Words, quoted texts with their first quote, and {@code ( ) |}. */
    private static List<String> tokens(String body) {
        List<String> tokens = new ArrayList<>();
        int i = 0;
        while (i < body.length()) {
            char c = body.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '(' || c == ')' || c == '|') {
                tokens.add(String.valueOf(c));
                i++;
            } else if (c == '"' || c == '`') {
                StringBuilder text = new StringBuilder().append('"');
                i++;
                while (i < body.length() && body.charAt(i) != c) {
                    if (c == '"' && body.charAt(i) == '\\' && i + 1 < body.length()) {
                        i++;
                    }
                    text.append(body.charAt(i++));
                }
                i++;
                tokens.add(text.toString());
            } else {
                int start = i;
                while (i < body.length() && " \t\r\n()|\"`".indexOf(body.charAt(i)) < 0) {
                    i++;
                }
                tokens.add(body.substring(start, i));
            }
        }
        return tokens;
    }

    /** Recursive descent over the tokens of one action. */
    private final class Evaluation {
        private static final int MOST_NESTED = 50;

        private final List<String> tokens;
        private int at;
        private int nested;

        Evaluation(List<String> tokens) {
            this.tokens = tokens;
        }

        String pipeline() throws NotHere {
            String value = command(Optional.empty());
            while (at < tokens.size() && tokens.get(at).equals("|")) {
                at++;
                value = command(Optional.of(value));
            }
            return value;
        }

        private String command(Optional<String> piped) throws NotHere {
            String first = next();
            boolean isFunction = FUNCTIONS.contains(first) || first.equals("index");
            if (!isFunction) {
                String value = value(first);
                if (piped.isPresent()) {
                    throw new NotHere("a value cannot be piped into '" + first + "'");
                }
                return value;
            }
            if (first.equals("index")) {
                return index();
            }
            List<String> arguments = new ArrayList<>();
            while (at < tokens.size()
                    && !tokens.get(at).equals("|")
                    && !tokens.get(at).equals(")")) {
                arguments.add(value(next()));
            }
            piped.ifPresent(arguments::add);
            return call(first, arguments);
        }

        private String next() throws NotHere {
            if (at >= tokens.size()) {
                throw new NotHere("it ends too early");
            }
            return tokens.get(at++);
        }

        private String index() throws NotHere {
            String map = next();
            String key = next();
            if (!map.equals(".inputs") || !key.startsWith("\"")) {
                throw new NotHere("index works on .inputs with a name in quotes only");
            }
            return input(key.substring(1));
        }

        private String value(String token) throws NotHere {
            if (token.equals("(")) {
                if (++nested > MOST_NESTED) {
                    throw new NotHere("it is nested too deeply");
                }
                String value = pipeline();
                if (!next().equals(")")) {
                    throw new NotHere("a '(' is not closed");
                }
                nested--;
                return value;
            }
            if (token.startsWith("\"")) {
                return token.substring(1);
            }
            if (token.startsWith(".inputs.")) {
                return input(token.substring(".inputs.".length()));
            }
            if (token.startsWith("inputs.")) {
                return input(token.substring("inputs.".length()));
            }
            boolean isLiteral = token.equals("true") || token.equals("false") || isNumber(token);
            if (isLiteral) {
                return token;
            }
            throw new NotHere(
                    token.startsWith(".")
                            ? "'" + token + "' is known at run time only"
                            : "the function '" + token + "' is not worked out here");
        }

        private static boolean isNumber(String token) {
            return !token.isEmpty()
                    && token.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.' || c == '-')
                    && Character.isDigit(token.charAt(token.length() - 1));
        }

        private String input(String name) throws NotHere {
            String value = inputs.get(name);
            if (value == null) {
                throw new NotHere("the Motif declares no input '" + name + "'");
            }
            return value;
        }

        private String call(String function, List<String> arguments) throws NotHere {
            int wanted = function.equals("default") ? 2 : function.equals("coalesce") ? arguments.size() : 1;
            if (arguments.size() != wanted || arguments.isEmpty()) {
                throw new NotHere(
                        "'" + function + "' takes " + Math.max(1, wanted) + " arguments and has " + arguments.size());
            }
            String last = arguments.getLast();
            return bounded(
                    switch (function) {
                        case "default" -> last.isEmpty() ? arguments.getFirst() : last;
                        case "coalesce" ->
                            arguments.stream()
                                    .filter(text -> !text.isEmpty())
                                    .findFirst()
                                    .orElse("");
                        case "toLower" -> last.toLowerCase(Locale.ROOT);
                        case "toUpper" -> last.toUpperCase(Locale.ROOT);
                        case "trim" -> last.strip();
                        case "quote" -> "\"" + last.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
                        default -> throw new IllegalStateException("no such function: " + function);
                    });
        }
    }
}
