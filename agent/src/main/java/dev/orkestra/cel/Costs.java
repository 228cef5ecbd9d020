package dev.orkestra.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the calls of an expression cost. A call is paid for before it is made, when its last argument is known: a
 * replacement may make a text of millions of another of thousands.
 */
final class Costs {
    /** Counting further than this decides nothing: it is over every budget. */
    private static final long MOST = 2 * CelBudget.ONE_EXPRESSION;

    private final Map<Long, Call> callsByLastArgument = new HashMap<>();
    private final Map<Long, Long> argumentsOf = new HashMap<>();

    /** A call and the ids of its arguments, the subject first. */
    record Call(long id, String function, List<Long> arguments) {}

    Costs(CelAbstractSyntaxTree tree) {
        for (CelExpr expression : Expressions.all(tree)) {
            if (expression.getKind() != CelExpr.ExprKind.Kind.CALL) {
                continue;
            }
            List<Long> arguments = new ArrayList<>();
            expression.call().target().ifPresent(target -> arguments.add(target.id()));
            expression.call().args().forEach(argument -> arguments.add(argument.id()));
            if (!arguments.isEmpty()) {
                Call call = new Call(expression.id(), expression.call().function(), arguments);
                callsByLastArgument.put(arguments.getLast(), call);
                arguments.forEach(argument -> argumentsOf.put(argument, expression.id()));
            }
        }
    }

    /** The call that is made next when the part {@code id} has its value. */
    Optional<Call> callAfter(long id) {
        return Optional.ofNullable(callsByLastArgument.get(id));
    }

    boolean isArgument(long id) {
        return argumentsOf.containsKey(id);
    }

    /** What calling {@code function} costs; arguments that are not known are left out. */
    static long of(String function, List<Object> arguments) {
        long all = arguments.stream().mapToLong(Costs::weight).sum();
        Object first = arguments.isEmpty() ? "" : arguments.getFirst();
        Object second = arguments.size() < 2 ? "" : arguments.get(1);
        return switch (function) {
            case "_[_]", "_?._", "_[?_]", "_&&_", "_||_", "_?_:_", "!_", "@not_strictly_false" -> 0;
            case "size" -> first instanceof String text ? text.length() / 10 : 0;
            case "_==_", "_!=_" -> Math.min(deep(first), deep(second));
            case "@in" -> second instanceof Map<?, ?> ? 1 : times(weight(second) + 1, deep(first));
            case "indexOf", "lastIndexOf" ->
                first instanceof Collection<?> list
                        ? times(list.size() + 1L, deep(second))
                        : times(weight(first) + 1, weight(second) + 1);
            case "contains", "startsWith", "endsWith" -> times(weight(first) + 1, weight(second) + 1);
            case "matches", "find", "findAll" -> matching(first, second);
            case "replace" -> replacing(arguments);
            case "join" -> joining(first, second);
            case "distinct", "sort", "@sortByAssociatedKeys" -> times(weight(first) + 1, weight(first) + 1) / 4;
            case "sets.contains", "sets.equivalent", "sets.intersects" -> times(weight(first) + 1, deep(second));
            case "lists.range" -> first instanceof Long number ? Math.max(0, number) : 1;
            case "_+_" -> first instanceof Collection<?> ? all / 5 : all;
            case "flatten", "format", "string" ->
                arguments.stream().mapToLong(Costs::deep).sum();
            default -> all;
        };
    }

    private static long matching(Object text, Object pattern) {
        long states = 1;
        try {
            states = pattern instanceof String expression
                    ? TextFunctions.pattern(expression).size()
                    : 1;
        } catch (IllegalArgumentException e) {
            return 1; // the call fails
        }
        return times(weight(text) + 1, states / 4 + 1);
    }

    private static long replacing(List<Object> arguments) {
        if (arguments.size() < 3
                || !(arguments.get(0) instanceof String text)
                || !(arguments.get(1) instanceof String old)
                || !(arguments.get(2) instanceof String other)) {
            return 1;
        }
        long most = text.length() / Math.max(1, old.length()) + 1L;
        return (text.length() + times(most, other.length())) / 10 + 1;
    }

    private static long joining(Object list, Object separator) {
        return list instanceof Collection<?> items
                ? deep(list) + times(items.size(), separator instanceof String text ? text.length() : 0) / 10
                : 1;
    }

    /** A tenth of the characters, or the items. */
    static long weight(Object value) {
        return switch (value) {
            case String text -> text.length() / 10;
            case CelByteString bytes -> bytes.size() / 10;
            case Collection<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            default -> 1;
        };
    }

    /** The weight of a value and of all in it. */
    static long deep(Object value) {
        return deep(value, MOST);
    }

    private static long deep(Object value, long most) {
        long sum = 1;
        switch (value) {
            case Collection<?> list -> {
                for (Object item : list) {
                    sum += deep(item, most - sum);
                    if (sum >= most) {
                        break;
                    }
                }
            }
            case Map<?, ?> map -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    sum += 1 + deep(entry.getValue(), most - sum);
                    if (sum >= most) {
                        break;
                    }
                }
            }
            default -> sum += weight(value);
        }
        return sum;
    }

    private static long times(long a, long b) {
        return a == 0 || b == 0 ? 0 : a > MOST / b ? MOST : a * b;
    }
}
