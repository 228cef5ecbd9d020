package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Work queues have an end, and what is to happen there can happen. */
final class QueueRules {
    static final List<Rule> ALL = List.of(
            Rule.warning(
                    "QueueUnlimited",
                    "a work queue has no upper bound",
                    """
                    With queue.maxDepth: 0 the queue takes all that comes. When objects change faster than they are worked on,
                    it grows until the memory of the runtime ends, and all CRDs stand still. Write a bound that is a few
                    times the number of objects. Where maxDepth is absent nothing is said, though it means the same.""",
                    "Orkestra warns as well, also of each CRD without maxDepth",
                    QueueRules::unlimited),
            Rule.error(
                    "QueueBehaviourUnlimited",
                    "a queue without an upper bound has a behaviour",
                    """
                    The behaviour says what happens when the queue gets full. One without maxDepth never does. Write
                    maxDepth, or name a profile of the reconciler that has one, or remove behaviour.""",
                    "Orkestra refuses it as well (validation step 6)",
                    QueueRules::behaviour),
            Rule.warning(
                    "ThresholdDropIgnored",
                    "a queue's onThreshold wants to drop nothing",
                    """
                    From the threshold on, objects are dropped whatever drop says: nothing else can happen there. Remove drop,
                    or all of onThreshold when nothing is to be dropped.""",
                    "Orkestra warns as well (validation step 6), in fact of each onThreshold",
                    QueueRules::drop));

    private static final String RECONCILE = "operatorBox.reconcile.";

    private QueueRules() {}

    private static void unlimited(View view, Report report) {
        Set<String> unlimited = unlimitedProfiles(view);
        for (Crd crd : view.crds()) {
            crd.map(RECONCILE + "queue")
                    .filter(queue -> Fields.number(queue, "maxDepth")
                            .filter(depth -> depth.signum() == 0)
                            .isPresent())
                    // Of a behaviour that cannot happen there is an error already.
                    .filter(queue -> !hasBehaviour(queue) && isUnlimited(crd, unlimited))
                    .ifPresent(queue -> report.at(
                            queue,
                            "maxDepth",
                            "the queue of the CRD '" + crd.name() + "' is unlimited",
                            "write the most objects that may wait, such as maxDepth: 500"));
        }
    }

    private static void behaviour(View view, Report report) {
        Set<String> unlimited = unlimitedProfiles(view);
        for (Crd crd : view.crds()) {
            crd.map(RECONCILE + "queue")
                    .filter(queue -> hasBehaviour(queue) && isUnlimited(crd, unlimited))
                    .ifPresent(queue -> report.at(
                            queue,
                            "behaviour",
                            "the queue of the CRD '" + crd.name() + "' is unlimited, so its behaviour never happens",
                            "write a maxDepth, or remove behaviour"));
        }
    }

    private static boolean hasBehaviour(Node.MapNode queue) {
        return Fields.isSet(queue, "behaviour.onLimit") || Fields.isSet(queue, "behaviour.onThreshold");
    }

    /** Whether neither the CRD nor the profile that it names sets a bound; one that cannot be known is taken for one. */
    private static boolean isUnlimited(Crd crd, Set<String> unlimitedProfiles) {
        Optional<Node> written = crd.get(RECONCILE + "queue.maxDepth");
        if (written.isPresent()
                && Fields.number(written.get())
                        .filter(depth -> depth.signum() == 0)
                        .isEmpty()) {
            return false;
        }
        Optional<Node> profile = crd.get(RECONCILE + "profile");
        return profile.isEmpty()
                || Fields.text(profile.get())
                        .filter(name -> name.isEmpty() || unlimitedProfiles.contains(name))
                        .isPresent();
    }

    /** The declared profiles without a bound; those that are built in have one. */
    private static Set<String> unlimitedProfiles(View view) {
        Map<String, Boolean> unlimited = new HashMap<>();
        for (Node.MapNode preset : Presets.RECONCILER.declared(view)) {
            boolean hasNone = Fields.number(preset, "queue.maxDepth")
                            .orElse(BigDecimal.ZERO)
                            .signum()
                    == 0;
            preset.text("name").ifPresent(name -> unlimited.putIfAbsent(name, hasNone));
        }
        unlimited.values().removeIf(hasNone -> !hasNone);
        return unlimited.keySet();
    }

    private static void drop(View view, Report report) {
        for (Crd crd : view.crds()) {
            crd.map(RECONCILE + "queue.behaviour.onThreshold")
                    .filter(threshold ->
                            Fields.flag(threshold, "drop").filter(drop -> !drop).isPresent())
                    .ifPresent(threshold -> report.at(
                            threshold,
                            "drop",
                            "'drop: false' has no effect: from the threshold on, objects are dropped",
                            "remove it, or onThreshold"));
        }
    }
}
