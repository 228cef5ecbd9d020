package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationTest {
    private static final String NOWHERE = "nowhere: ";

    private static String led(Location from, String text) {
        return switch (from.resolve(text)) {
            case Location.Reference.To(Location location) -> location.key();
            case Location.Reference.Nowhere nowhere -> NOWHERE + nowhere.code();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.yaml | envs/prod/a.yaml",
                "./a.yaml | envs/prod/a.yaml",
                "x//./a.yaml | envs/prod/x/a.yaml",
                "../../a.yaml | a.yaml",
                "x/../a.yaml | envs/prod/a.yaml",
                "../../../a.yaml | nowhere: OutsideRoot",
                "../../../envs/prod/a.yaml | nowhere: OutsideRoot",
                "/a.yaml | nowhere: OutsideRoot",
                "..\\a.yaml | nowhere: OutsideRoot",
                "https://shop.test/a.yaml | https://shop.test/a.yaml",
                "HTTPS://shop.test/a.yaml | HTTPS://shop.test/a.yaml",
                "ftp://shop.test/a.yaml | nowhere: ImportNotAllowed",
                "file:///etc/passwd | nowhere: ImportNotAllowed",
                "https://user@shop.test/a.yaml | nowhere: ImportNotAllowed",
                "https://shop test/a.yaml | nowhere: WrongValue",
            })
    void ofAFileOfTheRepository(String text, String key) {
        assertThat(led(new Location.InRepository("envs/prod/komposer.yaml", UnaryOperator.identity()), text))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.yaml | https://shop.test/x/a.yaml",
                "../a.yaml | https://shop.test/a.yaml",
                "/a.yaml | nowhere: OutsideRoot",
                "https://other.test/a.yaml | https://other.test/a.yaml",
            })
    void ofAFileOnTheWeb(String text, String key) {
        assertThat(led(new Location.OnWeb("https://shop.test/x/k.yaml?sig=1", Optional.empty()), text))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a.yaml | oci://shop.test/p@1/x/a.yaml", "../../a.yaml | nowhere: OutsideRoot"})
    void ofAFileOfAPattern(String text, String key) {
        Location.InArchive file = new Location.InArchive(
                "oci://shop.test/p@1", Provided.Files.of(Map.of("x/k.yaml", new byte[0]), ""), "x/k.yaml");

        assertThat(led(file, text)).isEqualTo(key);
    }

    @Test
    void ofWhatHelmRenders() {
        assertThat(led(new Location.Rendered("chart"), "a.yaml")).isEqualTo(NOWHERE + "ImportNotAllowed");
        assertThat(led(new Location.Rendered("chart"), "https://shop.test/a.yaml"))
                .isEqualTo("https://shop.test/a.yaml");
    }

    @Test
    void credentialsStayOnTheServerThatTheyAreFor() {
        Optional<ImportAuth> auth = Optional.of(new ImportAuth.Token("TOKEN"));
        Location.OnWeb from = new Location.OnWeb("https://shop.test/x/k.yaml", auth);

        assertThat(from.resolve("a.yaml"))
                .isEqualTo(new Location.Reference.To(new Location.OnWeb("https://shop.test/x/a.yaml", auth)));
        assertThat(from.resolve("https://other.test/a.yaml"))
                .isEqualTo(
                        new Location.Reference.To(new Location.OnWeb("https://other.test/a.yaml", Optional.empty())));
    }

    @Test
    void aSignatureInAQueryIsNotShown() {
        assertThat(new Location.OnWeb("https://shop.test/k.yaml?sig=secret", Optional.empty()).shown())
                .startsWith("https://shop.test/k.yaml?")
                .doesNotContain("secret")
                .isNotEqualTo(new Location.OnWeb("https://shop.test/k.yaml?sig=other", Optional.empty()).shown());
    }

    @ParameterizedTest
    @CsvSource({
        "a/k.yaml, a/b.yaml, b.yaml",
        "k.yaml, a/b.yaml, a/b.yaml",
        "a/b/k.yaml, c.yaml, ../../c.yaml",
        "a/b/k.yaml, a/c/d.yaml, ../c/d.yaml",
        "a/k.yaml, a.yaml, ../a.yaml",
        "a/k.yaml, a/k.yaml, k.yaml",
    })
    void aPathBetweenTwoFilesLeadsThere(String from, String file, String path) {
        assertThat(RepositoryPath.between(from, file)).isEqualTo(path);
        assertThat(RepositoryPath.resolve(from, path)).contains(file);
    }
}
