package dev.orkestra.cli;

import dev.orkestra.document.Suggestions;
import dev.orkestra.report.RulePage;
import dev.orkestra.rules.Catalogue;
import dev.orkestra.rules.RuleInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What there is to read about rules, on the terminal. */
final class RuleList {
    private RuleList() {}

    /** A line for each. */
    static void print(PrintWriter out) {
        List<RuleInfo> all = Catalogue.all();
        int width = all.stream().mapToInt(rule -> rule.id().length()).max().orElse(0);
        for (RuleInfo rule : all) {
            String severity = rule.severity().name().toLowerCase(Locale.ROOT);
            out.println(String.format("%-" + width + "s  %-7s  %s", rule.id(), severity, rule.summary()));
        }
    }

    /** The page of the rule {@code id}; empty when there is no such rule. */
    static Optional<String> page(String id) {
        return Catalogue.find(id).map(rule -> written(id).orElseGet(() -> RulePage.markdown(rule) + "\n"));
    }

    /** What to say when there is no rule {@code id}. */
    static String unknown(String id) {
        List<String> ids = Catalogue.all().stream().map(RuleInfo::id).toList();
        return "there is no rule " + id + "; "
                + Suggestions.closest(id, ids)
                        .map(close -> "did you mean " + close + "?")
                        .orElse("--list-rules shows all");
    }

    private static Optional<String> written(String id) {
        try (InputStream stream = RuleList.class.getResourceAsStream("/rules/" + id + ".md")) {
            return stream == null
                    ? Optional.empty()
                    : Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
