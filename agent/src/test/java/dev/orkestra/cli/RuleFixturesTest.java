package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.Catalogue;
import dev.orkestra.rules.RuleInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule has examples, and does to them what it says: see {@link RuleFixture}. */
class RuleFixturesTest {
    private static final Pattern ID =
            Pattern.compile("^\\S+: (?:error|warning|info): .* \\[([A-Za-z0-9]+)]$", Pattern.MULTILINE);

    @TestFactory
    Stream<DynamicTest> aRuleFindsWhatItsExamplesShow() throws IOException {
        return RuleFixture.all().stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.rule() + "/" + fixture.name(), () -> check(fixture)));
    }

    private static void check(RuleFixture fixture) throws IOException {
        Ran ran = fixture.run();

        assertThat(ran.err()).isEmpty();
        List<String> ids =
                ID.matcher(ran.out()).results().map(found -> found.group(1)).toList();
        if (!fixture.fails()) {
            assertThat(ids).as(ran.out()).isEmpty();
            assertThat(ran.exitCode()).isZero();
            return;
        }
        assertThat(ids).as("the rule, and no other: %s", ran.out()).isNotEmpty().containsOnly(fixture.rule());
        RuleInfo rule = Catalogue.find(fixture.rule()).orElseThrow();
        boolean isError = ran.out().lines().anyMatch(line -> line.matches("\\S+: error: .*"));
        assertThat(ran.exitCode()).isEqualTo(isError ? 1 : 0);
        assertThat(isError)
                .as("whether it is an error")
                .matches(error -> rule.settable() == RuleInfo.Settable.UNLESS_ERROR
                        || error == (rule.severity() == Severity.ERROR));
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(fixture.golden(), ran.out());
        }
        assertThat(ran.out()).isEqualTo(Files.readString(fixture.golden()));
    }

    /** Findings that nobody can show without a server, a program, or a file of megabytes. */
    private static final Set<String> NOT_SHOWN = Set.of(
            "TooLarge", // a file of 4 MiB
            "RenderFailed", // Helm
            "ImportFailed", // a server that does not answer
            "NotLocked", // what is not locked is fetched
            "RefNotFound", // a Git server
            "ChartPullFailed", // a chart repository
            "MissingKind"); // a cluster

    @Test
    void everyRuleHasAnExampleThatFailsAndOneThatPasses() throws IOException {
        List<RuleFixture> all = RuleFixture.all();
        Set<String> fails =
                all.stream().filter(RuleFixture::fails).map(RuleFixture::rule).collect(Collectors.toSet());
        List<String> rules = Catalogue.rules().stream().map(RuleInfo::id).toList();
        List<String> shown = Catalogue.all().stream()
                .map(RuleInfo::id)
                .filter(id -> !NOT_SHOWN.contains(id))
                .toList();

        assertThat(fails).containsAll(shown).doesNotContainAnyElementsOf(NOT_SHOWN);
        assertThat(all.stream().filter(each -> !each.fails()).map(RuleFixture::rule))
                .containsAll(rules);
        assertThat(all.stream().map(RuleFixture::rule).distinct())
                .isSubsetOf(Catalogue.all().stream().map(RuleInfo::id).toList());
    }

    /** A new code is a finding that has a page, a rule, or the reason of a run that no file is to blame for. */
    @Test
    void everyCodeIsKnownToTheCatalogueOrIsNoFindingInADocument() {
        Set<String> reasons = Set.of(
                "FetchFailed Invalid OwnedElsewhere ClusterUnreachable DeadlineExceeded Held RolledBack RollbackFailed"
                        .concat(" PlanStale EngineConflict ApprovalRequired Suspended RuleBroken Refused")
                        .concat(
                                " FieldConflict Unhealthy ReleaseFailed WorkflowFailed NoIdentity ConditionFailed NotSealed")
                        .split(" "));

        assertThat(Stream.of(ErrorCode.values()).map(ErrorCode::name))
                .allMatch(name -> reasons.contains(name) != Catalogue.find(name).isPresent());
    }

    @Test
    void everyRuleIsDescribedInOneForm() {
        for (RuleInfo rule : Catalogue.all()) {
            assertThat(rule.id()).matches("[A-Z][A-Za-z0-9]+");
            assertThat(rule.summary()).as(rule.id()).matches("[a-z'].*[^.]");
            assertThat(rule.why()).as(rule.id()).matches(Pattern.compile("[A-Z].*\\.", Pattern.DOTALL));
            assertThat(rule.origin()).as(rule.id()).doesNotEndWith(".").isNotBlank();
        }
    }
}
