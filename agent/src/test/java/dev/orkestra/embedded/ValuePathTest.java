package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuePathTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a           | {}                  | {'a':1}",
                "a.b.c       | {'a':{'x':2}}       | {'a':{'x':2,'b':{'c':1}}}",
                "a.b         | {'a':'text'}        | {'a':{'b':1}}",
                "a\\.b/c     | {}                  | {'a.b/c':1}",
                "a[1].n      | {'a':[{'n':0}]}     | {'a':[{'n':0},{'n':1}]}",
                "a[0].n      | {'a':[{'m':2}]}     | {'a':[{'m':2,'n':1}]}",
                "a[0][1]     | {}                  | {'a':[[null,1]]}",
            })
    void putsAValueWhereHelmWould(String path, String before, String after) throws IOException {
        ObjectNode values = json(before);
        ValuePath.parse(path).orElseThrow().put(values, ValuePath.value("1"));
        assertThat(values).isEqualTo(json(after));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", "a..b", "[0]x", "a[", "a[x]", "a[-1]", "a[9999]", "a\\"})
    void refusesWhatIsNoPath(String path) {
        assertThat(ValuePath.parse(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "true,true",
                "'true',\"true\"",
                "12,12",
                "\"12\",\"12\"",
                "012,\"012\"",
                "0,0",
                "1.5,\"1.5\"",
                "null,null",
                "word,\"word\""
            })
    void takesAValueForWhatHelmTakesIt(String written, String json) {
        assertThat(ValuePath.value(written).toString()).isEqualTo(json);
    }

    @Test
    void doesNotLetACommaInAPasswordSetOtherValues() throws IOException {
        ObjectNode values = json("{}");
        ValuePath.parse("password").orElseThrow().put(values, ValuePath.value("x,image=evil,{a"));
        assertThat(values).isEqualTo(json("{'password':'x,image=evil,{a'}"));
    }

    private static ObjectNode json(String text) throws IOException {
        // Through text, so that numbers have the type that a reader gives them.
        return (ObjectNode) new ObjectMapper()
                .configure(com.fasterxml.jackson.databind.DeserializationFeature.USE_LONG_FOR_INTS, true)
                .readTree(text.replace('\'', '"'));
    }
}
