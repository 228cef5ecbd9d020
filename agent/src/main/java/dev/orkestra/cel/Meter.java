package dev.orkestra.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pays for one evaluation, step by step, and ends it when nothing is left. The language's {@code ||} swallows what is
 * thrown in one of its sides, so whoever asks has to look at {@link #isSpent} whatever came out.
 */
final class Meter implements CelEvaluationListener {
    private final Costs costs;
    private final Map<Long, Object> arguments = new HashMap<>();
    private final long most;
    private long used;

    Meter(Costs costs, long most) {
        this.costs = costs;
        this.most = most;
    }

    /** Ends an evaluation. */
    private static final class Spent extends RuntimeException {
        Spent() {
            super("the budget is spent", null, false, false);
        }
    }

    boolean isSpent() {
        return used > most;
    }

    long used() {
        return used;
    }

    @Override
    public void callback(CelExpr expression, Object result) {
        long id = expression.id();
        // The library walks its own lists and maps whenever they are named.
        spend(1 + (isPlain(result) ? Costs.weight(result) / 5 : 0));
        if (costs.isArgument(id)) {
            arguments.put(id, result);
            costs.callAfter(id).ifPresent(call -> spend(Costs.of(call.function(), values(call))));
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof Collection<?> && !(value instanceof ListView)
                || value instanceof Map<?, ?> && !(value instanceof MapView);
    }

    private List<Object> values(Costs.Call call) {
        List<Object> values = new ArrayList<>(call.arguments().size());
        call.arguments().forEach(id -> {
            Object value = arguments.get(id);
            if (value != null) {
                values.add(value);
            }
        });
        return values;
    }

    private void spend(long units) {
        used += units;
        if (used > most) {
            throw new Spent();
        }
    }
}
