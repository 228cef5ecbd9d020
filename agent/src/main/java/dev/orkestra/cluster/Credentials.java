package dev.orkestra.cluster;

import dev.orkestra.cluster.ClusterException.Reason;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.auth.ApiKeyAuth;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Opens a connection with the credentials of a {@link ClusterRef}. client-java does the TLS and the tokens. */
final class Credentials {
    /** What runs programs, reads other files as credentials, or trusts anybody, and where it stands. */
    private static final List<String> REFUSED_OF_USER =
            List.of("exec", "auth-provider", "tokenFile", "as", "as-groups");

    private static final List<String> REFUSED_OF_CLUSTER = List.of("insecure-skip-tls-verify", "proxy-url");

    private Credentials() {}

    static ApiConnection connect(ClusterRef ref, Settings settings) {
        return switch (ref) {
            case ClusterRef.Kubeconfig(Path file, String context) -> fromKubeconfig(file, context, settings);
            case ClusterRef.InCluster _ -> inCluster(settings);
        };
    }

    /** The token file is read again each minute by client-java's interceptor, since the kubelet rotates it. */
    private static ApiConnection inCluster(Settings settings) {
        if (System.getenv("KUBERNETES_SERVICE_HOST") == null) {
            throw unusable("this process does not run in a pod (no KUBERNETES_SERVICE_HOST): give it a kubeconfig");
        }
        try {
            return connection(ClientBuilder.cluster().build(), settings);
        } catch (IOException | RuntimeException e) {
            throw unusable("the pod's service account cannot be read ("
                    + e.getClass().getSimpleName() + "): is automountServiceAccountToken off?");
        }
    }

    private static ApiConnection fromKubeconfig(Path file, String context, Settings settings) {
        KubeConfig config = read(file);
        if (!context.isEmpty() && !config.setContext(context)) {
            throw unusable("kubeconfig " + file + " has no context \"" + context + "\"");
        }
        List<String> refused = refusedEntries(config, context.isEmpty() ? config.getCurrentContext() : context);
        if (!refused.isEmpty()) {
            throw unusable("kubeconfig " + file + " uses " + String.join(", ", refused)
                    + ": write the token or the client certificate and the certificate authority into it instead");
        }
        try {
            return connection(ClientBuilder.kubeconfig(config).build(), settings);
        } catch (IOException | RuntimeException e) {
            // The text of e may quote key material.
            throw unusable("kubeconfig " + file + " cannot be used ("
                    + e.getClass().getSimpleName() + "): check its server, certificate and key entries");
        }
    }

    private static KubeConfig read(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            KubeConfig config = KubeConfig.loadKubeConfig(reader);
            config.setFile(new File(file.toString()));
            if (config.getCurrentContext() == null && config.getContexts() == null) {
                throw unusable("kubeconfig " + file + " has no contexts");
            }
            return config;
        } catch (IOException e) {
            throw unusable(
                    "kubeconfig " + file + " cannot be read: " + e.getClass().getSimpleName());
        } catch (ClusterException e) {
            throw e;
        } catch (RuntimeException e) {
            // A YAML parser quotes the line, which may hold a token.
            throw unusable("kubeconfig " + file + " is not YAML of a kubeconfig");
        }
    }

    private static List<String> refusedEntries(KubeConfig config, @Nullable String contextName) {
        Map<?, ?> context = named(config.getContexts(), contextName, "context");
        Map<?, ?> user = named(config.getUsers(), context.get("user"), "user");
        Map<?, ?> cluster = named(config.getClusters(), context.get("cluster"), "cluster");
        List<String> refused = new ArrayList<>();
        REFUSED_OF_USER.stream().filter(user::containsKey).forEach(refused::add);
        REFUSED_OF_CLUSTER.stream()
                .filter(key -> cluster.containsKey(key) && !Boolean.FALSE.equals(cluster.get(key)))
                .forEach(refused::add);
        return refused;
    }

    private static Map<?, ?> named(@Nullable List<Object> entries, @Nullable Object name, String below) {
        for (Object entry : entries == null ? List.of() : entries) {
            if (entry instanceof Map<?, ?> map
                    && Objects.equals(map.get("name"), name)
                    && map.get(below) instanceof Map<?, ?> found) {
                return found;
            }
        }
        return Map.of();
    }

    private static ApiConnection connection(ApiClient client, Settings settings) {
        HttpUrl base = HttpUrl.parse(client.getBasePath());
        if (base == null) {
            throw new IllegalArgumentException("the server's address is not a URL");
        }
        return new ApiConnection(client.getHttpClient(), base, authorization(client), settings);
    }

    /** client-java sends a kubeconfig's token only through its own request builder, which we do not use. */
    private static String authorization(ApiClient client) {
        if (client.getAuthentication("BearerToken") instanceof ApiKeyAuth key && key.getApiKey() != null) {
            String prefix = key.getApiKeyPrefix();
            return prefix == null ? key.getApiKey() : prefix + " " + key.getApiKey();
        }
        return "";
    }

    private static ClusterException unusable(String message) {
        return new ClusterException(Reason.UNAUTHENTICATED, message);
    }
}
