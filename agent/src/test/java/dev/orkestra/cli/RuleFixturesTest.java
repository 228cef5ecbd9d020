package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.Catalogue;
import dev.orkestra.rules.RuleInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule has examples, and does to them what it says: see {@link RuleFixture}. */
class RuleFixturesTest {
    private static final Pattern ID =
            Pattern.compile("^\\S+: (?:error|warning|info): .* \\[([A-Za-z]+)]$", Pattern.MULTILINE);

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
        assertThat(ran.exitCode()).isEqualTo(rule.severity() == Severity.ERROR ? 1 : 0);
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(fixture.golden(), ran.out());
        }
        assertThat(ran.out()).isEqualTo(Files.readString(fixture.golden()));
    }

    @Test
    void everyRuleHasAnExampleThatFailsAndOneThatPasses() throws IOException {
        List<RuleFixture> all = RuleFixture.all();
        List<String> rules = Catalogue.all().stream().map(RuleInfo::id).toList();

        assertThat(all.stream().filter(RuleFixture::fails).map(RuleFixture::rule))
                .containsAll(rules);
        assertThat(all.stream().filter(each -> !each.fails()).map(RuleFixture::rule))
                .containsAll(rules);
        assertThat(all.stream().map(RuleFixture::rule).distinct()).isSubsetOf(rules);
    }

    @Test
    void everyRuleIsDescribedInOneForm() {
        for (RuleInfo rule : Catalogue.all()) {
            assertThat(rule.id()).matches("[A-Z][A-Za-z]+");
            assertThat(rule.summary()).as(rule.id()).matches("[a-z'].*[^.]");
            assertThat(rule.why()).as(rule.id()).matches(Pattern.compile("[A-Z].*\\.", Pattern.DOTALL));
            assertThat(rule.origin()).as(rule.id()).doesNotEndWith(".").isNotBlank();
        }
    }
}
