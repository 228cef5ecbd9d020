package dev.orkestra.apply;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.web.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An admission webhook that does what a test says, for what is applied in the namespace of that test only. Its
 * configuration is removed with it.
 */
final class AdmissionServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Function<ObjectNode, ObjectNode> ALLOW = review -> answer(true, "");

    /** What it is asked with, and how it answers: {@code response} without its uid. */
    private volatile Function<ObjectNode, ObjectNode> behaviour = ALLOW;

    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpsServer server;
    private final ApplyWorld world;
    private final ResourceType type;
    private final String name;

    /**
     * @param kind {@code ValidatingWebhookConfiguration} or {@code MutatingWebhookConfiguration}
     * @param resource the only one that it is asked about, in any group
     */
    AdmissionServer(ApplyWorld world, String kind, String resource) throws Exception {
        this.world = world;
        Certificates authority = new Certificates("admission-it");
        server = authority.server(false);
        server.createContext("/", this::handle);
        type = world.type("admissionregistration.k8s.io/v1", kind);
        name = world.namespace + ".orkestra.test";
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
        String bundle = Base64.getEncoder().encodeToString(authority.pem().getBytes(StandardCharsets.US_ASCII));
        world.cluster.apply(
                type,
                ApplyWorld.json("{'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': '" + kind
                        + "', 'metadata': {'name': '" + name + "'}, 'webhooks': [{'name': '" + name
                        + "', 'clientConfig': {'url': '" + url + "', 'caBundle': '" + bundle
                        + "'}, 'rules': [{'apiGroups': ['*'], 'apiVersions': ['*'], 'resources': ['" + resource
                        + "'], 'operations': ['CREATE', 'UPDATE'], 'scope': 'Namespaced'}],"
                        + " 'namespaceSelector': {'matchLabels': {'kubernetes.io/metadata.name': '" + world.namespace
                        + "'}}, 'objectSelector': {'matchExpressions': [{'key': '" + Labels.CONFIG_REPO
                        + "', 'operator': 'Exists'}]}, 'failurePolicy': 'Fail', 'timeoutSeconds': 2,"
                        + " 'sideEffects': 'None', 'admissionReviewVersions': ['v1']}]}"),
                ApplyOptions.of("apply-it"));
    }

    /** Says no, in these words. */
    void deny(String why) {
        behaviour = review -> answer(false, why);
    }

    /** Says no where an object is really written and not only tried. */
    void denyWrites(Predicate<ObjectNode> which, String why) {
        behaviour = review -> {
            boolean write = !review.at("/request/dryRun").asBoolean();
            boolean denied = write && which.test((ObjectNode) review.at("/request/object"));
            return answer(!denied, denied ? why : "");
        };
    }

    void allow() {
        behaviour = ALLOW;
        gate.countDown();
    }

    /** Does not answer until {@link #allow}. */
    void hang() {
        gate = new CountDownLatch(1);
    }

    /** @param patch from the object to a JSON patch, with {@code '} for {@code "} */
    void mutate(Function<ObjectNode, String> patch) {
        behaviour = review -> {
            String text = patch.apply((ObjectNode) review.at("/request/object")).replace('\'', '"');
            return answer(true, "")
                    .put("patchType", "JSONPatch")
                    .put("patch", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        };
    }

    /** How often it was asked. */
    int asked() {
        return asked.get();
    }

    private static ObjectNode answer(boolean allowed, String why) {
        ObjectNode response = JSON.createObjectNode().put("allowed", allowed);
        if (!why.isEmpty()) {
            response.putObject("status").put("message", why);
        }
        return response;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode review = (ObjectNode) JSON.readTree(exchange.getRequestBody());
            asked.incrementAndGet();
            gate.await();
            ObjectNode response = behaviour.apply(review);
            response.set("uid", review.at("/request/uid"));
            ObjectNode answer = JSON.createObjectNode();
            answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            answer.set("response", response);
            byte[] bytes = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        world.cluster.delete(type, "", name, "");
        gate.countDown();
        server.stop(0);
    }
}
