package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values from ConfigMaps and Secrets, on a real cluster, read with the rights of the group's service account. */
class ReleaseValuesIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static Engines engines;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start(HelmReleases.namespace("embedded-values"));
    }

    @AfterAll
    static void stop() {
        HelmReleases.end(engines);
    }

    @Test
    void mergesReferencesInOrderWithItsOwnValuesOnTopAndTakesUpAChangeAtTheNextInterval()
            throws IOException, InterruptedException {
        configMap("base", "values.yaml", "text: from the map\nimage: ork.local/not-there:1\nreplicas: 1\n");
        secret("more", "deep", "s3cr3t, image=x");
        ObjectNode release = engines.release("merged", "40s", "one", "ork.local/httpd:1");
        release.withObject("/spec").put("interval", "2s");
        release.withObject("/spec/values").remove("text");
        reference(release, "ConfigMap", "base");
        reference(release, "Secret", "more").put("valuesKey", "deep").put("targetPath", "text");
        reference(release, "ConfigMap", "nowhere").put("optional", true);
        engines.apply(release);
        ObjectNode ready = engines.awaitRelease("merged", SOON, is("Ready", "InstallSucceeded"));
        assertThat(page("merged")).isEqualTo("s3cr3t, image=x");
        assertThat(ready.toString()).doesNotContain("s3cr3t");

        assertThat(digests(ready, CanonicalJson::digest)).doesNotContain(config(ready));
        assertThat(digests(ready, Engines::confidential)).contains(config(ready));

        secret("more", "deep", "another");
        engines.awaitRelease("merged", SOON, is("Ready", "UpgradeSucceeded"));
        assertThat(page("merged")).isEqualTo("another");
        HelmReleases.delete(engines, "merged");
    }

    @Test
    void waitsForAReferenceThatIsMissingAndSaysWhich() throws InterruptedException {
        ObjectNode release = engines.release("missing", "40s", "one", "ork.local/httpd:1");
        reference(release, "Secret", "later");
        engines.apply(release);
        ObjectNode waiting = engines.awaitRelease("missing", SOON, is("Ready", "ValuesError"));
        assertThat(Conditions.find(waiting, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .contains("Secret chart values reference '" + engines.namespace + "/later' with key 'values.yaml'")
                .contains("does not exist");
        secret("later", "values.yaml", "replicas: 1\n");
        engines.awaitRelease("missing", SOON, is("Ready", "InstallSucceeded"));
        HelmReleases.delete(engines, "missing");
    }

    @Test
    void neverWritesASecretsValueIntoStatusOrEventsWhenTheApiServerQuotesIt() throws InterruptedException {
        secret("quoted", "values.yaml", "image: ' Pa55w0rd'\n");
        ObjectNode release = engines.release("leaky", "5s", "one", "ork.local/httpd:1");
        release.withObject("/spec/values").remove("image");
        reference(release, "Secret", "quoted");
        engines.apply(release);
        ObjectNode failed = engines.awaitRelease("leaky", SOON, is("Stalled", "RetriesExceeded"));
        assertThat(Conditions.find(failed, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .contains("***");
        assertThat(failed.path("status").toString()).doesNotContain("Pa55w0rd");
        assertThat(engines.cluster.list(engines.cluster.resourceType("v1", "Event"), engines.namespace, "").stream()
                        // The kubelet quotes it in events of its own, which only readers of the namespace see.
                        .filter(event -> event.path("involvedObject")
                                .path("kind")
                                .asText()
                                .equals("HelmRelease")))
                .isNotEmpty()
                .noneMatch(event -> event.toString().contains("Pa55w0rd"));
        HelmReleases.delete(engines, "leaky");
    }

    private static String config(ObjectNode release) {
        return release.path("status")
                .path("history")
                .path(0)
                .path("configDigest")
                .asText();
    }

    /** What somebody who can read the status, and knows the chart, would try with a guessed password. */
    private static List<String> digests(ObjectNode release, Function<ObjectNode, String> digest) throws IOException {
        ReleaseSpec spec = ReleaseSpec.parse(release) instanceof Outcome.Done<ReleaseSpec>(ReleaseSpec read)
                ? read
                : org.assertj.core.api.Assertions.fail("not read");
        ObjectNode guessed = Groups.json("{text: 's3cr3t, image=x', image: ork.local/httpd:1, replicas: 1}");
        List<String> digests = new ArrayList<>();
        try (Stream<Path> charts = Files.list(engines.folder.resolve("charts"))) {
            for (Path chart : charts.toList()) {
                ChartArchive archive =
                        new ChartArchive(chart, "web", "0.1.0", CanonicalJson.digest(Files.readAllBytes(chart)));
                digests.add(spec.withValues(guessed).configDigest(archive, digest));
            }
        }
        return digests;
    }

    private static ObjectNode reference(ObjectNode release, String kind, String name) {
        return release.withObject("/spec")
                .withArray("/valuesFrom")
                .addObject()
                .put("kind", kind)
                .put("name", name);
    }

    private static void configMap(String name, String key, String text) {
        ObjectNode object = Engines.object("v1", "ConfigMap", engines.namespace, name);
        object.putObject("data").put(key, text);
        engines.apply(object);
    }

    private static void secret(String name, String key, String text) {
        ObjectNode object = Engines.object("v1", "Secret", engines.namespace, name);
        object.putObject("data").put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        engines.apply(object);
    }

    private static String page(String name) {
        return engines.get("v1", "ConfigMap", name + "-page")
                .orElseThrow()
                .path("data")
                .path("index.html")
                .asText();
    }

    private static java.util.function.Predicate<ObjectNode> is(String condition, String reason) {
        return release -> Conditions.find(release, condition)
                .filter(found -> found.path("reason").asText().equals(reason))
                .isPresent();
    }
}
