package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Position;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // written | version | oci | what is needed
                "oci://shop.test/books | '' | false | oci://shop.test/books@latest",
                "oci://shop.test/books:1.2 | '' | false | oci://shop.test/books@1.2",
                "oci://shop.test/books@1.2 | '' | false | oci://shop.test/books@1.2",
                "oci://shop.test/books:1.2 | 9 | false | oci://shop.test/books@1.2",
                "oci://shop.test/books | 1.2 | false | oci://shop.test/books@1.2",
                "oci://shop.test:5000/books | '' | false | oci://shop.test:5000/books@latest",
                "oci://shop.test:5000/books:1 | '' | false | oci://shop.test:5000/books@1",
                "oci://shop.test/books:1@sha256:ab | '' | false | oci://shop.test/books@sha256:ab",
                "oci://shop.test/books/ | '' | false | oci://shop.test/books@latest",
                "shop.test/books | '' | true | oci://shop.test/books@latest",
                "https://shop.test/books:2 | '' | true | oci://shop.test/books@2",
                "shop.test/team/books | '' | false | git+https://shop.test/team/books@main",
                "shop.test/team/books@v1 | v2 | false | git+https://shop.test/team/books@v1",
                "https://shop.test/team/books | ' v2 ' | false | git+https://shop.test/team/books@v2",
                "https://shop.test:8443/books.git@v1 | '' | false | git+https://shop.test:8443/books.git@v1",
                "git@shop.test:team/books | '' | false | git+git@shop.test:team/books@main",
                "git@shop.test:team/books@v1 | '' | false | git+git@shop.test:team/books@v1",
            })
    void saysWhereAPatternLiesAndWhichVersion(String written, String version, boolean oci, String key) {
        PatternAddress address = PatternAddress.of(written, version, oci);

        assertThat(address.need(Optional.empty(), new Position("k.yaml", 1, 1)).key())
                .isEqualTo(key);
        assertThat(address.holdsUser()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:secret@shop.test/books",
        "https://user:secret@shop.test/books@v1",
        "user:secret@shop.test/books",
        "oci://user:secret@shop.test/books:1",
        "ssh://git@shop.test/books"
    })
    void noticesAUserInAnAddress(String written) {
        assertThat(PatternAddress.of(written, "", false).holdsUser()).isTrue();
    }

    @Test
    void isShownWithItsVersion() {
        assertThat(PatternAddress.of("oci://shop.test/books:1", "", false).shown())
                .isEqualTo("oci://shop.test/books@1");
        assertThat(PatternAddress.of("shop.test/books", "", false).shown()).isEqualTo("https://shop.test/books@main");
    }
}
