package dev.orkestra.explain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why an environment is where it is.
 *
 * @param waiting whether it waits for something; false when it is where the newest commit wants it
 * @param what what it does or waits for, as a sentence without its point
 * @param because what keeps it, one line each; objects, findings, messages
 * @param since since when
 * @param until when the wait ends by itself
 * @param then what happens at that time, or when nothing changes
 * @param facts commit, last-good and waves, for the lines below
 * @param commands what helps, ready to be typed
 */
public record Explanation(
        boolean waiting,
        String what,
        List<String> because,
        Optional<Instant> since,
        Optional<Instant> until,
        String then,
        List<Fact> facts,
        List<String> commands) {
    public Explanation {
        because = List.copyOf(because);
        facts = List.copyOf(facts);
        commands = List.copyOf(commands);
    }

    /** A line of its own, such as {@code last-good: b2c4}. */
    public record Fact(String name, String text) {}
}
