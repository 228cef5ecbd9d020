package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the objects of a CRD may be. */
final class NamespaceRules {
    static final List<Rule> ALL = List.of(Rule.error(
            "NamespacesAllowedAndRestricted",
            "a CRD has a list of allowed and a list of restricted namespaces",
            """
            One list names the only namespaces there are, the other those that are out. Both together leave open what holds
            for a namespace in neither. Keep one. The lists under security.namespaceProtection are added to those of each
            CRD, so they count here as well.""",
            "Orkestra refuses it as well (validation step 17)",
            NamespaceRules::both));

    private static final List<String> LISTS = List.of("allowedNamespaces", "restrictedNamespaces");

    private NamespaceRules() {}

    private static void both(View view, Report report) {
        Set<Position> forAll = LISTS.stream()
                .flatMap(list -> Fields.get(view.root(), "security.namespaceProtection." + list).stream())
                .map(Node::position)
                .collect(Collectors.toSet());
        // Lists that stand above all CRDs are one mistake, not one for each CRD.
        Set<Position> reported = new HashSet<>();
        for (Crd crd : view.crds()) {
            List<Node> lists = LISTS.stream()
                    .flatMap(list -> crd
                            .map("operatorBox.runtime")
                            .filter(runtime -> Fields.isSet(runtime, list))
                            .flatMap(runtime -> runtime.get(list))
                            .stream())
                    .toList();
            if (!crd.isNamespaced() || lists.size() < LISTS.size()) {
                continue;
            }
            Position own = lists.reversed().stream()
                    .map(Node::position)
                    .filter(position -> !forAll.contains(position))
                    .findFirst()
                    .orElse(lists.getLast().position());
            if (reported.add(own)) {
                String who = forAll.contains(own) ? "security.namespaceProtection" : "the CRD '" + crd.name() + "'";
                report.at(
                        own,
                        who + " has allowedNamespaces and restrictedNamespaces; the other list is at "
                                + other(lists, own),
                        "keep one of them; those of security.namespaceProtection count for every CRD");
            }
        }
    }

    private static Position other(List<Node> lists, Position own) {
        Optional<Position> other = lists.stream()
                .map(Node::position)
                .filter(position -> !position.equals(own))
                .findFirst();
        return other.orElse(own);
    }
}
