package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueSplitTest {
    @Test
    void check18_aSubchartGetsItsOwnValuesAndTheGlobalOnes() {
        assertThat(subchart("{\"global\":{\"keyG\":\"valueG\"},\"subchart\":{\"keySC\":\"valueSC\"}}"))
                .isEqualTo(json("{\"global\":{\"keyG\":\"valueG\"},\"keySC\":\"valueSC\"}"));
        assertThat(subchart("{\"global\":{\"keyG\":\"valueG\"}}"))
                .isEqualTo(json("{\"global\":{\"keyG\":\"valueG\"}}"));
        assertThat(subchart("{\"subchart\":{\"keySC\":\"valueSC\"}}")).isEqualTo(json("{\"keySC\":\"valueSC\"}"));
        assertThat(subchart("{}")).isEqualTo(json("{}"));
    }

    @Test
    void check18_globalValuesOfTheWholeReplaceThoseInside() {
        assertThat(subchart("{\"global\":{\"a\":1},\"subchart\":{\"global\":{\"b\":2}}}"))
                .isEqualTo(json("{\"global\":{\"a\":1}}"));
    }

    @Test
    void check18_theParentKeepsAllButSwitchesItsSubchartsOff() {
        ObjectNode values = json("{\"global\":{\"a\":1},\"own\":true,\"subchart\":{\"enabled\":true,\"x\":1}}");
        assertThat(ValueSplit.ofParent(values, List.of("subchart", "other")))
                .isEqualTo(json("{\"global\":{\"a\":1},\"own\":true,\"subchart\":{\"enabled\":false},"
                        + "\"other\":{\"enabled\":false}}"));
        assertThat(values.at("/subchart/x").asInt())
                .as("the input stays as it was")
                .isEqualTo(1);
    }

    private static ObjectNode subchart(String values) {
        return ValueSplit.ofSubchart(json(values), "subchart");
    }

    private static ObjectNode json(String text) {
        return Groups.json(text);
    }
}
