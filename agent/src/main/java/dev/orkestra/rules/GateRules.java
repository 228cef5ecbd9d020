package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gates. That sentinels and failPolicy are among those there are is said by the schema. */
final class GateRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "SentinelUndeclared",
                    "a gate asks for a change that preReconcile does not declare",
                    """
                    Only the changes under preReconcile.sentinels are worked out when an event comes in, so the gate
                    would never see this one. Declare it there.""",
                    "Orkestra refuses it as well (validation step 41)",
                    GateRules::undeclared),
            Rule.warning(
                    "GateOpensOnFailure",
                    "a gate calls other systems, and does not say what holds when they fail",
                    """
                    Without failPolicy a gate whose call fails lets everything through. Say failPolicy: closed when it
                    had better hold objects back, or failPolicy: open to show that it is meant.""",
                    "Orkestra warns as well (validation step 41), about the gates of preReconcile",
                    GateRules::opensOnFailure),
            Rule.warning(
                    "GateNeverCloses",
                    "a gate closes on failure, and its calls hide every failure",
                    """
                    A call with continueOnError never fails as far as the gate can see, so failPolicy: closed has no
                    effect. Remove continueOnError, or compare .external.<name>.error in a condition.""",
                    "Orkestra warns as well (validation step 41), about the gates of preReconcile",
                    GateRules::neverCloses));

    /** Upstream's {@code pkg/runtime/sentinel}, v0.7.18. */
    static final Set<String> SENTINELS = Set.of(
            "generationChanged",
            "labelsChanged",
            "annotationsChanged",
            "deletionStarted",
            "finalizersChanged",
            "nameChanged",
            "namespaceChanged",
            "generateNameChanged",
            "uidChanged",
            "resourceVersionChanged",
            "creationTimestampChanged",
            "deletionGracePeriodSecondsChanged",
            "ownerReferenceChanged",
            "managedFieldsChanged");

    private GateRules() {}

    private static List<Node.MapNode> boxes(View view) {
        return view.crds().stream()
                .flatMap(crd -> crd.boxes().values().stream())
                .toList();
    }

    private static List<Node.MapNode> gates(View view) {
        return boxes(view).stream()
                .flatMap(box -> Gate.of(box).stream())
                .map(Gate::node)
                .toList();
    }

    private static void undeclared(View view, Report report) {
        for (Node.MapNode box : boxes(view)) {
            Set<String> declared = new HashSet<>();
            Fields.items(box, "preReconcile.sentinels")
                    .forEach(item -> Fields.text(item).ifPresent(declared::add));
            for (Gate gate : Gate.of(box)) {
                for (Node item : gate.isOfBox() ? Fields.items(gate.node(), "sentinels") : List.<Node>of()) {
                    Fields.text(item)
                            .filter(name -> SENTINELS.contains(name) && !declared.contains(name))
                            .ifPresent(name -> report.at(
                                    item,
                                    gate.key() + " asks for '" + name + "', which preReconcile does not declare",
                                    "add it to preReconcile.sentinels"));
                }
            }
        }
    }

    private static void opensOnFailure(View view, Report report) {
        for (Node.MapNode gate : gates(view)) {
            if (Fields.isSet(gate, "external") && !gate.entries().containsKey("failPolicy")) {
                report.at(
                        gate,
                        "external",
                        "when one of these calls fails, the gate lets everything through",
                        "add 'failPolicy: closed', or 'failPolicy: open' if it is meant");
            }
        }
    }

    private static void neverCloses(View view, Report report) {
        for (Node.MapNode gate : gates(view)) {
            List<Node.MapNode> calls = Fields.maps(gate, "external");
            boolean isClosed = gate.text("failPolicy").filter("closed"::equals).isPresent();
            if (isClosed && !calls.isEmpty() && calls.stream().allMatch(call -> call.isTrue("continueOnError"))) {
                report.at(
                        gate,
                        "failPolicy",
                        "the gate never closes: all of its calls go on when they fail",
                        "remove 'continueOnError' from a call, or compare its .error in 'when'");
            }
        }
    }
}
