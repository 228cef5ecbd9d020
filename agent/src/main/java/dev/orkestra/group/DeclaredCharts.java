package dev.orkestra.group;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The charts of a group as far as its spec tells. Once a chart is pulled there may be more: naming one subchart makes
 * releases of all that the chart embeds.
 *
 * @param charts what was staged, and for the other applications what the spec declares
 * @param guessed the applications whose subcharts are not known for certain
 */
public record DeclaredCharts(StagedCharts charts, Set<String> guessed) {
    public DeclaredCharts {
        guessed = Set.copyOf(guessed);
    }

    /** Completes {@code staged} with what {@code group} declares. */
    public static DeclaredCharts complete(ApplicationGroup group, StagedCharts staged) {
        Map<String, StagedCharts.Application> all = new TreeMap<>(staged.applications());
        Set<String> guessed = new TreeSet<>();
        for (ApplicationGroup.Application application : group.applications()) {
            if (!all.containsKey(application.name())) {
                Map<String, StagedCharts.Chart> subcharts = new TreeMap<>();
                application.subcharts().forEach(each -> subcharts.put(each.name(), new StagedCharts.Chart("", "")));
                StagedCharts.Chart chart =
                        new StagedCharts.Chart(application.chart().version(), "");
                all.put(application.name(), new StagedCharts.Application(chart, subcharts));
                if (!subcharts.isEmpty()) {
                    guessed.add(application.name());
                }
            }
        }
        return new DeclaredCharts(new StagedCharts(all), guessed);
    }
}
