package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartTrouble;

/** Where staged charts are put for the engines that install them, beside the agent's own store. */
@FunctionalInterface
public interface ChartDestination {
    /** Engines read the agent's own repository. */
    ChartDestination NONE = _ -> {};

    /**
     * A staged chart.
     *
     * @param metadata its Chart.yaml
     * @param archive the .tgz
     */
    @SuppressWarnings("ArrayRecordComponent") // sent once, never compared
    record Staged(String name, String version, ObjectNode metadata, byte[] archive) {}

    /**
     * Puts {@code chart} there; what is there under its name and version is replaced. Putting the same again changes
     * nothing.
     *
     * @throws ChartTrouble when it is not there in full
     */
    void put(Staged chart) throws ChartTrouble, InterruptedException;
}
