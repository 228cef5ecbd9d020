package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Simulate and E2E documents: what they need to prove anything. */
final class TestRules {
    private static final BigDecimal CYCLES = BigDecimal.TEN;
    private static final List<String> CHECKS = List.of("resources", "commands", "kubectl");

    static final List<Rule> ALL = List.of(
            Rule.error(
                            "EndToEndIncomplete",
                            "a test of an operator lacks what it tests",
                            """
                            A test needs the Katalog and the CRD, or says with custom, init or imports where they come
                            from.""",
                            "Orkestra refuses it as well",
                            TestRules::incompleteE2e)
                    .about("E2E"),
            Rule.info(
                            "EndToEndWithoutObject",
                            "a test of an operator applies no object",
                            """
                            Such a test makes its object in another way, as by a request to the gateway. What is expected
                            after cr-applied is then looked at as soon as the operator runs. For older releases name an
                            object under cr or crFiles.""",
                            "Older releases of Orkestra refuse it, newer ones take it",
                            TestRules::withoutObject)
                    .about("E2E"),
            Rule.error(
                            "EndToEndWithoutExpectation",
                            "a test of an operator expects nothing",
                            """
                            Such a test passes whatever the operator does. Write at least one expectation under spec.expect.""",
                            "Orkestra refuses it as well",
                            TestRules::withoutExpectation)
                    .about("E2E"),
            Rule.error(
                            "ExpectationWithoutCheck",
                            "an expectation checks nothing",
                            """
                            Its lists are empty, so it always passes. Name a resource, a command or a kubectl step, or remove
                            the expectation.""",
                            "Orkestra refuses it as well",
                            TestRules::withoutCheck)
                    .about("E2E"),
            Rule.error(
                            "EndToEndTargetReserved",
                            "a test is for containers, which are not carried out yet",
                            """
                            The word is reserved for later versions of Orkestra; today only kubernetes can be tested.""",
                            "Orkestra refuses it as well",
                            TestRules::reserved)
                    .about("E2E"),
            Rule.error(
                            "SimulateIncomplete",
                            "a simulation lacks what it simulates",
                            """
                            A simulation needs the Katalog and at least one object, under cr or crFiles; or imports of other
                            simulations.""",
                            "Orkestra fails when it runs it",
                            TestRules::incompleteSimulate)
                    .about("Simulate"),
            Rule.info(
                            "SimulateWithoutExpectation",
                            "a simulation expects nothing",
                            """
                            It prints what would be written, and passes whatever that is. Write spec.expect to make it a test.""",
                            "Orkestra runs it all the same",
                            TestRules::nothingExpected)
                    .about("Simulate"),
            Rule.warning(
                            "SimulateTooShort",
                            "a simulation expects something after its last cycle",
                            """
                            It ends after spec.cycles rounds, which are 10 when absent. What is expected later never happens.
                            Let it run longer, or expect it earlier.""",
                            "Orkestra does not look at this",
                            TestRules::tooShort)
                    .about("Simulate"));

    private TestRules() {}

    /** The spec, where it has to stand for itself. */
    private static Optional<Node.MapNode> own(View view) {
        boolean onlyImports = Fields.isSet(view.root(), "imports") && !Fields.isSet(view.root(), "spec.katalog");
        return view.root().map("spec").filter(_ -> !onlyImports);
    }

    private static void incompleteE2e(View view, Report report) {
        own(view)
                .filter(spec -> !Fields.isSet(spec, "custom") && !Fields.isSet(spec, "init"))
                .ifPresent(spec -> {
                    needs(view, spec, "katalog", "katalog", report);
                    needs(view, spec, "crd", "crdFiles", report);
                });
    }

    private static void withoutObject(View view, Report report) {
        own(view)
                .filter(spec -> !Fields.isSet(spec, "custom") && !Fields.isSet(spec, "init"))
                .ifPresent(spec -> needs(view, spec, "cr", "crFiles", report));
    }

    private static void needs(View view, Node.MapNode spec, String key, String otherKey, Report report) {
        if (!Fields.isSet(spec, key) && !Fields.isSet(spec, otherKey)) {
            String place = spec.entries().containsKey(key) ? key : "";
            report.at(
                    place.isEmpty() ? view.root().keyPosition("spec") : spec.keyPosition(key),
                    "spec has no '" + key + "'",
                    switch (key) {
                        case "katalog" -> "add the path of the Katalog";
                        case "crd" -> "add the path of the CRD, or crdFiles";
                        default -> "add the path of an object, or crFiles";
                    });
        }
    }

    private static void withoutExpectation(View view, Report report) {
        own(view)
                .filter(_ -> view.kind().equals("E2E"))
                .filter(spec -> !Fields.isSet(spec, "init") && !Fields.isSet(spec, "expect"))
                .ifPresent(spec -> report.at(
                        spec.entries().containsKey("expect")
                                ? spec.keyPosition("expect")
                                : view.root().keyPosition("spec"),
                        "this test expects nothing",
                        "add an expectation under spec.expect"));
    }

    private static void withoutCheck(View view, Report report) {
        for (Node.MapNode expectation : Fields.maps(view.root(), "spec.expect")) {
            List<String> written =
                    CHECKS.stream().filter(expectation.entries()::containsKey).toList();
            boolean isEmpty = written.stream().noneMatch(key -> Fields.isSet(expectation, key));
            // With none of them there the schema has said so.
            if (!written.isEmpty() && isEmpty && !Fields.isSet(expectation, "include")) {
                report.at(
                        expectation,
                        written.getFirst(),
                        "'" + written.getFirst() + "' is empty, so this expectation checks nothing",
                        "add a check");
            }
        }
    }

    private static void reserved(View view, Report report) {
        Fields.get(view.root(), "spec.custom.target")
                .filter(target ->
                        Fields.text(target).filter("container"::equals).isPresent())
                .ifPresent(
                        target -> report.at(target, "tests of containers are not carried out yet", "write kubernetes"));
    }

    private static void incompleteSimulate(View view, Report report) {
        own(view).ifPresent(spec -> {
            needs(view, spec, "katalog", "katalog", report);
            needs(view, spec, "cr", "crFiles", report);
        });
    }

    private static void nothingExpected(View view, Report report) {
        own(view)
                .filter(spec -> !Fields.isSet(spec, "expect"))
                .ifPresent(_ ->
                        report.at(view.root(), "spec", "this simulation prints what happens, and expects nothing", ""));
    }

    private static void tooShort(View view, Report report) {
        Node.MapNode root = view.root();
        BigDecimal last = Fields.number(root, "spec.cycles")
                .filter(cycles -> cycles.signum() > 0)
                .orElse(CYCLES);
        Fields.map(root, "spec.expect").ifPresent(expect -> {
            late(expect, "steadyAt", last, report);
            Fields.maps(expect, "ops").forEach(op -> late(op, "cycle", last, report));
        });
    }

    private static void late(Node.MapNode holder, String key, BigDecimal last, Report report) {
        Fields.number(holder, key)
                .filter(cycle -> cycle.compareTo(last) > 0)
                .ifPresent(cycle -> report.at(
                        holder.get(key).orElse(holder),
                        "cycle " + cycle.toPlainString() + " is after the last one, " + last.toPlainString(),
                        "set spec.cycles higher, or expect it earlier"));
    }
}
