package dev.orkestra.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known at a place of a template, or of one that it defines. */
final class Scope {
    static final String ROOT = "$";

    private final List<String> variables = new ArrayList<>();
    private final Map<String, Integer> times = new HashMap<>();
    private final boolean isMain;
    private boolean isRootKnown = true;
    private int loops;
    private int dots;

    private Scope(boolean isMain) {
        this.isMain = isMain;
        declare(ROOT);
        this.isRootKnown = isMain;
    }

    /** Of the text itself. */
    static Scope main() {
        return new Scope(true);
    }

    /** Of a template that the text defines: it knows none of the text's variables, and has a root of its own. */
    static Scope defined() {
        return new Scope(false);
    }

    boolean has(String variable) {
        return times.containsKey(variable);
    }

    void declare(String variable) {
        variables.add(variable);
        times.merge(variable, 1, Integer::sum);
        if (variable.equals(ROOT)) {
            isRootKnown = false;
        }
    }

    /** How many variables there are, for {@link #forget}. */
    int mark() {
        return variables.size();
    }

    /** Takes away what has been declared since the mark. */
    void forget(int mark) {
        while (variables.size() > mark) {
            times.computeIfPresent(variables.removeLast(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    void enter(boolean isLoop, boolean movesDot) {
        loops += isLoop ? 1 : 0;
        dots += movesDot ? 1 : 0;
    }

    void leave(boolean isLoop, boolean movesDot) {
        loops -= isLoop ? 1 : 0;
        dots -= movesDot ? 1 : 0;
    }

    boolean isInLoop() {
        return loops > 0;
    }

    /** Whether the dot is the root of the template's data. */
    boolean isDotRoot() {
        return isMain && dots == 0;
    }

    /** Whether the dollar sign is. */
    boolean isDollarRoot() {
        return isRootKnown;
    }
}
