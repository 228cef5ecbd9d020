package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real API server of the integration tests, and small objects to put there. */
final class TestCluster {
    static final String NAMESPACE = "cluster-it";
    static final String MANAGER = "orkestra-agent";

    private TestCluster() {}

    private static Path kubeconfig() {
        return Testbed.shared().adminKubeconfig();
    }

    static KubeCluster admin() {
        return KubeCluster.connect(new ClusterRef.Kubeconfig(kubeconfig(), ""), Settings.standard());
    }

    private static final Pattern SERVER = Pattern.compile("https://([A-Za-z0-9.-]+):([0-9]+)");

    /** A proxy to the API server. */
    static TcpProxy proxy() throws IOException {
        Matcher server = SERVER.matcher(Files.readString(kubeconfig()));
        if (!server.find()) {
            throw new IllegalStateException("the test kubeconfig names no server by address and port");
        }
        return new TcpProxy(server.group(1), Integer.parseInt(server.group(2)));
    }

    /** The API server as seen through {@code proxy}. */
    static KubeCluster through(TcpProxy proxy, Path folder, Settings settings) throws IOException {
        String config = SERVER.matcher(Files.readString(kubeconfig()))
                .replaceAll("https://" + proxy.host() + ":" + proxy.port());
        Path file = Files.writeString(folder.resolve("through-proxy"), config);
        return KubeCluster.connect(new ClusterRef.Kubeconfig(file, ""), settings);
    }

    static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    static ObjectNode configMap(String name, String key, String value) {
        ObjectNode map = object("v1", "ConfigMap", NAMESPACE, name);
        map.putObject("data").put(key, value);
        return map;
    }

    /** The namespace of these tests; created once, kept between them. */
    static void namespace(Cluster cluster) {
        ResourceType namespaces = cluster.resourceType("v1", "Namespace");
        cluster.apply(namespaces, object("v1", "Namespace", "", NAMESPACE), ApplyOptions.of(MANAGER));
    }
}
