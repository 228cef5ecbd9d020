package dev.orkestra.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "web:1.4.0",
                "library/web",
                "localhost/web",
                "localhost:5000/web",
                "registry.shop.test/team/web:1.4.0",
                "registry.shop.test:443/team/web",
                "REGISTRY.shop.test/web",
                "[2001:db8::1]:5000/web:1",
                "a__b/c--d/e.f/g_h:V_1.0-x",
                "0web:_latest"
            })
    void whatRuntimesPullIsAReference(String text) {
        assertThat(ImageReference.problem(text)).isEmpty();
        assertThat(ImageReference.problem(text + DIGEST)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Web",
                "team/Web",
                "web:",
                "web:-1",
                "web:a:b",
                ":1",
                "/web",
                "web/",
                "team//web",
                "-web",
                "web-",
                "we..b",
                "we___b",
                "web@",
                "web@sha256:abc",
                "web@md5:0123456789abcdef0123456789abcdef",
                " web",
                "web\n",
                "https://registry.test/web",
                "docker://web",
                "-registry.test/web",
                "registry..test/web",
                "registry.test:port/web",
                "$IMAGE",
                "wéb"
            })
    void whatTheyRefuseIsNone(String text) {
        assertThat(ImageReference.problem(text)).isPresent();
    }

    @Test
    void theLongestNameAndTagAreTakenAndNoLongerOne() {
        assertThat(ImageReference.problem("a".repeat(255) + ":" + "b".repeat(128)))
                .isEmpty();
        assertThat(ImageReference.problem("a".repeat(256))).isPresent();
        assertThat(ImageReference.problem("a:" + "b".repeat(129))).isPresent();
    }

    /** Each of them makes a pattern that tries all ways, or calls itself for each character, fail. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "a-", "a.", "a/", "a:", "@", "__", "[", "A"})
    void aMillionCharactersAreJudgedAtOnce(String unit) {
        assertThat(ImageReference.problem(unit.repeat(1_000_000))).isPresent();
    }
}
