package dev.orkestra.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orkestra.document.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What Helm says of a release's last revision.
 *
 * @param revision its number
 * @param firstDeployed when revision 1 was made, in seconds
 * @param lastDeployed when this one was made, in seconds
 * @param manifest its objects, as YAML
 */
record DeployedRelease(long revision, Instant firstDeployed, Instant lastDeployed, String manifest) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Reads the JSON that {@code helm upgrade} and {@code helm status} print. */
    static Optional<DeployedRelease> read(String json) {
        try {
            JsonNode release = MAPPER.readTree(json);
            JsonNode info = release.path("info");
            return release.path("version").isIntegralNumber()
                    ? Optional.of(new DeployedRelease(
                            release.path("version").asLong(),
                            time(info.path("first_deployed").asText()),
                            time(info.path("last_deployed").asText()),
                            release.path("manifest").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
    }

    String digest() {
        return CanonicalJson.digest(manifest.getBytes(StandardCharsets.UTF_8));
    }
}
