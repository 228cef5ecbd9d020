package dev.orkestra.explain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An explanation for programs. Fields are added, never renamed. */
public final class ExplanationJson {
    private ExplanationJson() {}

    public static ObjectNode of(String namespace, String name, Explanation explanation) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("namespace", namespace).put("name", name);
        json.put("waiting", explanation.waiting()).put("what", explanation.what());
        explanation.because().forEach(json.putArray("because")::add);
        explanation.since().ifPresent(since -> json.put("since", since.toString()));
        explanation.until().ifPresent(until -> json.put("until", until.toString()));
        json.put("then", explanation.then());
        ObjectNode facts = json.putObject("facts");
        explanation.facts().forEach(fact -> facts.put(fact.name(), fact.text()));
        explanation.commands().forEach(json.putArray("commands")::add);
        return json;
    }
}
