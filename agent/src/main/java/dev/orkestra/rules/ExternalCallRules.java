package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls to other systems. Names, protocols, methods, durations and credentials by themselves are the schema's. */
final class ExternalCallRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "ExternalCallTwice",
                    "two calls to other systems have the same name",
                    """
                    The result of the second takes the place of the first under .external, so templates never see the
                    first. Give each call of a list a name of its own.""",
                    "Orkestra refuses it as well (validation step 40)",
                    ExternalCallRules::twice),
            Rule.error(
                    "ExternalQueryMissing",
                    "a call asks for nothing",
                    """
                    With prometheus, redis, postgres, mongo and kafka the address says only where, and the query what is
                    asked. Add it.""",
                    "Orkestra refuses it as well (validation step 40)",
                    ExternalCallRules::queryMissing),
            Rule.error(
                    "ExternalFieldUnused",
                    "a call has a field that its protocol does not take",
                    """
                    Only http takes method, body, headers and expectedStatus, and only the others take query and
                    poolSize; elsewhere the field would do nothing. Remove it, or name the protocol that is meant: it is
                    http when nothing is written.""",
                    "Orkestra refuses it as well (validation step 40)",
                    ExternalCallRules::unused));

    private static final String HTTP = "http";

    /** What a query looks like, by the protocols that need one. */
    private static final Map<String, String> QUERIES = Map.of(
            "prometheus", "sum(up)",
            "redis", "GET key",
            "postgres", "SELECT 1",
            "mongo", "database.collection",
            "kafka", "group/topic");

    private static final List<String> HTTP_ONLY = List.of("method", "body", "headers", "expectedStatus");
    private static final List<String> NOT_HTTP = List.of("query", "poolSize");

    private ExternalCallRules() {}

    /** All lists of calls of all CRDs. */
    private static List<List<Node.MapNode>> lists(View view) {
        List<List<Node.MapNode>> lists = new ArrayList<>();
        view.hooks().forEach(hook -> lists.add(Fields.maps(hook.block(), "external")));
        for (Crd crd : view.crds()) {
            lists.add(Fields.maps(crd.node(), "admission.validation.external"));
            lists.add(Fields.maps(crd.node(), "admission.mutation.external"));
            for (Node.MapNode box : crd.boxes().values()) {
                lists.add(Fields.maps(box, "preReconcile.external"));
                lists.add(Fields.maps(box, "reconcile.hooks.external"));
                Gate.of(box).forEach(gate -> lists.add(Fields.maps(gate.node(), "external")));
            }
        }
        return lists;
    }

    private static List<Node.MapNode> calls(View view) {
        return lists(view).stream().flatMap(List::stream).toList();
    }

    /** Its protocol; empty when it is none that there is, which the schema has said. */
    private static Optional<String> protocol(Node.MapNode call) {
        Optional<Node> written = call.get("protocol");
        return written.isEmpty()
                ? Optional.of(HTTP)
                : Fields.text(written.get()).filter(name -> name.equals(HTTP) || QUERIES.containsKey(name));
    }

    private static String shown(Node.MapNode call) {
        return call.text("name")
                .filter(name -> !name.isEmpty())
                .map(name -> "the call '" + name + "'")
                .orElse("a call");
    }

    private static void twice(View view, Report report) {
        for (List<Node.MapNode> list : lists(view)) {
            Map<String, Position> first = new HashMap<>();
            for (Node.MapNode call : list) {
                call.text("name").filter(name -> !name.isEmpty()).ifPresent(name -> {
                    Position position = call.get("name").orElseThrow().position();
                    Position other = first.putIfAbsent(name, position);
                    if (other != null) {
                        report.at(
                                position,
                                "the call '" + name + "' is here twice; the first at " + other,
                                "give one of them another name");
                    }
                });
            }
        }
    }

    private static void queryMissing(View view, Report report) {
        for (Node.MapNode call : calls(view)) {
            protocol(call)
                    .filter(name -> QUERIES.containsKey(name) && !Fields.isSet(call, "query"))
                    .ifPresent(name -> report.at(
                            call,
                            "protocol",
                            shown(call) + " speaks " + name + ", and has no query",
                            "add 'query', such as \"" + QUERIES.get(name) + "\""));
        }
    }

    private static void unused(View view, Report report) {
        for (Node.MapNode call : calls(view)) {
            protocol(call).ifPresent(name -> {
                for (String field : name.equals(HTTP) ? NOT_HTTP : HTTP_ONLY) {
                    if (Fields.isSet(call, field)) {
                        report.at(
                                call,
                                field,
                                shown(call) + " speaks " + name + ", which takes no '" + field + "'",
                                field.equals("query") ? "put it into the url, or name the protocol" : "remove it");
                    }
                }
            });
        }
    }
}
