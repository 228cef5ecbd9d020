package dev.orkestra.cel;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;

/** An expression that was read and checked. Safe for use from many threads. */
public final class CelProgram {
    private final CelRuntime.Program program;
    private final Costs costs;
    private final CelType type;
    private final java.util.Set<String> names;

    CelProgram(CelRuntime.Program program, CelAbstractSyntaxTree tree) {
        this.program = program;
        this.costs = new Costs(tree);
        this.type = tree.getResultType();
        this.names = tree.getReferenceMap().values().stream()
                .map(reference -> reference.name())
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /** Whether it says true or false. A value of unknown type does not count: the API server takes none either. */
    public boolean isTruth() {
        return type.equals(SimpleType.BOOL);
    }

    /** Whether it says a text. */
    public boolean isText() {
        return type.equals(SimpleType.STRING);
    }

    /** The name of the result's type. */
    public String resultType() {
        return type.name();
    }

    /** Whether the expression names the variable. */
    public boolean uses(String variable) {
        return names.contains(variable);
    }

    /**
     * What the expression says of {@code values}.
     *
     * @param values a value for each variable that the expression {@linkplain #uses uses}
     * @param budget pays for it; an expression gets {@link CelBudget#ONE_EXPRESSION} of it at most
     */
    public CelResult evaluate(Map<String, CelValue> values, CelBudget budget) {
        ImmutableMap.Builder<String, Object> inputs = ImmutableMap.builder();
        for (Map.Entry<String, CelValue> entry : values.entrySet()) {
            if (entry.getValue().value() instanceof Values.Unreadable unreadable && uses(entry.getKey())) {
                return new CelResult.NotKnown(String.valueOf(unreadable.getMessage()));
            }
            inputs.put(entry.getKey(), entry.getValue().value());
        }
        Meter meter = new Meter(costs, Math.min(budget.left(), CelBudget.ONE_EXPRESSION));
        try {
            if (budget.isSpent()) {
                return new CelResult.TooCostly();
            }
            Object result = program.trace(inputs.buildOrThrow(), meter);
            return meter.isSpent() ? new CelResult.TooCostly() : result(result);
        } catch (CelEvaluationException | RuntimeException e) {
            return meter.isSpent() ? new CelResult.TooCostly() : Failures.of(e);
        } finally {
            budget.spend(meter.used());
        }
    }

    private static CelResult result(Object value) {
        return switch (value) {
            case Boolean truth -> new CelResult.Truth(truth);
            case String text -> new CelResult.Text(text);
            default -> new CelResult.Other(TextFormat.shown(value));
        };
    }
}
