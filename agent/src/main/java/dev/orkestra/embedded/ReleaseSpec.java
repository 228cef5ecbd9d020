package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a HelmRelease asks for, as far as the engine carries it out.
 *
 * @param object the HelmRelease
 * @param name name of the Helm release
 * @param namespace where its objects and Helm's records are
 * @param chart name of the chart
 * @param version version, or a range of them
 * @param pin digest that the chart must have ({@code sha256:…}), or empty
 * @param timeout for Helm and the wait for health together, where an action has none of its own
 * @param values what is given to the chart
 */
record ReleaseSpec(
        ObjectNode object,
        String name,
        String namespace,
        String chart,
        String version,
        String pin,
        Duration timeout,
        JsonNode values) {
    static final String CHART_DIGEST = "orkestra.dev/chart-digest";

    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(5);

    /** What would change the outcome and is not carried out. To ignore it would be to install something else. */
    private static final List<String> NOT_CARRIED_OUT =
            List.of("chartRef", "dependsOn", "postRenderers", "kubeConfig", "serviceAccountName", "commonMetadata");

    static Outcome<ReleaseSpec> parse(ObjectNode release) {
        JsonNode spec = release.path("spec");
        ObjectKey key = ObjectKey.of(release);
        for (String field : NOT_CARRIED_OUT) {
            if (spec.hasNonNull(field) && !spec.path(field).isEmpty()
                    || spec.path(field).isTextual()) {
                return refused("spec." + field + " is not carried out by the embedded engine");
            }
        }
        String namespace = spec.path("targetNamespace").asText(key.namespace());
        String storage = spec.path("storageNamespace").asText(namespace);
        if (!storage.equals(namespace)) {
            return refused("spec.storageNamespace must be the target namespace " + namespace);
        }
        JsonNode made = release.path("status").path("history").path(0);
        String name = spec.path("releaseName").asText(key.name());
        if (!made.path("name").asText(name).equals(name)
                || !made.path("namespace").asText(namespace).equals(namespace)) {
            return refused("the release is " + made.path("namespace").asText() + "/"
                    + made.path("name").asText() + " and cannot be renamed or moved to " + namespace + "/" + name);
        }
        JsonNode chart = spec.path("chart").path("spec");
        if (chart.path("chart").asText("").isEmpty()) {
            return refused("spec.chart.spec.chart is missing");
        }
        if (!chart.path("valuesFiles").isEmpty()) {
            return refused("spec.chart.spec.valuesFiles is not carried out by the embedded engine");
        }
        Optional<String> excess = DriftIgnore.excess(spec.path("driftDetection"));
        if (excess.isPresent()) {
            return refused("spec.driftDetection.ignore " + excess.get());
        }
        Duration timeout = GoDuration.parse(spec.path("timeout").asText("5m")).orElse(DEFAULT_TIMEOUT);
        JsonNode values = spec.path("values").isObject() ? spec.path("values") : JsonNodeFactory.instance.objectNode();
        return Outcome.done(new ReleaseSpec(
                release,
                name,
                namespace,
                chart.path("chart").asText(),
                chart.path("version").asText("*"),
                release.path("metadata").path("annotations").path(CHART_DIGEST).asText(""),
                timeout,
                values));
    }

    /**
     * What is to be removed with {@code release}, even where its spec would be refused by now. Only what the seal of its
     * place covers is believed: whoever may write the status could have any other release removed.
     */
    static ReleaseSpec toRemove(ObjectNode release) {
        JsonNode spec = release.path("spec");
        ObjectKey key = ObjectKey.of(release);
        return new ReleaseSpec(
                release,
                spec.path("releaseName").asText(key.name()),
                spec.path("targetNamespace").asText(key.namespace()),
                "",
                "",
                "",
                GoDuration.parse(spec.path("timeout").asText("5m")).orElse(DEFAULT_TIMEOUT),
                JsonNodeFactory.instance.objectNode());
    }

    private static Outcome<ReleaseSpec> refused(String message) {
        return Outcome.terminal(Diagnostic.error(ErrorCode.Invalid, message, null, "change the HelmRelease"));
    }

    /** The same with the values that {@code spec.valuesFrom} and {@code spec.values} come to. */
    ReleaseSpec withValues(JsonNode merged) {
        return new ReleaseSpec(object, name, namespace, chart, version, pin, timeout, merged);
    }

    /** How often the engine looks without a change of the HelmRelease. */
    static Duration interval(ObjectNode release) {
        return GoDuration.parse(release.path("spec").path("interval").asText(""))
                .filter(Duration::isPositive)
                .orElse(DEFAULT_INTERVAL);
    }

    /** {@code namespace/name} of the Helm release, which two HelmReleases may claim. */
    String lock() {
        return namespace + "/" + name;
    }

    /**
     * The digest of all that decides what Helm would render: as long as it stays, a new revision says nothing new.
     *
     * @param digest how it is made of the parts
     */
    String configDigest(ChartArchive archive, Function<ObjectNode, String> digest) {
        ObjectNode parts = JsonNodeFactory.instance.objectNode();
        parts.put("chart", archive.digest()).put("name", archive.name()).put("version", archive.version());
        parts.put("releaseName", name).put("namespace", namespace);
        parts.set("values", values);
        return digest.apply(parts);
    }

    int maxHistory() {
        return object.path("spec").path("maxHistory").asInt(-1);
    }

    /** How long an action may take, Helm and the wait for health together. */
    Duration timeout(ReleaseVerb verb) {
        return GoDuration.parse(action(verb).path("timeout").asText(""))
                .filter(Duration::isPositive)
                .orElse(timeout);
    }

    /** Whether the release's own health, or its end, is not to be waited for. */
    boolean withoutWait(ReleaseVerb verb) {
        return action(verb).path("disableWait").asBoolean();
    }

    JsonNode action(ReleaseVerb verb) {
        return object.path("spec").path(verb.word());
    }

    Remediation remediation(ReleaseVerb verb) {
        return Remediation.of(object.path("spec"), verb);
    }
}
