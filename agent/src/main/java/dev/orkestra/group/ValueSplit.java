package dev.orkestra.group;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** Divides the Helm values of an application between its chart and the subcharts that are releases of their own. */
public final class ValueSplit {
    private static final String GLOBAL = "global";

    private ValueSplit() {}

    /**
     * The values of {@code subchart}: what stands under its name, and {@code global} of the whole, which replaces a
     * {@code global} inside.
     */
    public static ObjectNode ofSubchart(ObjectNode values, String subchart) {
        ObjectNode own = values.path(subchart) instanceof ObjectNode object
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        if (values.path(GLOBAL) instanceof ObjectNode global) {
            own.set(GLOBAL, global.deepCopy());
        }
        return own;
    }

    /** The values of the chart itself: all, but each of {@code subcharts} is switched off in it. */
    public static ObjectNode ofParent(ObjectNode values, Collection<String> subcharts) {
        ObjectNode own = values.deepCopy();
        for (String subchart : subcharts) {
            own.set(subchart, JsonNodeFactory.instance.objectNode().put("enabled", false));
        }
        return own;
    }
}
