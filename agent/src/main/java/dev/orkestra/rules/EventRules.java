package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Kubernetes events and changes that an operator looks at before it reconciles. */
final class EventRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 54)";

    /** A name as Go templates can write it. */
    static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_][\\p{L}\\p{Nd}_]*");

    /** What tells one event from another; a name alone is not enough, as upstream. */
    private static final List<String> MATCHERS = List.of(
            "reason",
            "action",
            "type",
            "reportingController",
            "reportingInstance",
            "regarding",
            "related",
            "namespace",
            "keyFrom");

    static final List<Rule> ALL = List.of(
            Rule.error(
                    "EventNameInvalid",
                    "the name of an observed event cannot be written in templates",
                    """
                    Templates read an event at .events.<name>, so the name is made of letters, digits and underscores and
                    does not begin with a digit.""",
                    ORIGIN,
                    EventRules::names),
            Rule.error(
                    "EventMatchesAll",
                    "an observed event matches every event of the cluster",
                    """
                    What is absent is not compared, so each event of the cluster would make the operator work. Say at least
                    its reason, its type or what it is about.""",
                    ORIGIN,
                    EventRules::matchesAll),
            Rule.error(
                    "EventKeyNamespace",
                    "the object of an event is found by a label, and has a namespace",
                    """
                    The value of the label is the whole key, namespace/name. A namespace beside it has no effect; it goes
                    with name only.""",
                    ORIGIN,
                    EventRules::keyNamespace),
            Rule.error(
                    "EnqueueEventAware",
                    "a gate before the queue is said to be aware of events",
                    """
                    What gets into the queue is decided for each event anyway. eventAware belongs to reconcileGate, which
                    sees the last state otherwise.""",
                    "Orkestra refuses it as well (validation step 53)",
                    EventRules::eventAware));

    private EventRules() {}

    /** An entry of {@code observe.events}. */
    private record Event(String name, Position position, Node.MapNode node) {}

    private static List<Event> all(View view) {
        List<Event> all = new ArrayList<>();
        for (Crd crd : view.crds()) {
            for (Node.MapNode box : crd.boxes().values()) {
                Fields.map(box, "observe.events")
                        .ifPresent(events -> events.entries().forEach((name, entry) -> {
                            if (entry.value() instanceof Node.MapNode node) {
                                all.add(new Event(name, entry.keyPosition(), node));
                            }
                        }));
            }
        }
        return all;
    }

    private static void names(View view, Report report) {
        for (Event event : all(view)) {
            if (!IDENTIFIER.matcher(event.name()).matches()) {
                report.at(
                        event.position(),
                        "'" + event.name() + "' cannot be read by templates, as .events.<name>",
                        "use letters, digits and '_', such as backOff");
            }
        }
    }

    private static void matchesAll(View view, Report report) {
        for (Event event : all(view)) {
            boolean isNothing = MATCHERS.stream().noneMatch(key -> Fields.isSet(event.node(), key));
            // An empty mapping has its finding from the schema.
            if (isNothing && !event.node().entries().isEmpty()) {
                report.at(
                        event.position(),
                        "'" + event.name() + "' matches every event of the cluster",
                        "add one of " + String.join(", ", MATCHERS));
            }
        }
    }

    private static void keyNamespace(View view, Report report) {
        for (Event event : all(view)) {
            event.node()
                    .map("keyFrom")
                    .filter(key ->
                            Fields.isSet(key, "label") && !Fields.isSet(key, "name") && Fields.isSet(key, "namespace"))
                    .ifPresent(key -> report.at(
                            key,
                            "namespace",
                            "the namespace has no effect beside a label",
                            "remove it; the label holds namespace/name"));
        }
    }

    private static void eventAware(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Node.MapNode box : crd.boxes().values()) {
                Fields.map(box, "preReconcile").ifPresent(holder -> eventAware(holder, report));
                Fields.maps(box, "observe.watch").forEach(holder -> eventAware(holder, report));
            }
        }
        all(view).forEach(event -> eventAware(event.node(), report));
    }

    private static void eventAware(Node.MapNode holder, Report report) {
        holder.map("enqueueGate")
                .filter(gate -> gate.entries().containsKey("eventAware"))
                .ifPresent(gate -> report.at(
                        gate,
                        "eventAware",
                        "an enqueueGate sees each event anyway",
                        "remove it, or move it to preReconcile.reconcileGate"));
    }
}
