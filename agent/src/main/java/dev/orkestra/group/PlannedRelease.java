package dev.orkestra.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One Helm release of a graph: all that its HelmRelease is made of.
 *
 * @param application application it belongs to
 * @param subchart original name of the subchart it is made of; empty for the application's own chart
 * @param chart name that the chart is staged under, before it is made a DNS label
 * @param version exact version of the staged chart
 * @param digest {@code sha256:…} of the staged archive; empty where it is only removed
 * @param settings targetNamespace, interval, timeout and actions; its {@code values} are the application's
 * @param values this release's own part of the values
 * @param valuesFrom what of the application's valuesFrom is for this release
 */
public record PlannedRelease(
        String application,
        String subchart,
        String chart,
        String version,
        String digest,
        ApplicationGroup.Release settings,
        ObjectNode values,
        List<ApplicationGroup.ValuesFrom> valuesFrom) {
    public PlannedRelease {
        valuesFrom = List.copyOf(valuesFrom);
    }

    /** Name of the HelmRelease and of the Helm release. */
    public String name() {
        return Naming.dns(chart);
    }

    public String namespace() {
        return settings.targetNamespace();
    }

    /** {@code namespace/name}: what tells two releases apart in a cluster. */
    public String key() {
        return namespace() + "/" + name();
    }

    public boolean isSubchart() {
        return !subchart.isEmpty();
    }
}
