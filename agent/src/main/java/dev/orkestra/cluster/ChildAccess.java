package dev.orkestra.cluster;

import dev.orkestra.cluster.ClusterException.Reason;
import io.kubernetes.client.util.KubeConfig;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a child process such as Helm needs to reach the same API server with the same credentials. It writes its own
 * kubeconfig from it, with impersonation; the agent's kubeconfig is never handed on.
 *
 * @param server URL of the API server
 * @param authority certificates to trust, PEM
 * @param token the agent's token, read anew at each call because the kubelet rotates it
 */
public record ChildAccess(String server, byte[] authority, Supplier<String> token) {
    private static final Path POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /**
     * @throws ClusterException UNAUTHENTICATED when the credentials are not a token: a child could not impersonate
     *     with them without a copy of a private key
     */
    public static ChildAccess of(ClusterRef ref) {
        return switch (ref) {
            case ClusterRef.Kubeconfig(Path file, String context) -> ofKubeconfig(file, context);
            case ClusterRef.InCluster _ -> ofPod();
        };
    }

    private static ChildAccess ofKubeconfig(Path file, String context) {
        try (Reader reader = Files.newBufferedReader(file)) {
            KubeConfig config = KubeConfig.loadKubeConfig(reader);
            config.setFile(new File(file.toString()));
            if (!context.isEmpty()) {
                config.setContext(context);
            }
            Map<String, String> credentials = config.getCredentials();
            String token = credentials == null ? null : credentials.get(KubeConfig.CRED_TOKEN_KEY);
            if (token == null || token.isEmpty()) {
                throw unusable("kubeconfig " + file + " has no token; the agent runs under a service account: "
                        + "kubectl create token orkestra-agent");
            }
            byte[] authority = config.getDataOrFileRelative(
                    config.getCertificateAuthorityData(), config.getCertificateAuthorityFile());
            return new ChildAccess(config.getServer(), authority == null ? new byte[0] : authority, () -> token);
        } catch (IOException e) {
            throw unusable(
                    "kubeconfig " + file + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static ChildAccess ofPod() {
        String host = System.getenv("KUBERNETES_SERVICE_HOST");
        String port = System.getenv("KUBERNETES_SERVICE_PORT");
        try {
            String shown = host.contains(":") ? "[" + host + "]" : host;
            return new ChildAccess(
                    "https://" + shown + ":" + port, Files.readAllBytes(POD.resolve("ca.crt")), ChildAccess::podToken);
        } catch (IOException e) {
            throw unusable("the pod's service account cannot be read: is automountServiceAccountToken off?");
        }
    }

    private static String podToken() {
        try {
            return Files.readString(POD.resolve("token"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            throw unusable("the pod's token cannot be read: is automountServiceAccountToken off?");
        }
    }

    private static ClusterException unusable(String message) {
        return new ClusterException(Reason.UNAUTHENTICATED, message);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return server;
    }
}
