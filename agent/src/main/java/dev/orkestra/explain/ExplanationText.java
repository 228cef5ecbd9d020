package dev.orkestra.explain;

import dev.orkestra.outcome.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** An explanation as lines for people. What comes from the cluster cannot steer the terminal. */
public final class ExplanationText {
    private static final int LABEL = 15;

    private ExplanationText() {}

    /** @param title the ConfigRepo, for people */
    public static List<String> lines(String title, Explanation explanation, Instant now, boolean colours) {
        List<String> lines = new ArrayList<>();
        lines.add((colours ? bold(title) : title) + ": " + OneLine.of(explanation.what()));
        explanation.because().forEach(reason -> lines.add("  " + mark(colours) + " " + OneLine.of(reason)));
        explanation
                .since()
                .ifPresent(since -> lines.add(labelled(
                        "since", seconds(since) + " (" + Explainer.words(Duration.between(since, now)) + ")")));
        explanation.until().ifPresent(until -> lines.add(labelled("until", until(until, now))));
        if (!explanation.then().isEmpty()) {
            lines.add(labelled("then", explanation.then()));
        }
        explanation.facts().forEach(fact -> lines.add(labelled(fact.name(), OneLine.of(fact.text()))));
        for (String command : explanation.commands()) {
            lines.add(labelled(command.equals(explanation.commands().getFirst()) ? "what helps" : "", command));
        }
        return lines;
    }

    private static String until(Instant until, Instant now) {
        return seconds(until)
                + (until.isAfter(now)
                        ? " (in " + Explainer.words(Duration.between(now, until)) + ")"
                        : " (that was " + Explainer.words(Duration.between(until, now)) + " ago)");
    }

    private static String labelled(String label, String text) {
        return "  " + label + " ".repeat(Math.max(1, LABEL - label.length())) + text;
    }

    private static String mark(boolean colours) {
        return colours ? "\u001b[33m◎\u001b[0m" : "◎";
    }

    private static String bold(String text) {
        return "\u001b[1m" + OneLine.of(text) + "\u001b[0m";
    }

    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
