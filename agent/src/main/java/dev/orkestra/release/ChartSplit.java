package dev.orkestra.release;

import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.UnpackRoom;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Naming;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes of an application's chart what is staged: the chart itself and, where the spec declares subcharts, each
 * embedded chart as one of its own. Pure.
 *
 * @param chart the application's own chart
 * @param subcharts by their original names
 */
record ChartSplit(Part chart, Map<String, Part> subcharts) {
    /**
     * One staged chart.
     *
     * @param name staged name, a DNS label
     * @param version version of its Chart.yaml
     * @param archive the .tgz
     */
    record Part(String name, String version, ChartArchive archive) {
        byte[] bytes() {
            return archive.write(name);
        }
    }

    private static final String TEMPLATES = "templates/";
    private static final String CHARTS = "charts/";
    /** Helm makes no release of nothing; so a chart without manifests gets one. */
    private static final String DUMMY = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{ .Release.Name }}-dummy
              namespace: {{ .Release.Namespace }}
            data:
              name: %s
              version: %s
            """;

    /** Of a .tgz; what it unpacks to and what the charts in it unpack to have one bound together. */
    static ChartSplit of(ApplicationGroup.Application application, byte[] tgz) throws ChartTrouble {
        UnpackRoom room = new UnpackRoom(ChartArchive.MAX_BYTES);
        return of(application, ChartArchive.read(tgz, room), room);
    }

    /** Of a chart that is unpacked already. */
    static ChartSplit of(ApplicationGroup.Application application, ChartArchive archive) throws ChartTrouble {
        return of(application, archive, new UnpackRoom(ChartArchive.MAX_BYTES));
    }

    private static ChartSplit of(ApplicationGroup.Application application, ChartArchive archive, UnpackRoom room)
            throws ChartTrouble {
        ChartMetadata metadata = ChartMetadata.read(archive);
        if (!metadata.type().isEmpty() && !metadata.type().equals("application")) {
            throw new ChartTrouble(metadata.type() + " charts are not installable", "name a chart of type application");
        }
        Map<String, Part> subcharts = new TreeMap<>();
        ChartArchive own = archive;
        if (!application.subcharts().isEmpty()) {
            Map<String, ChartArchive> embedded = embedded(archive, room);
            checkDeclared(application, embedded);
            List<ChartMetadata> found = new ArrayList<>();
            for (Map.Entry<String, ChartArchive> each : embedded.entrySet()) {
                found.add(ChartMetadata.read(each.getValue()));
                subcharts.put(each.getKey(), subchart(application.name(), metadata.name(), archive, each.getValue()));
            }
            own = found.isEmpty() ? archive : ChartMetadata.withConditions(archive, found);
            checkNames(application, subcharts);
        }
        String name = Naming.dns(application.chart().name());
        own = withManifest(ChartMetadata.renamed(own, name), name, metadata.version());
        return new ChartSplit(new Part(name, metadata.version(), own), subcharts);
    }

    private static Part subchart(String application, String parentName, ChartArchive parent, ChartArchive embedded)
            throws ChartTrouble {
        ChartMetadata metadata = ChartMetadata.read(embedded);
        String name = Naming.subchart(application, metadata.name());
        ChartArchive renamed = ChartMetadata.renamed(embedded, name);
        for (Map.Entry<String, byte[]> file : parent.files().entrySet()) {
            if (isHelper(file.getKey())) {
                String path = TEMPLATES + copiedName(parentName, file.getKey().substring(TEMPLATES.length()));
                renamed = renamed.with(path, file.getValue());
            }
        }
        return new Part(name, metadata.version(), ChartDefaults.inherited(renamed, metadata.name(), parent));
    }

    /** Named templates, which the subcharts may use; not NOTES.txt, which speaks of the parent's values. */
    private static boolean isHelper(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return path.startsWith(TEMPLATES)
                && !isManifest(path)
                && (file.startsWith("_") || file.toLowerCase(Locale.ROOT).endsWith(".tpl"));
    }

    /** The underscore stays in front: Helm renders what has none. */
    private static String copiedName(String parentName, String path) {
        return path.startsWith("_") ? "_" + parentName + path : parentName + "_" + path;
    }

    private static boolean isManifest(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return path.startsWith(TEMPLATES) && (lower.endsWith(".yaml") || lower.endsWith(".yml"));
    }

    private static ChartArchive withManifest(ChartArchive archive, String name, String version) {
        if (archive.has(ChartSplit::isManifest)) {
            return archive;
        }
        String manifest = DUMMY.formatted(quoted(name), quoted(version));
        return archive.with(TEMPLATES + "dummy-configmap.yaml", manifest.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /** The charts in charts/, as folders or as archives; Helm passes over names that begin with '_' or '.'. */
    private static Map<String, ChartArchive> embedded(ChartArchive archive, UnpackRoom room) throws ChartTrouble {
        Map<String, ChartArchive> found = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : archive.files().entrySet()) {
            String path = file.getKey();
            if (!path.startsWith(CHARTS) || path.startsWith(CHARTS + "_") || path.startsWith(CHARTS + ".")) {
                continue;
            }
            String inside = path.substring(CHARTS.length());
            int slash = inside.indexOf('/');
            if (slash < 0 && inside.endsWith(".tgz")) {
                add(found, ChartArchive.read(file.getValue(), room));
            } else if (slash > 0 && inside.substring(slash + 1).equals(ChartMetadata.FILE)) {
                add(found, archive.below(CHARTS + inside.substring(0, slash)));
            }
        }
        return found;
    }

    private static void add(Map<String, ChartArchive> found, ChartArchive chart) throws ChartTrouble {
        ChartMetadata metadata = ChartMetadata.read(chart);
        if (metadata.type().equals("library")) {
            return;
        }
        if (found.put(metadata.name(), chart) != null) {
            throw new ChartTrouble(
                    "the chart embeds two charts called '" + metadata.name() + "'", "remove one from charts/");
        }
    }

    private static void checkDeclared(ApplicationGroup.Application application, Map<String, ChartArchive> embedded)
            throws ChartTrouble {
        for (ApplicationGroup.Subchart declared : application.subcharts()) {
            if (!embedded.containsKey(declared.name())) {
                String known = embedded.isEmpty() ? "none" : String.join(", ", embedded.keySet());
                throw new ChartTrouble(
                        "the chart does not embed the declared subchart '" + declared.name() + "'",
                        "it embeds: " + known);
            }
        }
    }

    private static void checkNames(ApplicationGroup.Application application, Map<String, Part> subcharts)
            throws ChartTrouble {
        long different = subcharts.values().stream().map(Part::name).distinct().count();
        if (different < subcharts.size() || subcharts.containsKey(application.name())) {
            String names = subcharts.keySet().stream().collect(Collectors.joining(", "));
            throw new ChartTrouble(
                    "the names of the embedded charts (" + names + ") and of application '" + application.name()
                            + "' do not differ enough to become releases",
                    "rename the application or the subchart");
        }
    }
}
