package dev.orkestra.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CelLibraryTest {
    private static final CelShape SHAPE = new CelShape.ObjectOf(Map.of(
            "name", CelShape.Scalar.STRING,
            "replicas", CelShape.Scalar.INT,
            "ratio", CelShape.Scalar.DOUBLE,
            "tags", new CelShape.ListOf(CelShape.Scalar.STRING, true),
            "set", new CelShape.ListOf(CelShape.Scalar.STRING, false),
            "labels", new CelShape.MapOf(CelShape.Scalar.STRING),
            "any", CelShape.Scalar.ANY,
            "when", CelShape.Scalar.TIMESTAMP,
            "wait", CelShape.Scalar.DURATION,
            "my-field", CelShape.Scalar.STRING));

    private static final JsonNode JSON = json("""
            {"name": "web", "replicas": 3, "ratio": 1, "tags": ["a", "b"], "set": ["a"], "labels": {"x": "y"},
             "any": {"p": [1, 2.5, null]}, "when": "2026-01-01T00:00:00Z", "wait": "1h30m", "my-field": "q"}""");

    private static final CelLibrary.Variables LANGUAGE =
            CelLibrary.kubernetes().with(Map.of("self", SHAPE, "oldSelf", SHAPE));

    @TestFactory
    Stream<DynamicTest> expressionsThatAreTrue() {
        return Stream.of(
                        "self.replicas <= 3 && self.name == 'web' && self.tags == oldSelf.tags",
                        "self.ratio > 0 && self.ratio == 1.0 && self.replicas > 2.5",
                        "has(self.labels.x) && 'x' in self.labels && !has(self.labels.z)",
                        "has(self.any.p) && self.any.p[1] == 2.5 && self.any.p[2] == null",
                        "self.when < timestamp('2027-01-01T00:00:00Z') && self.wait.getMinutes() == 90",
                        "self.my__dash__field == 'q'",
                        "self.tags.map(t, t + '!').isSorted() && [3, 1].max() == 3 && [1.5, 2.5].sum() == 4.0",
                        "[].sum() == 0 && ['b', 'a'].min() == 'a'",
                        "self.tags.indexOf('b') == 1 && [1, 2, 1].lastIndexOf(1) == 2",
                        "'hello'.indexOf('l') == 2 && 'hello'.lastIndexOf('l') == 3 && 'añb'.size() == 3",
                        "'%s has %d'.format(['a', dyn('b')]) == '' || true",
                        "'%s=%s'.format(['a', 'b']) == 'a=b' && '%x %.2f'.format([dyn(255), dyn(1.5)]) == 'ff 1.50'",
                        "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1') == quantity('1000m')",
                        "quantity('1').add(2).asInteger() == 3 && quantity('50m').compareTo(quantity('0.05')) == 0",
                        "!isQuantity('abc') && isQuantity('1e3') && quantity('-1').sign() == -1",
                        "ip('192.168.0.1').family() == 4 && ip('::1').isLoopback() && !isIP('1.2.3')",
                        "string(ip('2001:DB8:0::1')) == '2001:db8::1' && !ip.isCanonical('::0')",
                        "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsCIDR('0.0.0.0/0')",
                        "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('::/0').prefixLength() == 0",
                        "url('https://a.b:80/p?q=1').getHost() == 'a.b:80' && url('http://h/a b').getPort() == ''",
                        "url('https://a/p?q=1&q=2').getQuery()['q'] == ['1', '2'] && !isURL('a b')",
                        "format.dns1123Label().validate('A').hasValue() && !format.uuid().validate("
                                + "'123e4567-e89b-12d3-a456-426614174000').hasValue()",
                        "'abc 123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]', 1) == ['1']",
                        "'abc'.matches('b') && 'AB'.lowerAscii() == 'ab' && 'a,b'.split(',') == ['a', 'b']",
                        "'abc'.charAt(1) == 'b' && ['a', 'b'].join('-') == 'a-b' && ' a '.trim() == 'a'",
                        "'abc'.substring(1, 2) == 'b' && 'aa'.replace('a', 'b', 1) == 'ba' && 'a'.upperAscii() == 'A'",
                        "sets.contains(self.tags, ['a']) && sets.intersects([1], [1, 2]) && sets.equivalent([1], [1, 1])",
                        "self.?name.orValue('x') == 'web' && self.?labels[?'z'].orValue('d') == 'd'",
                        "self.labels.all(k, v, k != v) && self.labels.transformMap(k, v, v)['x'] == 'y'",
                        "[1, 2].last().value() == 2 && lists.range(2) == [0, 1] && [2, 1].sort() == [1, 2]",
                        "self.tags.exists(t, t == 'a' || 1 / 0 > 0)",
                        "type(self.name) == string && type(self.replicas) == int",
                        "self.set.size() == 1 && self.set.filter(s, s == 'a').size() == 1 && self.set.exists(s, s == 'a')")
                .map(expression -> DynamicTest.dynamicTest(
                        expression, () -> assertThat(evaluated(expression)).isEqualTo(new CelResult.Truth(true))));
    }

    @Test
    void whatIsWrongHasAPlace() {
        assertThat(LANGUAGE.compile("self.nam == 'x'")).isEqualTo(wrong("undefined field 'nam'", 1, 5));
        assertThat(LANGUAGE.compile("true &&\n  self.nope")).isEqualTo(wrong("undefined field 'nope'", 2, 7));
        assertThat(LANGUAGE.compile("'\uD83D\uDE00' == self.nope")).isEqualTo(wrong("undefined field 'nope'", 1, 12));
        assertThat(LANGUAGE.compile("self.replicas +")).isEqualTo(wrong("mismatched input '<EOF>'", 1, 16));
        assertThat(LANGUAGE.compile("other")).isEqualTo(wrong("undeclared reference to 'other'", 1, 1));
        assertThat(LANGUAGE.compile("self.name.matches('(')"))
                .isEqualTo(wrong("the pattern is no regular expression", 1, 19));
        assertThat(LANGUAGE.compile("self.wait > duration('soon')")).isEqualTo(wrong("the text is no duration", 1, 22));
        assertThat(LANGUAGE.compile("self.replicas == 'x'"))
                .isEqualTo(wrong("found no matching overload for '_==_' applied to '(int, string)'", 1, 15));
    }

    @Test
    void whatIsNotKnownHereIsNeverWrong() {
        assertThat(LANGUAGE.compile("semver('1.2.3').major() == 1")).isInstanceOf(CelCompilation.NotSupported.class);
        assertThat(LANGUAGE.compile("self.tags.sortBy(t, t)[0] == 'a'"))
                .isInstanceOf(CelCompilation.NotSupported.class);
        assertThat(LANGUAGE.compile("format.named('date').hasValue()")).isInstanceOf(CelCompilation.NotSupported.class);
        assertThat(LANGUAGE.compile("self.set == oldSelf.set")).isInstanceOf(CelCompilation.NotSupported.class);
        assertThat(LANGUAGE.compile("self == oldSelf")).isInstanceOf(CelCompilation.NotSupported.class);
        assertThat(LANGUAGE.compile("self.set == []")).isInstanceOf(CelCompilation.Compiled.class);
        assertThat(LANGUAGE.compile("true || " + "x".repeat(30_000))).isInstanceOf(CelCompilation.NotSupported.class);
    }

    @Test
    void aMissingKeyOrADivisionByZeroFails() {
        assertThat(evaluated("self.labels['z'] == ''")).isEqualTo(new CelResult.Failed("no such key: z"));
        assertThat(evaluated("self.labels.z == ''")).isEqualTo(new CelResult.Failed("no such key: z"));
        assertThat(evaluated("1 / 0 == 1")).isEqualTo(new CelResult.Failed("division by zero"));
        assertThat(evaluated("quantity(self.name).isInteger()"))
                .isEqualTo(new CelResult.Failed("the text is no quantity"));
    }

    @Test
    void resultsHaveTypes() {
        assertThat(evaluated("'a' + self.name")).isEqualTo(new CelResult.Text("aweb"));
        assertThat(evaluated("self.replicas + 1")).isEqualTo(new CelResult.Other("4"));
        CelProgram program = compiled("dyn(self.name)");
        assertThat(program.isText()).isFalse();
        assertThat(program.uses("self")).isTrue();
        assertThat(program.uses("oldSelf")).isFalse();
    }

    @Test
    void whatGrowsWithoutEndIsTooCostly() {
        String doubling = "[self.name]" + ".map(s, s + s)".repeat(40) + ".size() > 0";
        String replacing = "'a'" + ".replace('', 'aaaaaaaaaaaaaaaaaaaa')".repeat(20) + " == ''";

        for (String expression : new String[] {doubling, replacing, "lists.range(100000000).size() > 0"}) {
            CelBudget budget = new CelBudget(CelBudget.ONE_DOCUMENT);
            assertThat(compiled(expression).evaluate(values(), budget))
                    .as(expression)
                    .isEqualTo(new CelResult.TooCostly());
            assertThat(budget.left())
                    .isBetween(CelBudget.ONE_DOCUMENT - 3 * CelBudget.ONE_EXPRESSION, CelBudget.ONE_DOCUMENT);
        }
    }

    /** Else {@code ||} would make an answer of what was never evaluated to its end. */
    @Test
    void aSpentBudgetIsNoAnswer() {
        assertThat(compiled("lists.range(100000000).size() > 0 || true")
                        .evaluate(values(), new CelBudget(CelBudget.ONE_DOCUMENT)))
                .isEqualTo(new CelResult.TooCostly());
    }

    @Test
    void theSameExpressionCostsTheSame() {
        CelProgram program = compiled("self.tags.all(t, t.size() > 0)");
        CelBudget first = new CelBudget(1_000);
        CelBudget second = new CelBudget(1_000);
        program.evaluate(values(), first);
        program.evaluate(values(), second);

        assertThat(first.left()).isEqualTo(second.left()).isLessThan(1_000);
    }

    @Test
    void deepExpressionsAreRefused() {
        for (String deep : new String[] {"(", "[", "self.labels[", "!(", "-("}) {
            assertThat(LANGUAGE.compile(deep.repeat(1_500) + "1")).isNotInstanceOf(CelCompilation.Compiled.class);
        }
    }

    @Test
    void liveObjectsNeedNoShape() {
        CelLibrary.Variables language = CelLibrary.kubernetes().with(Map.of("object", CelShape.Scalar.ANY));
        CelProgram program = ((CelCompilation.Compiled)
                        language.compile("object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')"))
                .program();
        JsonNode object = json("{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}");

        assertThat(program.isTruth()).isTrue();
        assertThat(program.evaluate(Map.of("object", CelValue.of(object, CelShape.Scalar.ANY)), new CelBudget(1_000)))
                .isEqualTo(new CelResult.Truth(true));
    }

    private static CelCompilation wrong(String message, int line, int column) {
        return new CelCompilation.Wrong(message, line, column);
    }

    private static CelProgram compiled(String expression) {
        CelCompilation compiled = LANGUAGE.compile(expression);
        assertThat(compiled).as(expression).isInstanceOf(CelCompilation.Compiled.class);
        return ((CelCompilation.Compiled) compiled).program();
    }

    private static CelResult evaluated(String expression) {
        return compiled(expression).evaluate(values(), new CelBudget(CelBudget.ONE_EXPRESSION));
    }

    private static Map<String, CelValue> values() {
        CelValue value = CelValue.of(JSON, SHAPE);
        return Map.of("self", value, "oldSelf", value);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
