package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.testing.Testbed;
import dev.orkestra.web.Login;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Pushes to the testbed's registry, with the few requests that its API needs for that. */
final class RegistryPush implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;
    private final String authorization;

    RegistryPush(Testbed testbed) {
        base = URI.create("http://" + testbed.registry() + "/v2/");
        authorization = new Login.Basic(testbed.registryUser(), testbed.registryPassword()).header();
    }

    /** Pushes an artifact and answers its manifest's digest. */
    String push(String name, String tag, ObjectNode manifest, byte[]... blobs)
            throws IOException, InterruptedException {
        for (byte[] blob : blobs) {
            blob(name, blob);
        }
        blob(name, Registry.bytes("{}"));
        return manifest(name, tag, manifest, manifest.path("mediaType").asText());
    }

    String manifest(String name, String tag, ObjectNode manifest, String mediaType)
            throws IOException, InterruptedException {
        byte[] bytes = Registry.bytes(manifest.toString());
        HttpResponse<String> put = send(request(base.resolve(name + "/manifests/" + tag))
                .header("Content-Type", mediaType)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)));
        assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
        return CanonicalJson.digest(bytes);
    }

    private void blob(String name, byte[] blob) throws IOException, InterruptedException {
        HttpResponse<String> post =
                send(request(base.resolve(name + "/blobs/uploads/")).POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(post.statusCode()).as(post.body()).isEqualTo(202);
        URI upload = base.resolve(post.headers().firstValue("Location").orElseThrow());
        URI whole = URI.create(
                upload + (upload.getRawQuery() == null ? "?" : "&") + "digest=" + CanonicalJson.digest(blob));
        HttpResponse<String> put = send(request(whole)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(blob)));
        assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
    }

    private HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).header("Authorization", authorization);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
