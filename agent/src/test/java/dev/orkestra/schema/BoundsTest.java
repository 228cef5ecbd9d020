package dev.orkestra.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    minimum          | -1              | 0 | is -1; the least is 0
                    maximum          | 2.5             | 2 | is 2.5; the most is 2
                    exclusiveMinimum | 0               | 0 | is 0; it must be more than 0
                    exclusiveMaximum | 1               | 1 | is 1; it must be less than 1
                    multipleOf       | 3               | 2 | is 3; it must be a multiple of 2
                    minLength        | ""              | 1 | is empty
                    minLength        | "a"             | 2 | has 1 character; at least 2 are needed
                    maxLength        | "\uD83D\uDE00b" | 1 | has 2 characters; at most 1 are allowed
                    minItems         | []              | 1 | has no entries; at least 1 must be there
                    maxItems         | [1, 2]          | 1 | has 2 entries; at most 1 are allowed
                    minProperties    | {}              | 1 | has no keys; at least 1 must be there
                    maxProperties    | {"a": 1}        | 0 | has 1 key; at most 0 are allowed
                    contains         | []              | 1 | is not what the schema allows here (contains)
                    """)
    void saysWhatIsThereAndWhatIsAllowed(String keyword, String found, String bound, String said) throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(Bounds.say(keyword, json.readTree(found), json.readTree(bound)))
                .isEqualTo(said);
    }
}
