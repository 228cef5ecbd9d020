package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamingTest {
    @Test
    void check19_namesBecomeDnsLabelsAsAzureOrkestraMadeThem() {
        assertThat(Naming.dns("good-small-name")).isEqualTo("good-small-name");
        assertThat(Naming.dns("tOk3_??ofTHE-Runner")).isEqualTo("tok3---ofthe-runner");
        assertThat(Naming.dns("----??tOk3_??ofTHE-Runner")).isEqualTo("tok3---ofthe-runner");
    }

    @Test
    void check19_aNameWithoutLettersAndDigitsBecomesItsHash() {
        assertThat(Naming.dns("?.?&^%#$@_??")).startsWith("dc8d2bb9b3fcd89f").hasSize(63);
    }

    @Test
    void check19_aLongNameIsCut() {
        String name = "very-long-name" + "-".repeat(48) + "end";
        assertThat(Naming.dns(name)).hasSize(63).endsWith("-e");
    }

    @Test
    void check19_aSubchartCarriesTheHashOfItsApplication() {
        assertThat(Naming.subchart("", "")).isEqualTo("e3b0c44298-");
        assertThat(Naming.subchart("bookinfo", "details")).isEqualTo("a82a4dac39-details");
        String longest = "s".repeat(52);
        assertThat(Naming.subchart("appHash", longest)).isEqualTo("4de0cdfdb3-" + longest);
        assertThat(Naming.subchart("appHash", longest + "-and-more")).isEqualTo("4de0cdfdb3-" + longest);
    }
}
