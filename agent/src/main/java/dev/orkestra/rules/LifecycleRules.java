package dev.orkestra.rules;

import java.util.List;
import java.util.Optional;

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
                    LifecycleRules::deprecated));

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
}
