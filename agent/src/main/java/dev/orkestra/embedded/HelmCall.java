package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.CanonicalJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of one Helm child, in a folder that only the agent's user can read and that is gone afterwards: its
 * kubeconfig and its values.
 *
 * @param folder the folder
 * @param kubeconfig connects as the agent and impersonates the group's identity, so that no request of Helm has more
 *     rights than the group's service account (DESIGN.md §5)
 */
record HelmCall(Path folder, Path kubeconfig) implements AutoCloseable {
    static HelmCall open(Path parent, HelmConnection connection, Identity identity) throws IOException {
        Path folder = Files.createTempDirectory(
                parent, "call", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path kubeconfig = folder.resolve("kubeconfig");
        writePrivately(kubeconfig, kubeconfig(connection, identity));
        return new HelmCall(folder, kubeconfig);
    }

    Path values(JsonNode values) throws IOException {
        Path file = folder.resolve("values.yaml");
        writePrivately(file, values);
        return file;
    }

    /** JSON is YAML, and leaves no doubt about quoting. */
    private static void writePrivately(Path file, JsonNode content) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(CanonicalJson.bytes(content));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static ObjectNode kubeconfig(HelmConnection connection, Identity identity) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("apiVersion", "v1").put("kind", "Config").put("current-context", "agent");
        ObjectNode cluster = config.putArray("clusters").addObject().put("name", "agent");
        cluster.putObject("cluster")
                .put("server", connection.server())
                .put("certificate-authority", connection.caFile().toString());
        ObjectNode user = config.putArray("users").addObject().put("name", "agent");
        user.putObject("user").put("token", connection.token().get()).put("as", identity.userName());
        ObjectNode context = config.putArray("contexts").addObject().put("name", "agent");
        context.putObject("context").put("cluster", "agent").put("user", "agent");
        return config;
    }

    @Override
    public void close() throws IOException {
        List<Path> inside;
        try (Stream<Path> files = Files.list(folder)) {
            inside = files.toList();
        }
        for (Path file : inside) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }
}
