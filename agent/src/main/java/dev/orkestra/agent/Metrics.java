package dev.orkestra.agent;

import dev.orkestra.cluster.RequestKind;
import dev.orkestra.drift.DriftController;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.run.RunState;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the agent counts and times, and the page of it in Prometheus' text format. Names and labels are a contract with
 * people's dashboards: docs/metrics.md lists them, and none is renamed. Labels hold names of resources and words of
 * ours, never messages, so that nothing secret gets there and their number stays bounded. Thread-safe.
 */
final class Metrics {
    /** From a step that only writes a status to one that waits for a deployment, in seconds. */
    private static final double[] BUCKETS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800};

    private static final String[] REPO = {"namespace", "configrepo"};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram steps = timed("orkestra_run_step_seconds", "How long each step of runs took.")
            .labelNames("step")
            .register(registry);
    private final Histogram edges = timed(
                    "orkestra_wave_edge_seconds", "From a wave that became healthy to the next one that begins.")
            .register(registry);
    private final Histogram runSeconds = timed("orkestra_run_seconds", "How long runs took, by how they ended.")
            .labelNames("phase")
            .register(registry);
    private final Counter runs = Counter.builder()
            .name("orkestra_runs")
            .help("Runs that have ended.")
            .labelNames("namespace", "configrepo", "phase", "trigger")
            .register(registry);
    private final Gauge ready = Gauge.builder()
            .name("orkestra_configrepo_ready")
            .help("1 when the newest commit is in place, 0 when not; the label says why.")
            .labelNames("namespace", "configrepo", "reason")
            .register(registry);
    private final Gauge lastGood = Gauge.builder()
            .name("orkestra_configrepo_last_good_seconds")
            .help("When the environment became good last, in seconds since 1970.")
            .labelNames(REPO)
            .register(registry);
    private final Gauge objects = Gauge.builder()
            .name("orkestra_configrepo_objects")
            .help("Objects in the inventory.")
            .labelNames(REPO)
            .register(registry);
    private final Histogram looks = timed(
                    "orkestra_look_seconds", "How long looks at ConfigRepos took that found nothing to do.")
            .register(registry);
    private final Histogram fetches = timed(
                    "orkestra_fetch_seconds", "How long fetches from Git took, by how they ended.")
            .labelNames("result")
            .register(registry);

    private final Counter webhooks = Counter.builder()
            .name("orkestra_webhooks")
            .help("Requests to the webhooks, by what became of them.")
            .labelNames("result")
            .register(registry);

    Metrics(Supplier<Map<RequestKind, Long>> requests, Supplier<HelmTimes.Sum> helm) {
        CounterWithCallback.builder()
                .name("orkestra_api_requests")
                .help("Requests to the Kubernetes API server.")
                .labelNames("verb", "status")
                .callback(callback -> requests.get()
                        .forEach((kind, count) -> callback.call(
                                count, kind.verb().name().toLowerCase(Locale.ROOT), Integer.toString(kind.status()))))
                .register(registry);
        SummaryWithCallback.builder()
                .name("orkestra_helm_queue_seconds")
                .help("How long calls of Helm waited for their turn.")
                .callback(callback -> {
                    HelmTimes.Sum sum = helm.get();
                    callback.call(
                            sum.calls(), seconds(sum.waited()), Quantiles.of(new Quantile(0.99, seconds(sum.p99()))));
                })
                .register(registry);
        SummaryWithCallback.builder()
                .name("orkestra_helm_seconds")
                .help("How long calls of Helm took.")
                .callback(callback -> {
                    HelmTimes.Sum sum = helm.get();
                    callback.call(sum.calls(), seconds(sum.ran()), Quantiles.EMPTY);
                })
                .register(registry);
        gauge("orkestra_heap_bytes", "Used heap of this process.", () -> {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        });
    }

    private static Histogram.Builder timed(String name, String help) {
        return Histogram.builder().name(name).help(help).classicOnly().classicUpperBounds(BUCKETS);
    }

    /** A value that is asked for when the page is made. */
    void gauge(String name, String help, Supplier<Number> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.get().doubleValue()))
                .register(registry);
    }

    /** A step of a run is done. */
    void step(RunState state, Duration took) {
        steps.labelValues(state.step().name()).observe(seconds(took));
    }

    /** The next wave began so long after the one before was healthy. */
    void edge(Duration took) {
        edges.observe(seconds(took));
    }

    /** A run has ended. */
    void ended(RunState state, Duration took) {
        runs.labelValues(
                        state.spec().namespace(),
                        state.spec().configRepo(),
                        state.phase().name(),
                        state.spec().trigger().text())
                .inc();
        runSeconds.labelValues(state.phase().name()).observe(seconds(took));
    }

    /** How a ConfigRepo stands now. One series per ConfigRepo: the one of an earlier reason goes. */
    synchronized void stands(RepoKey key, boolean isReady, String reason) {
        forget(ready, key);
        ready.labelValues(key.namespace(), key.name(), reason).set(isReady ? 1 : 0);
    }

    /** The environment is good, with so many objects. */
    void good(RepoKey key, long epochSecond, int inInventory) {
        lastGood.labelValues(key.namespace(), key.name()).set(epochSecond);
        objects.labelValues(key.namespace(), key.name()).set(inInventory);
    }

    /** A look at a ConfigRepo found nothing to do. */
    void look(Duration took) {
        looks.observe(seconds(took));
    }

    /** What the watches for drift have counted. */
    void drift(Supplier<DriftController.Counts> counts) {
        CounterWithCallback.builder()
                .name("orkestra_drift_corrected")
                .help("Objects that were changed by others and put right.")
                .callback(callback -> callback.call(counts.get().corrected()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("orkestra_drift_objects")
                .help("Objects that are not as they were applied, now.")
                .labelNames(REPO)
                .callback(callback -> counts.get()
                        .present()
                        .forEach(each -> callback.call(each.objects(), each.namespace(), each.configRepo())))
                .register(registry);
    }

    /** @param result done, retry or terminal */
    void fetch(String result, Duration took) {
        fetches.labelValues(result).observe(seconds(took));
    }

    /** A webhook has come. */
    void webhook(WebhookEndpoint.Result result) {
        webhooks.labelValues(result.name().toLowerCase(Locale.ROOT)).inc();
    }

    /** A ConfigRepo is gone: its series would tell of it for ever. */
    synchronized void gone(RepoKey key) {
        forget(ready, key);
        lastGood.remove(key.namespace(), key.name());
        objects.remove(key.namespace(), key.name());
    }

    private static void forget(Gauge gauge, RepoKey key) {
        gauge.collect().getDataPoints().stream()
                .map(point -> point.getLabels())
                .filter(labels -> key.namespace().equals(labels.get("namespace"))
                        && key.name().equals(labels.get("configrepo")))
                .forEach(labels -> gauge.remove(key.namespace(), key.name(), labels.get("reason")));
    }

    /** The page. */
    String page() {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(page, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return page.toString(StandardCharsets.UTF_8);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
