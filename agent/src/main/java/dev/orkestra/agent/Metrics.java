package dev.orkestra.agent;

import dev.orkestra.cluster.RequestKind;
import java.util.Map;

/** The page of metrics, in Prometheus' text format. */
final class Metrics {
    private Metrics() {}

    static String page(Map<RequestKind, Long> requests) {
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
        Runtime runtime = Runtime.getRuntime();
        page.append("# HELP orkestra_heap_bytes Used heap of this process.\n");
        page.append("# TYPE orkestra_heap_bytes gauge\n");
        page.append("orkestra_heap_bytes ")
                .append(runtime.totalMemory() - runtime.freeMemory())
                .append('\n');
        return page.toString();
    }
}
