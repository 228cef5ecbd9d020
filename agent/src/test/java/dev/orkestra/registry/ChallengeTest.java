package dev.orkestra.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
    @Test
    void challengesAreReadAsTheyAreWritten() {
        String header = "Negotiate, BASIC realm=\"a, \\\"b\\\" = c\" , Bearer  realm = \"https://t.test/\",service=x";
        var headers = HttpHeaders.of(Map.of("WWW-Authenticate", List.of(header)), (_, _) -> true);
        assertThat(Challenge.of("basic", headers)).hasValue(new Challenge("basic", Map.of("realm", "a, \"b\" = c")));
        assertThat(Challenge.of("bearer", headers))
                .hasValue(new Challenge("bearer", Map.of("realm", "https://t.test/", "service", "x")));
        for (String odd : List.of(
                "", ",,,", "=", "Bearer realm=\"", "\"", "a".repeat(8_000), "\\".repeat(8_000), "x=".repeat(4_000))) {
            var odds = HttpHeaders.of(Map.of("WWW-Authenticate", List.of(odd)), (_, _) -> true);
            assertThat(Challenge.of("basic", odds)).isEmpty();
        }
    }
}
