package dev.orkestra.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands between <code>{{</code> and <code>}}</code>.
 *
 * @param tokens the last one is its end or a fault
 * @param fault what ended it too early, if anything did
 * @param resumeAt where the text goes on; {@link #NOWHERE} when nobody can tell
 */
record Action(int start, List<Token> tokens, @Nullable Fault fault, int resumeAt) {
    static final int NOWHERE = -1;

    /**
     * Why the tokens end.
     *
     * @param at its place in the text, in Java's characters
     */
    record Fault(int at, String message, String hint) {}
}
