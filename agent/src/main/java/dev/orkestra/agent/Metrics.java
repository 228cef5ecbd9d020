package dev.orkestra.agent;

import dev.orkestra.cluster.RequestKind;
import dev.orkestra.drift.DriftController;
import dev.orkestra.embedded.HelmTimes;
import java.time.Duration;
import java.util.Map;

/** The page of metrics, in Prometheus' text format. */
final class Metrics {
    private Metrics() {}

    static String page(
            Map<RequestKind, Long> requests, HelmTimes.Sum helm, LookTimes.Sum looks, DriftController.Counts drift) {
        StringBuilder page = new StringBuilder();
        page.append("# HELP orkestra_api_requests_total Requests to the Kubernetes API server.\n");
        page.append("# TYPE orkestra_api_requests_total counter\n");
        requests.forEach((kind, count) -> page.append("orkestra_api_requests_total{verb=\"")
                .append(kind.verb().name().toLowerCase(java.util.Locale.ROOT))
                .append("\",status=\"")
                .append(kind.status())
                .append("\"} ")
                .append(count)
                .append('\n'));
        summary(
                page,
                "orkestra_helm_queue_seconds",
                "How long calls of Helm waited for their turn.",
                helm.waited(),
                helm.calls());
        page.append("orkestra_helm_queue_seconds{quantile=\"0.99\"} ")
                .append(seconds(helm.p99()))
                .append('\n');
        summary(page, "orkestra_helm_seconds", "How long calls of Helm took.", helm.ran(), helm.calls());
        summary(
                page,
                "orkestra_look_seconds",
                "How long looks at ConfigRepos took that found nothing to do.",
                looks.time(),
                looks.looks());
        drift(page, drift);
        Runtime runtime = Runtime.getRuntime();
        page.append("# HELP orkestra_heap_bytes Used heap of this process.\n");
        page.append("# TYPE orkestra_heap_bytes gauge\n");
        page.append("orkestra_heap_bytes ")
                .append(runtime.totalMemory() - runtime.freeMemory())
                .append('\n');
        return page.toString();
    }

    private static void drift(StringBuilder page, DriftController.Counts drift) {
        page.append("# HELP orkestra_drift_corrected_total Objects that were changed by others and put right.\n");
        page.append("# TYPE orkestra_drift_corrected_total counter\n");
        page.append("orkestra_drift_corrected_total ").append(drift.corrected()).append('\n');
        page.append("# HELP orkestra_drift_objects Objects that are not as they were applied, now.\n");
        page.append("# TYPE orkestra_drift_objects gauge\n");
        drift.present()
                .forEach((repo, objects) -> page.append("orkestra_drift_objects{configrepo=\"")
                        .append(repo)
                        .append("\"} ")
                        .append(objects)
                        .append('\n'));
    }

    private static void summary(StringBuilder page, String name, String help, Duration sum, long count) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(" summary\n");
        page.append(name).append("_sum ").append(seconds(sum)).append('\n');
        page.append(name).append("_count ").append(count).append('\n');
    }

    private static String seconds(Duration duration) {
        return String.format(java.util.Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }
}
