package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.ParseResult;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus.State;
import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthRulesTest {
    private static final String RULE = "{apiVersion: 'example.org/v1', kind: 'Thing', failed: \"object.status.phase =="
            + " 'Broken'\", inProgress: \"object.status.phase == 'Busy'\", current: \"object.status.phase == 'Done'\"}";

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                {phase: 'Broken', message: 'no disk'}  | FAILED      | It has failed, as the ConfigRepo's rule says: no disk
                {phase: 'Busy'}                        | IN_PROGRESS | In progress, as the ConfigRepo's rule says
                {phase: 'Done'}                        | CURRENT     | Current, as the ConfigRepo's rule says
                {phase: 'Other'}                       | IN_PROGRESS | Not current yet, as the ConfigRepo's rule says
                {}                                     | IN_PROGRESS | The rule's failed has no value yet:
                """)
    void aRuleDecides(String status, State state, String words) {
        HealthStatus health = rules(RULE).of(thing(status));

        assertThat(health.state()).as(health.message()).isEqualTo(state);
        assertThat(health.message()).startsWith(words);
    }

    /** Both may be true at once; then it will not get there, whatever else it is doing. */
    @Test
    void failedComesBeforeInProgressAndThatBeforeCurrent() {
        String always = "{apiVersion: 'example.org/v1', kind: 'Thing', current: 'true'";

        assertThat(rules(always + ", inProgress: 'true', failed: 'true'}")
                        .of(thing("{}"))
                        .state())
                .isEqualTo(State.FAILED);
        assertThat(rules(always + ", inProgress: 'true'}").of(thing("{}")).state())
                .isEqualTo(State.IN_PROGRESS);
        assertThat(rules(always + "}").of(thing("{}")).state()).isEqualTo(State.CURRENT);
    }

    /** Else a new object would be called healthy in the moment before its controller has looked at it. */
    @Test
    void whatHasNoValueYetIsWaitedForWithTheReason() {
        HealthStatus health = rules("{apiVersion: 'example.org/v1', kind: 'Thing', failed: 'object.status.bad == true',"
                        + " current: 'true'}")
                .of(thing("{}"));

        assertThat(health.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(health.message()).isEqualTo("The rule's failed has no value yet: no such key: bad");
    }

    @Test
    void aRuleStandsForTheBuiltInOne() {
        HealthRules rules = rules("{apiVersion: 'v1', kind: 'PersistentVolumeClaim', current:"
                + " \"object.status.phase in ['Pending', 'Bound']\"}");
        ObjectNode claim = parse("{apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: {phase: 'Pending'}}");

        assertThat(Health.of(claim).isCurrent()).isFalse();
        assertThat(rules.of(claim).isCurrent()).isTrue();
        assertThat(rules.covers("v1", "PersistentVolumeClaim")).isTrue();
    }

    @Test
    void whatIsBeingDeletedIsNeverHealthyWhateverARuleSays() {
        HealthRules rules = rules("{apiVersion: 'example.org/v1', kind: 'Thing', current: 'true'}");
        ObjectNode going = thing("{}");
        going.withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");

        assertThat(rules.of(going).state()).isEqualTo(State.TERMINATING);
        assertThat(rules.of(parse("{}")).state()).isEqualTo(State.NOT_FOUND);
    }

    @Test
    void aStarIsAnyVersionAndTheExactOneComesFirst() {
        HealthRules rules = rules("{apiVersion: 'example.org/*', kind: 'Thing', failed: 'true', current: 'true'},"
                + " {apiVersion: 'example.org/v1', kind: 'Thing', current: 'true'}");

        assertThat(rules.of(thing("{}")).state()).isEqualTo(State.CURRENT);
        assertThat(rules.of(parse("{apiVersion: 'example.org/v2', kind: 'Thing'}"))
                        .state())
                .isEqualTo(State.FAILED);
        assertThat(rules.covers("example.com/v1", "Thing")).isFalse();
        assertThat(rules("{apiVersion: '*', kind: 'Secret', current: 'true'}").covers("v1", "Secret"))
                .isTrue();
    }

    /** Stored is not healthy any more once somebody says when it is. */
    @Test
    void aPassiveKindWithARuleIsWaitedFor() {
        ObjectKey secret = new ObjectKey("", "Secret", "shop", "tls");

        assertThat(HealthRules.BUILT_IN.isPassive("v1", secret)).isTrue();
        assertThat(rules("{apiVersion: 'v1', kind: 'Secret', current: 'has(object.data)'}")
                        .isPassive("v1", secret))
                .isFalse();
    }

    @Test
    void anExpressionWithoutAnEndCostsNoMoreThanItMay() {
        String loops =
                "object.items.all(a, object.items.all(b, object.items.all(c, object.items.all(d, a + b + c + d >= 0))))";
        StringBuilder items = new StringBuilder("0");
        for (int i = 1; i < 100; i++) {
            items.append(',').append(i);
        }
        HealthStatus health = rules("{apiVersion: 'example.org/v1', kind: 'Thing', current: '" + loops + "'}")
                .of(parse("{apiVersion: 'example.org/v1', kind: 'Thing', items: [" + items + "]}"));

        assertThat(health.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(health.message()).contains("costs more than an expression may");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                object.status. ==         | spec.health.rules[0].current cannot be read at 1:16:
                other.status.phase == 'a' | spec.health.rules[0].current cannot be read at 1:1: undeclared reference to 'other'
                object.status.phase       | spec.health.rules[0].current says dyn, not true or false
                1 + 1                     | spec.health.rules[0].current says int, not true or false
                """)
    void aWrongExpressionIsAFindingThatNamesItsPlace(String expression, String message) {
        List<Diagnostic> findings = read("{apiVersion: 'example.org/v1', kind: 'Thing', current: \"" + expression
                        + "\"}")
                .diagnostics();

        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).startsWith(message));
    }

    @Test
    void twoRulesForOneKindAreOneTooMany() {
        assertThat(read(RULE + ", " + RULE).diagnostics())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).startsWith("spec.health.rules[1].kind: there is another rule"));
    }

    private static HealthRules rules(String rules) {
        ParseResult read = read(rules);
        assertThat(read.diagnostics()).isEmpty();
        ConfigRepo repo = read.configRepo().orElseThrow();
        return HealthRules.of(repo);
    }

    private static ParseResult read(String rules) {
        return ConfigRepoParser.parse(parse("{metadata: {name: 'staging', namespace: 'orkestra'}, spec: {source: {url:"
                + " 'http://git.test/config.git'}, layers: [{path: 'apps'}], serviceAccountName: 'staging', health:"
                + " {rules: [" + rules + "]}}}"));
    }

    private static ObjectNode thing(String status) {
        return parse(
                "{apiVersion: 'example.org/v1', kind: 'Thing', metadata: {generation: 1}, status: " + status + "}");
    }
}
