package dev.orkestra.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A history for programs. Fields are added, never renamed; one that says nothing is left out. */
public final class HistoryJson {
    private HistoryJson() {}

    public static ObjectNode of(String namespace, String name, RunHistory history) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("namespace", namespace).put("name", name);
        ArrayNode runs = json.putArray("runs");
        for (RunHistory.Ran run : history.runs()) {
            ObjectNode node = runs.addObject()
                    .put("run", run.run())
                    .put("commit", run.commit())
                    .put("trigger", run.trigger())
                    .put("phase", run.phase());
            putText(node, "verdict", run.verdict());
            run.began().ifPresent(began -> node.put("began", began.toString()));
            run.ended().ifPresent(ended -> {
                node.put("ended", ended.toString());
                run.took(ended).ifPresent(took -> node.put("seconds", took.toSeconds()));
            });
            putText(node, "requestedBy", run.requestedBy());
            putText(node, "why", run.why());
        }
        history.pinned()
                .ifPresent(pin ->
                        json.putObject("pinned").put("commit", pin.commit()).put("run", pin.run()));
        json.put("onHold", history.onHold());
        return json;
    }

    private static void putText(ObjectNode node, String field, String text) {
        if (!text.isEmpty()) {
            node.put(field, text);
        }
    }
}
