package dev.orkestra.rules;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What only shows while documents are put together. Who puts them together asks, and gets the findings in words. */
public final class CompositionRules {
    /** From the least mature on; what is deprecated has its own findings. */
    private static final List<String> MATURITIES = List.of("alpha", "beta", "stable");

    private static final Rule BELOW_FLOOR = asked(Rule.warning(
            "ImportBelowFloor",
            "an import is less mature than the Komposer's policy asks for",
            """
            The policy's minMaturity says what this environment relies on, and the import says of itself that it is not so
            far. Import a version that is, or lower the floor for this environment.""",
            "Orkestra knows the policy, and does not compare it with imports",
            CompositionRules::nothing));

    private static final Rule NOT_IMPORTED = asked(Rule.info(
            "CrdNotImported",
            "a Komposer declares a CRD that none of its imports has",
            """
            An entry of a Komposer overrides what an import has, or is a CRD of its own. Here it is the latter; where an
            override was meant, the name has a slip.""",
            "Orkestra adds it as well; its documentation calls it an error",
            CompositionRules::nothing));

    static final List<Rule> ALL = List.of(BELOW_FLOOR, NOT_IMPORTED);

    private CompositionRules() {}

    /** A rule that no finished document can be asked about. */
    private static Rule asked(Rule rule) {
        return rule.about();
    }

    private static void nothing(View view, Report report) {
        // A finished document does not show it.
    }

    /**
     * An import of a Komposer with a policy.
     *
     * @param position the import
     * @param shown the import's file
     */
    public static Optional<Diagnostic> maturity(Position position, String shown, String maturity, String floor) {
        int isAt = MATURITIES.indexOf(maturity);
        return isAt >= 0 && isAt < MATURITIES.indexOf(floor)
                ? Optional.of(finding(
                        BELOW_FLOOR,
                        position,
                        shown + " calls itself " + maturity + ", and policy.lifecycle.minMaturity is " + floor,
                        "import a version that is " + atLeast(floor) + ", or lower the floor"))
                : Optional.empty();
    }

    private static String atLeast(String floor) {
        return floor.equals("stable")
                ? floor
                : String.join(" or ", Stream.of(floor, "stable").toList());
    }

    /**
     * An entry of a Komposer, all of whose imports are at hand.
     *
     * @param imported names of the CRDs that they have
     */
    public static Diagnostic notImported(Position position, String name, Collection<String> imported) {
        return finding(
                NOT_IMPORTED,
                position,
                "no import has the CRD '" + name + "', so it is added",
                DidYouMean.of(name, imported, ""));
    }

    private static Diagnostic finding(Rule rule, Position position, String message, String hint) {
        List<Diagnostic> findings = new ArrayList<>();
        new Report(rule.info(), findings).at(position, message, hint);
        return findings.getFirst();
    }
}
