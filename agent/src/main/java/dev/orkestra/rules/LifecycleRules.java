package dev.orkestra.rules;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a Katalog says of its own ripeness. */
final class LifecycleRules {
    static final List<Rule> ALL = List.of(
            Rule.warning(
                    "NotStable",
                    "a Katalog calls itself alpha or beta",
                    """
                    Its authors may still change it without a way over. Say lifecycle.maturity: stable when that is no
                    longer so, or set this rule to ignore for an environment that may break.""",
                    "Orkestra warns as well (validation step 2)",
                    LifecycleRules::notStable),
            Rule.warning(
                    "DeprecatedWithoutWord",
                    "a deprecated Katalog does not say why",
                    """
                    Whoever reads 'deprecated' wants to know what to use instead and until when. Write
                    lifecycle.deprecation with a message, and migratedTo where there is a successor.""",
                    "Orkestra warns as well (validation step 2); its documentation calls it an error",
                    LifecycleRules::deprecated),
            Rule.error(
                    "AcceptInKatalog",
                    "a Katalog accepts patterns",
                    """
                    Under lifecycle.accept stand imported patterns that may be used although they are deprecated or not
                    stable. Only a Komposer imports, so only there it means something. Move it to the Komposer.""",
                    "Orkestra refuses it as well (validation step 2)",
                    LifecycleRules::accept),
            Rule.error(
                    "NoSuchDay",
                    "the timeline of a deprecation names a day that there is not",
                    """
                    People plan by this day, and it is in no calendar. Correct it.""",
                    "Orkestra refuses it as well (validation step 2)",
                    LifecycleRules::days),
            Rule.error(
                    "TimelineReversed",
                    "a deprecation ends before it begins",
                    """
                    People have from lifecycle.deprecation.timeline.from until to for their move. There is no time between
                    the two. Correct one of them.""",
                    "Orkestra refuses it as well (validation step 2)",
                    LifecycleRules::timeline));

    private static final String TIMELINE = "lifecycle.deprecation.timeline";

    /** A day as the schema wants it; of anything else the schema has spoken. */
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private LifecycleRules() {}

    private static void notStable(View view, Report report) {
        maturity(view)
                .filter(word -> word.equals("alpha") || word.equals("beta"))
                .ifPresent(word -> view.root()
                        .map("lifecycle")
                        .ifPresent(lifecycle ->
                                report.at(lifecycle, "maturity", "this Katalog calls itself " + word, "")));
    }

    private static Optional<String> maturity(View view) {
        return Fields.text(view.root(), "lifecycle.maturity");
    }

    private static void deprecated(View view, Report report) {
        view.root()
                .map("lifecycle")
                .filter(_ -> maturity(view).filter("deprecated"::equals).isPresent())
                .filter(lifecycle -> !lifecycle.entries().containsKey("deprecation"))
                .ifPresent(lifecycle -> report.at(
                        lifecycle,
                        "maturity",
                        "this Katalog is deprecated and does not say why",
                        "add lifecycle.deprecation.message"));
    }

    private static void accept(View view, Report report) {
        view.root()
                .map("lifecycle")
                .filter(lifecycle -> lifecycle.entries().containsKey("accept"))
                .ifPresent(lifecycle -> report.at(
                        lifecycle, "accept", "only a Komposer can accept patterns", "move it to the Komposer"));
    }

    private static void days(View view, Report report) {
        Fields.map(view.root(), TIMELINE)
                .ifPresent(timeline -> Stream.of("from", "to")
                        .flatMap(key -> timeline.get(key).stream())
                        .forEach(node -> Fields.text(node)
                                .filter(day -> DAY.matcher(day).matches()
                                        && parsed(day).isEmpty())
                                .ifPresent(day -> report.at(node, "there is no day " + day, ""))));
    }

    private static void timeline(View view, Report report) {
        Optional<LocalDate> from = Fields.text(view.root(), TIMELINE + ".from").flatMap(LifecycleRules::parsed);
        Optional<LocalDate> to = Fields.text(view.root(), TIMELINE + ".to").flatMap(LifecycleRules::parsed);
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            Fields.get(view.root(), TIMELINE + ".to")
                    .ifPresent(node -> report.at(
                            node,
                            "the deprecation ends on " + to.get() + ", and begins on " + from.get(),
                            "let it end after it begins"));
        }
    }

    private static Optional<LocalDate> parsed(String day) {
        if (!DAY.matcher(day).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(day));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
