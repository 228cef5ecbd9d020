package dev.orkestra.desired;

import dev.orkestra.kustomize.KustomizeFolder;
import java.util.Set;

/** Files whose folder means something to another tool only, so that nothing in it is a manifest of ours. */
public final class OtherTools {
    private static final String CHART = "Chart.yaml";

    private OtherTools() {}

    /** Whether a file of this name makes its folder a Helm chart. */
    static boolean isChart(String name) {
        return name.equals(CHART);
    }

    /** Whether a file of this name makes its folder one for kustomize. */
    static boolean isKustomization(String name) {
        return KustomizeFolder.isKustomization(name);
    }

    /** Whether a file of this name takes its folder from us. */
    public static boolean own(String name) {
        return isChart(name) || isKustomization(name);
    }

    /** Whether {@code path} lies in one of {@code folders}, which end with a slash; a folder lies not in itself. */
    public static boolean isBelow(String path, Set<String> folders) {
        // Its own folders are few, however many there are in all.
        for (int slash = path.indexOf('/'); slash >= 0 && slash < path.length() - 1; ) {
            if (folders.contains(path.substring(0, slash + 1))) {
                return true;
            }
            slash = path.indexOf('/', slash + 1);
        }
        return false;
    }
}
