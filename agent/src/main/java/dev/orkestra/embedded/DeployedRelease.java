package dev.orkestra.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * @param description Helm's own words about it: why it failed, for example
 * @param manifest its objects, as YAML
 * @param testHooks its tests by name, as the status' history has them
 */
record DeployedRelease(
        long revision,
        Instant firstDeployed,
        Instant lastDeployed,
        String description,
        String manifest,
        ObjectNode testHooks) {
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
                            info.path("description").asText(),
                            release.path("manifest").asText(),
                            testHooks(release.path("hooks"))))
                    : Optional.empty();
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A test that did not run, because another failed before it, has a name and nothing else. */
    private static ObjectNode testHooks(JsonNode hooks) {
        ObjectNode tests = JsonNodeFactory.instance.objectNode();
        for (JsonNode hook : hooks) {
            boolean isTest = hook.path("events")
                    .valueStream()
                    .anyMatch(event -> event.asText().startsWith("test"));
            if (isTest) {
                JsonNode run = hook.path("last_run");
                ObjectNode test = tests.putObject(hook.path("name").asText());
                if (!run.path("phase").asText("").isEmpty()) {
                    test.put(
                            "lastStarted", time(run.path("started_at").asText()).toString());
                    test.put(
                            "lastCompleted",
                            time(run.path("completed_at").asText()).toString());
                    test.put("phase", run.path("phase").asText());
                }
            }
        }
        return tests;
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Where Helm said that a test failed and no test says so of itself, one is made up that does. */
    DeployedRelease withFailedTest() {
        boolean known = testHooks
                .valueStream()
                .anyMatch(test -> test.path("phase").asText().equals("Failed"));
        if (known) {
            return this;
        }
        ObjectNode tests = testHooks.deepCopy();
        tests.putObject("helm-test").put("phase", "Failed");
        return new DeployedRelease(revision, firstDeployed, lastDeployed, description, manifest, tests);
    }

    String digest() {
        return CanonicalJson.digest(manifest.getBytes(StandardCharsets.UTF_8));
    }
}
