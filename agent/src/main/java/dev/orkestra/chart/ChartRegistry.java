package dev.orkestra.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.orkestra.registry.OciReference;
import dev.orkestra.registry.OciSession;
import dev.orkestra.registry.OciTags;
import dev.orkestra.registry.RegistryTrouble;
import dev.orkestra.web.Access;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Charts in an OCI registry, as {@code helm push} puts them there: each chart is a repository below the URL, each
 * version a tag, in which {@code +} is written {@code _}.
 */
public final class ChartRegistry implements ChartServer {
    /** Media type of the configuration, which is Chart.yaml. */
    public static final String CONFIG = "application/vnd.cncf.helm.config.v1+json";

    /** Media type of the archive. */
    public static final String LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final int MAX_MANIFEST_BYTES = 4 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NOT_HELM = "name a chart that 'helm push' put there";
    private static final String ANY_TAG = "latest";
    private static final String HEX = "[0-9a-f]{64}";

    private final String base;
    private final Access access;
    private final ChartDownloads downloads;
    private final Supplier<Duration> within;
    private final Map<String, List<String>> tags = new HashMap<>();

    private ChartRegistry(String base, Access access, ChartDownloads downloads, Supplier<Duration> within) {
        this.base = base;
        this.access = access;
        this.downloads = downloads;
        this.within = within;
    }

    static Optional<ChartRegistry> at(String url, Access access, ChartDownloads downloads, Supplier<Duration> within) {
        String base = url.substring(OCI.length()).replaceFirst("/+$", "");
        boolean plain = !base.isEmpty() && base.indexOf('@') < 0 && base.indexOf('?') < 0 && base.indexOf('#') < 0;
        return plain ? Optional.of(new ChartRegistry(base, access, downloads, within)) : Optional.empty();
    }

    /** The tag of {@code version}. */
    public static String tag(String version) {
        return version.replace('+', '_');
    }

    @Override
    public Optional<HelmIndex.Entry> find(String chart, String version) throws ChartTrouble, InterruptedException {
        if (ChartVersions.isExact(version)) {
            Optional<HelmIndex.Entry> exact = entry(chart, version);
            if (exact.isPresent()) {
                return exact;
            }
        }
        Optional<String> chosen = ChartVersions.choose(version, tagged(chart).keySet());
        return chosen.isPresent() ? entry(chart, chosen.get()) : Optional.empty();
    }

    /** Blobs are named by their digest, so that no tag has to lead to it any more. */
    @Override
    public Optional<HelmIndex.Entry> pinned(String chart, String digest) {
        return digest.matches(HEX) ? Optional.of(new HelmIndex.Entry("", digest, List.of())) : Optional.empty();
    }

    /** The newest first. */
    @Override
    public List<String> versions(String chart, int most) throws ChartTrouble, InterruptedException {
        return ChartVersions.newestFirst(tagged(chart).keySet()).stream()
                .limit(most)
                .toList();
    }

    @Override
    public byte[] archive(String chart, HelmIndex.Entry entry) throws ChartTrouble, InterruptedException {
        String digest = "sha256:" + entry.digest();
        OciReference reference = reference(chart, digest);
        byte[] archive = ask(
                reference,
                session -> {
                    WebClient.Answer answer = session.get(reference.blob(digest), "*/*", MAX_CHART_BYTES);
                    if (answer.status() != 200) {
                        throw session.refused(answer.status(), "the archive of chart " + chart);
                    }
                    return answer.body();
                },
                MAX_CHART_BYTES);
        if (!HelmRepository.hex(archive).equals(entry.digest())) {
            throw new ChartTrouble(
                    "the registry gives another archive of chart '" + chart + "' than the manifest says",
                    "push the chart again; somebody may have changed what the registry sends");
        }
        return archive;
    }

    /** What the tag of {@code version} names; empty when there is none. */
    private Optional<HelmIndex.Entry> entry(String chart, String version) throws ChartTrouble, InterruptedException {
        OciReference reference = reference(chart, tag(version));
        Optional<byte[]> manifest = ask(
                reference,
                session -> {
                    WebClient.Answer answer = session.get(reference.manifest(), MANIFEST, MAX_MANIFEST_BYTES);
                    if (answer.status() == 200) {
                        return Optional.of(answer.body());
                    }
                    if (answer.status() == 404) {
                        return Optional.empty();
                    }
                    throw session.refused(answer.status(), "chart " + chart);
                },
                MAX_MANIFEST_BYTES);
        return manifest.isEmpty() ? Optional.empty() : Optional.of(read(manifest.get(), version));
    }

