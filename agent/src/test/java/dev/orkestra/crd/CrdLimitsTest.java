package dev.orkestra.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.cel.CelBudget;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile definitions and documents end in time, with a finding that says so and no false error. */
@Timeout(60)
class CrdLimitsTest {
    @Test
    void aQuadraticRuleOverAHugeListIsNotChecked() {
        CustomResourceDefinition definition =
                CrdFixtures.specOf("{type: array, items: {type: integer}, x-kubernetes-validations:"
                        + " [{rule: 'self.all(a, self.exists_one(b, b == a))'}]}");
        List<Diagnostic> findings = definition.validate(CrdFixtures.resource(numbers(20_000)));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.INFO);
            assertThat(finding.message()).isEqualTo("a rule for 'spec' was not checked: it would take too long");
        });
    }

    @Test
    void documentsCanShareABudget() {
        CustomResourceDefinition definition = CrdFixtures.specOf(
                "{type: array, items: {type: integer}, x-kubernetes-validations: [{rule: 'self.all(a, a < 0)'}]}");
        CelBudget budget = new CelBudget(20);

        assertThat(definition.validate(CrdFixtures.resource("[1]"), budget))
                .extracting(Diagnostic::severity)
                .containsExactly(Severity.ERROR);
        assertThat(definition.validate(CrdFixtures.resource(numbers(100)), budget))
                .extracting(Diagnostic::severity)
                .containsExactly(Severity.INFO);
        assertThat(definition.validate(CrdFixtures.resource("[1]"), budget))
                .extracting(Diagnostic::severity)
                .containsExactly(Severity.INFO);
    }

    @Test
    void nestedAlternativesDoNotMultiply() {
        String schema = "{minimum: 0}";
        for (int i = 0; i < 12; i++) {
            schema = "{anyOf: [" + schema + ", " + schema + "], oneOf: [{minimum: 0}]}";
        }
        CustomResourceDefinition definition =
                CrdFixtures.specOf("{type: array, items: {type: integer, anyOf: [" + schema + "]}}");

        List<Diagnostic> findings = definition.validate(CrdFixtures.resource(
                IntStream.range(0, 5_000).mapToObj(_ -> "-1").collect(Collectors.joining(", ", "[", "]"))));

        assertThat(findings).extracting(Diagnostic::code).contains(ErrorCode.LimitExceeded);
    }

    @Test
    void aPatternThatOthersBacktrackOnIsMatchedInLinearTime() {
        CustomResourceDefinition definition = CrdFixtures.specOf("{type: string, pattern: '^(a+)+$'}");

        assertThat(definition.findings()).isEmpty();
        assertThat(definition.validate(CrdFixtures.resource("\"" + "a".repeat(50_000) + "!\"")))
                .extracting(Diagnostic::code)
                .containsExactly(ErrorCode.WrongValue);
    }

    @Test
    void aPatternOfManyStatesIsRefusedWithTheDefinition() {
        assertThat(CrdFixtures.specOf("{type: string, pattern: '((a{100}){100}){100}'}")
                        .findings())
                .extracting(Diagnostic::code)
                .containsExactly(ErrorCode.WrongValue);
    }

    @Test
    void defaultsOfListsDoNotMultiply() {
        String schema = "{type: object, properties: {x: {type: integer, default: 1}}}";
        String many = IntStream.range(0, 200).mapToObj(_ -> "{}").collect(Collectors.joining(", ", "[", "]"));
        for (int i = 0; i < 6; i++) {
            schema = "{type: object, properties: {l: {type: array, default: " + many + ", items: " + schema + "}}}";
        }

        List<Diagnostic> findings = CrdFixtures.specOf(schema).validate(CrdFixtures.resource("{}"));

        assertThat(findings).extracting(Diagnostic::code).containsExactly(ErrorCode.LimitExceeded);
    }

    @Test
    void onlySoManyRulesOfADefinitionAreRead() {
        String rules = IntStream.range(0, 505)
                .mapToObj(i -> "{rule: 'self.a > " + i + "'}")
                .collect(Collectors.joining(", ", "[", "]"));

        List<Diagnostic> findings = CrdFixtures.specOf(
                        "{type: object, properties: {a: {type: integer}}, x-kubernetes-validations: " + rules + "}")
                .findings();

        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo(ErrorCode.LimitExceeded));
    }

    @Test
    void deepSchemasAndDeepValuesAreFine() {
        String schema = "{type: integer}";
        String value = "1.5";
        for (int i = 0; i < 30; i++) {
            schema = "{type: object, properties: {a: " + schema + "}}";
            value = "{a: " + value + "}";
        }

        assertThat(CrdFixtures.specOf(schema).validate(CrdFixtures.resource(value)))
                .extracting(Diagnostic::message)
                .containsExactly("'a' is a number; allowed is a whole number");
    }

    @Test
    void hugeNumbersAreNotWrittenOut() {
        CustomResourceDefinition definition =
                CrdFixtures.specOf("{type: number, multipleOf: 0.1, minimum: 0, maximum: 1, enum: [1, 0.5]}");

        assertThat(definition.validate(CrdFixtures.resource("1e300"))).isNotEmpty();
        assertThat(definition.validate(CrdFixtures.resource("1e-300"))).isNotEmpty();
    }

    @Test
    void aHundredFindingsAreEnough() {
        CustomResourceDefinition definition = CrdFixtures.specOf("{type: array, items: {type: string}}");

        List<Diagnostic> findings = definition.validate(CrdFixtures.resource(numbers(1_000)));

        assertThat(findings).hasSize(101);
        assertThat(findings)
                .extracting(Diagnostic::message)
                .contains("900 more findings in this document are not shown");
    }

    /** A text that our parser of durations does not know, and the API server's does. */
    @Test
    void aValueThatRulesCannotReadIsNoError() {
        CustomResourceDefinition definition = CrdFixtures.specOf(
                "{type: object, properties: {w: {type: string, format: duration}}, x-kubernetes-validations:"
                        + " [{rule: 'self.w < duration(\"1h\")'}]}");

        assertThat(definition.validate(CrdFixtures.resource("{w: 3 days}")))
                .extracting(Diagnostic::severity)
                .containsExactly(Severity.INFO);
        assertThat(definition.validate(
                        CrdFixtures.resource("{w: " + Duration.ofMinutes(1).toMinutes() + "m}")))
                .isEmpty();
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
