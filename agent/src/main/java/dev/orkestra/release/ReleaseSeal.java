package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The mark by which the embedded engine knows that a HelmRelease was planned for its group. The label that names the
 * group decides in whose name Helm runs, and whoever may create HelmReleases may write labels: without a seal a tenant
 * could have a chart installed with the rights of another one (ADR 13).
 *
 * <p>Two keyed digests: of the release's place, and of all that decides on the outcome: group, place, chart, values and
 * actions. Interval, timeout and suspension are left out, which can delay a release but not make it another one; an older
 * version of the same release would fit as well. Thread-safe.
 */
public final class ReleaseSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_LENGTH = 32;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** How it is installed and removed: hooks left out, values kept or drift ignored make it another release. */
    private static final List<String> ACTIONS =
            List.of("install", "upgrade", "rollback", "uninstall", "test", "driftDetection", "maxHistory");

    private final SecretKeySpec key;

    /** @param key 32 random bytes that only agents of this installation know */
    public ReleaseSeal(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a key has " + KEY_LENGTH + " bytes, not " + key.length);
        }
        this.key = new SecretKeySpec(key.clone(), ALGORITHM);
    }

    /** The value of {@link GroupNames#SEAL} that fits {@code release}: of its place, and of all of it. */
    public String of(JsonNode release) {
        return digest(place(release)) + "." + digest(sealed(release));
    }

    /** Whether {@code release} is as it was planned. */
    public boolean fits(JsonNode release) {
        return isSame(written(release), of(release));
    }

    /**
     * Whether {@code release} was planned for the group and the place that it names, whatever somebody has changed in it
     * since. That is enough to take it away.
     */
    public boolean belongs(JsonNode release) {
        String written = written(release);
        int dot = written.indexOf('.');
        return dot > 0 && isSame(written.substring(0, dot), digest(place(release)));
    }

    /** Whether {@code object} carries a seal at all; Azure Orkestra's objects carry none. */
    public static boolean isSealed(JsonNode object) {
        return !written(object).isEmpty();
    }

    /**
     * The value of {@link GroupNames#SEAL} that fits {@code workflow}: its label decides as whom its custom executors run,
     * and its templates what they are. What people may change in it, such as {@code suspend}, is left out.
     */
    public String ofWorkflow(JsonNode workflow) {
        JsonNode metadata = workflow.path("metadata");
        ObjectNode parts = JSON.objectNode();
        parts.put("kind", "Workflow");
        parts.put("owner", metadata.path("labels").path(GroupNames.OWNER).asText(""));
        parts.put(
                "generation",
                metadata.path("labels").path(GroupNames.GENERATION).asText(""));
        parts.put("namespace", metadata.path("namespace").asText(""));
        parts.put("name", metadata.path("name").asText(""));
        parts.put("entrypoint", workflow.path("spec").path("entrypoint").asText(""));
        parts.set("templates", plain(workflow.path("spec").path("templates")));
        return digest(parts);
    }

    /** Whether {@code workflow} is as it was planned. */
    public boolean fitsWorkflow(JsonNode workflow) {
        return isSame(written(workflow), ofWorkflow(workflow));
    }

    /**
     * A digest that says nothing of {@code content} to those who can guess what it may be: it holds what came out of
     * Secrets (DESIGN.md §6).
     *
     * @param purpose tells digests of different things apart; none of them is a seal
     */
    public String confidential(String purpose, JsonNode content) {
        ObjectNode parts = JSON.objectNode();
        parts.put("purpose", purpose);
        parts.set("content", content);
        return "sha256:" + digest(parts);
    }

    private static String written(JsonNode object) {
        return object.path("metadata").path("annotations").path(GroupNames.SEAL).asText("");
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private String digest(ObjectNode parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(CanonicalJson.bytes(parts)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** What removal goes by. */
    private static ObjectNode place(JsonNode release) {
        JsonNode metadata = release.path("metadata");
        JsonNode spec = release.path("spec");
        ObjectNode parts = JSON.objectNode();
        parts.put("owner", metadata.path("labels").path(GroupNames.OWNER).asText(""));
        parts.put("namespace", metadata.path("namespace").asText(""));
        parts.put("name", metadata.path("name").asText(""));
        parts.put("releaseName", spec.path("releaseName").asText(""));
        parts.put("targetNamespace", spec.path("targetNamespace").asText(""));
        return parts;
    }

    private static ObjectNode sealed(JsonNode release) {
        JsonNode metadata = release.path("metadata");
        JsonNode spec = release.path("spec");
        JsonNode chart = spec.path("chart").path("spec");
        ObjectNode parts = place(release);
        parts.put(
                "digest",
                metadata.path("annotations").path(GroupNames.CHART_DIGEST).asText(""));
        parts.put("chart", chart.path("chart").asText(""));
        parts.put("version", chart.path("version").asText(""));
        parts.set("source", chart.path("sourceRef"));
        parts.set("values", plain(spec.path("values")));
        parts.set("valuesFrom", plain(spec.path("valuesFrom")));
        for (String action : ACTIONS) {
            JsonNode written = plain(spec.path(action));
            if (written instanceof ObjectNode object
                    && object.path("deletionPropagation").asText("").equals("background")) {
                // Flux's definition adds it.
                object.remove("deletionPropagation");
            }
            parts.set(action, written);
        }
        return parts;
    }

    /** As any server would store it: without nulls, and each number in one spelling. */
    private static JsonNode plain(JsonNode value) {
        if (value.isObject()) {
            ObjectNode copy = JSON.objectNode();
            value.properties().forEach(each -> {
                if (!each.getValue().isNull()) {
                    copy.set(each.getKey(), plain(each.getValue()));
                }
            });
            return copy;
        }
        if (value.isArray()) {
            ArrayNode copy = JSON.arrayNode();
            value.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        if (value.isNumber()) {
            boolean whole = value.isIntegralNumber() && value.canConvertToLong();
            BigDecimal number = whole ? value.decimalValue() : BigDecimal.valueOf(value.doubleValue());
            return JSON.textNode(
                    number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
        }
        return value.isMissingNode() ? JSON.nullNode() : value;
    }
}