    private static HelmIndex.Entry read(byte[] manifest, String version) throws ChartTrouble {
        JsonNode tree;
        try {
            tree = JSON.readTree(manifest);
        } catch (IOException e) {
            throw new ChartTrouble("the manifest of the chart is no JSON", NOT_HELM);
        }
        String kind = tree.path("config").path("mediaType").asText("");
        if (!kind.equals(CONFIG)) {
            throw new ChartTrouble(
                    "the artifact is no Helm chart: its configuration is not of type " + CONFIG, NOT_HELM);
        }
        for (JsonNode layer : tree.path("layers")) {
            String digest = layer.path("digest").asText("");
            if (!layer.path("mediaType").asText("").equals(LAYER)) {
                continue;
            }
            if (!OciReference.isDigest(digest)) {
                throw new ChartTrouble("the manifest of the chart names no sha256 digest", NOT_HELM);
            }
            if (layer.path("size").asLong(0) > MAX_CHART_BYTES) {
                throw new ChartTrouble(
                        ChartTrouble.Kind.TOO_LARGE,
                        "the chart is larger than " + (MAX_CHART_BYTES >> 20) + " MiB, a fixed bound",
                        "use a smaller chart");
            }
            return new HelmIndex.Entry(version, digest.substring("sha256:".length()), List.of());
        }
        throw new ChartTrouble("the artifact is no Helm chart: it has no layer of type " + LAYER, NOT_HELM);
    }

    /** Tags by version; an absent repository has none. */
    private Map<String, String> tagged(String chart) throws ChartTrouble, InterruptedException {
        List<String> known = tags.get(chart);
        if (known == null) {
            try {
                known = ask(reference(chart, ANY_TAG), OciTags::list, 1 << 20);
            } catch (ChartTrouble e) {
                if (e.kind() != ChartTrouble.Kind.ABSENT) {
                    throw e;
                }
                known = List.of();
            }
            tags.put(chart, known);
        }
        Map<String, String> byVersion = new LinkedHashMap<>();
        for (String tag : known) {
            String version = tag.replace('_', '+');
            if (ChartVersions.isExact(version)) {
                byVersion.put(version, tag);
            }
        }
        return byVersion;
    }

    private OciReference reference(String chart, String reference) throws ChartTrouble {
        try {
            return OciReference.of(base + "/" + chart, reference);
        } catch (RegistryTrouble e) {
            throw trouble(e);
        }
    }

    private interface Request<T> {
        T in(OciSession session) throws RegistryTrouble, WebTrouble, InterruptedException;
    }

    private <T> T ask(OciReference reference, Request<T> request, int most) throws ChartTrouble, InterruptedException {
        Duration time = within.get();
        long end = System.nanoTime() + time.toNanos();
        OciSession session = new OciSession(
                downloads.client(),
                reference,
                access,
                OciSession.Right.PULL,
                () -> Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        try {
            return request.in(session);
        } catch (RegistryTrouble e) {
            throw trouble(e);
        } catch (WebTrouble e) {
            throw ChartDownloads.trouble(e, most, time);
        }
    }

    /** In the words of who asked for a chart. */
    public static ChartTrouble trouble(RegistryTrouble e) {
        ChartTrouble.Kind kind = switch (e.kind()) {
            case LOGIN_MISSING, LOGIN_REFUSED, LOGIN_OF_WRONG_KIND -> ChartTrouble.Kind.REFUSED;
            case BUSY -> ChartTrouble.Kind.UNREACHABLE;
            case ABSENT -> ChartTrouble.Kind.ABSENT;
            case ADDRESS, LOGIN_IN_ADDRESS, UNPROTECTED, BROKEN -> ChartTrouble.Kind.WRONG;
        };
        return new ChartTrouble(kind, e.words(), e.hint());
    }
}
