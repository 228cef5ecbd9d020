package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartRegistry;
import dev.orkestra.chart.ChartServer;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.registry.OciPush;
import dev.orkestra.registry.OciReference;
import dev.orkestra.registry.OciSession;
import dev.orkestra.registry.RegistryTrouble;
import dev.orkestra.web.Access;
import dev.orkestra.web.Origin;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A place in an OCI registry, for engines that cannot reach the agent: each chart is a repository below it, each version
 * a tag. A chart whose content changed takes its tag over, as with Azure Orkestra's {@code ?force}; what a release is
 * pinned to stays there under its digest, until the registry is tidied.
 */
public final class RegistryDestination implements ChartDestination, AutoCloseable {
    private static final String HINT = "see the settings of the staging registry";

    private final String place;
    private final Access access;
    private final Duration deadline;
    private final WebClient client = new WebClient();

    /**
     * @param url {@code oci://host[:port]/prefix}, without user and password
     * @param access with the right to push
     * @param deadline for one chart
     */
    public RegistryDestination(URI url, Access access, Duration deadline) {
        if (!ChartServer.isOci(url.toString()) || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a staging registry is oci://host/prefix, without user and password");
        }
        this.place = url.toString().substring(ChartServer.OCI.length()).replaceFirst("/+$", "");
        this.access = access;
        this.deadline = deadline;
    }

    @Override
    public void put(Staged chart) throws ChartTrouble, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            OciReference reference = OciReference.of(place + "/" + chart.name(), ChartRegistry.tag(chart.version()));
            OciSession session = new OciSession(
                    client,
                    reference,
                    access,
                    OciSession.Right.PUSH,
                    () -> Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            OciPush.push(
                    session,
                    new OciPush.Blob(ChartRegistry.CONFIG, CanonicalJson.bytes(chart.metadata())),
                    new OciPush.Blob(ChartRegistry.LAYER, chart.archive()),
                    Map.of(
                            "org.opencontainers.image.title",
                            chart.name(),
                            "org.opencontainers.image.version",
                            chart.version()));
        } catch (RegistryTrouble e) {
            ChartTrouble why = ChartRegistry.trouble(e);
            throw new ChartTrouble(why.kind(), failed(chart, e.words()), HINT);
        } catch (WebTrouble e) {
            String words = switch (e.kind()) {
                case TOO_SLOW -> "it did not answer in full within " + deadline.toSeconds() + " s";
                case NO_CONNECTION -> "it cannot be reached";
                default -> e.words();
            };
            throw new ChartTrouble(ChartTrouble.Kind.UNREACHABLE, failed(chart, words), HINT);
        }
    }

    private static String failed(Staged chart, String why) {
        return "chart " + chart.name() + " " + chart.version() + " cannot be pushed to the staging registry: " + why;
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * The spec of the HelmRepository that leads engines to {@code url}: the agent's own repository, or a place in a
     * registry.
     *
     * @param pullSecret Secret with user and password for pulling, in the HelmRepository's namespace; Flux reads it
     */
    static ObjectNode repositorySpec(URI url, Optional<String> pullSecret) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("interval", "10s").put("url", url.toString());
        if (ChartServer.isOci(url.toString())) {
            spec.put("type", "oci");
            if (url.getHost() != null && Origin.isLoopback(url.getHost())) {
                spec.put("insecure", true);
            }
        }
        pullSecret.ifPresent(name -> spec.putObject("secretRef").put("name", name));
        return spec;
    }
}
