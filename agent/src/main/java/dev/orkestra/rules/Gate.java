package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * A block that lets an object through or holds it back.
 *
 * @param key {@code enqueueGate} or {@code reconcileGate}
 * @param isOfBox whether it stands in preReconcile; else in a watch or an event of observe
 */
record Gate(String key, Node.MapNode node, boolean isOfBox) {
    /** The gates of an operatorBox. */
    static List<Gate> of(Node.MapNode box) {
        List<Gate> gates = new ArrayList<>();
        box.map("preReconcile").ifPresent(block -> {
            add(gates, block, "enqueueGate", true);
            add(gates, block, "reconcileGate", true);
        });
        Fields.maps(box, "observe.watch").forEach(watch -> add(gates, watch, "enqueueGate", false));
        Fields.map(box, "observe.events")
                .ifPresent(events -> events.entries().values().forEach(entry -> {
                    if (entry.value() instanceof Node.MapNode event) {
                        add(gates, event, "enqueueGate", false);
                    }
                }));
        return gates;
    }

    private static void add(List<Gate> gates, Node.MapNode holder, String key, boolean isOfBox) {
        holder.map(key).ifPresent(node -> gates.add(new Gate(key, node, isOfBox)));
    }
}
