package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import dev.orkestra.document.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes core/v1 events, as kubectl describe shows them. The name of an event follows from what it says, so that the
 * same event again finds the first one and counts it up, also after a restart of the agent.
 */
final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final ResourceType EVENTS = new ResourceType("", "v1", "Event", "events", true);
    private static final String REPORTER = "orkestra-agent";
    /** Limits of the API server for an event's message and reason. */
    private static final int MAX_MESSAGE = 1_024;

    private static final int MAX_REASON = 128;
    /** Leaves room for the digest in the 253 characters of a name. */
    private static final int MAX_NAME_PART = 200;

    private final ApiConnection connection;
    private final Optional<Identity> identity;

    EventRecorder(ApiConnection connection, Optional<Identity> identity) {
        this.connection = connection;
        this.identity = identity;
    }

    void record(ObjectNode regarding, boolean warning, String reason, String message) {
        ObjectNode event = event(regarding, warning, reason, message);
        try {
            try {
                create(event);
            } catch (ClusterException e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw e;
                }
                countUp(event);
            }
        } catch (ClusterException e) {
            LOG.atWarn()
                    .addKeyValue("reason", reason)
                    .addKeyValue("why", e.getMessage())
                    .log("event not recorded");
        }
    }

    private void create(ObjectNode event) {
        String namespace = event.path("metadata").path("namespace").asText();
        connection.send(
                request(Verb.CREATE, "POST", ResourcePath.collection(EVENTS, namespace), ApiRequest.JSON, event),
                identity);
    }

    private void countUp(ObjectNode event) {
        String namespace = event.path("metadata").path("namespace").asText();
        List<String> path = ResourcePath.object(
                EVENTS, namespace, event.path("metadata").path("name").asText());
        ObjectNode known = connection.send(ApiRequest.get(Verb.GET, path, "event"), identity);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.put("count", known.path("count").asInt(1) + 1);
        patch.set("lastTimestamp", event.get("lastTimestamp"));
        connection.send(request(Verb.PATCH, "PATCH", path, ApiRequest.MERGE_PATCH, patch), identity);
    }

    private static ApiRequest request(
            Verb verb, String method, List<String> path, String contentType, ObjectNode body) {
        return new ApiRequest(
                verb, method, new ArrayList<>(path), List.of(), contentType, ApiConnection.bytes(body), "event", false);
    }

    private ObjectNode event(ObjectNode regarding, boolean warning, String reason, String message) {
        String shortReason = cut(reason, MAX_REASON);
        String shortMessage = cut(message, MAX_MESSAGE);
        String type = warning ? "Warning" : "Normal";
        String subject = regarding.path("metadata").path("name").asText("");
        String shortName = subject.substring(0, Math.min(subject.length(), MAX_NAME_PART));
        String uid = regarding.path("metadata").path("uid").asText("");
        String says = String.join("\n", regarding.path("kind").asText(""), uid, type, shortReason, shortMessage);
        String digest =
                CanonicalJson.digest(says.getBytes(StandardCharsets.UTF_8)).substring("sha256:".length());
        // Events about cluster-scoped objects live in the namespace "default"; so does Kubernetes itself.
        String namespace = regarding.path("metadata").path("namespace").asText("");
        String at = connection
                .settings()
                .time()
                .instant()
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();

        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("namespace", namespace.isEmpty() ? "default" : namespace)
                .put("name", shortName + "." + digest.substring(0, 16));
        ObjectNode involved = event.putObject("involvedObject");
        involved.put("apiVersion", regarding.path("apiVersion").asText(""));
        involved.put("kind", regarding.path("kind").asText(""));
        involved.put("name", subject);
        involved.put("namespace", namespace);
        involved.put("uid", uid);
        event.put("type", type).put("reason", shortReason).put("message", shortMessage);
        event.put("count", 1).put("firstTimestamp", at).put("lastTimestamp", at);
        event.putObject("source").put("component", REPORTER);
        event.put("reportingComponent", REPORTER);
        return event;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
