package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.Set;

/** Who is told when a condition holds. */
final class NotificationRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "UnknownTeam",
                    "a condition notifies a team that there is not",
                    """
                    The teams are those under notification.teams, here or in what is imported. Nobody else can be told, and
                    the message would be lost without a trace.""",
                    "Orkestra means to refuse it (validation step 20), but looks up the names of CRDs instead",
                    NotificationRules::unknownTeams),
            Rule.warning(
                    "NotifyWithoutTeams",
                    "conditions notify teams, and no teams are declared",
                    """
                    Whoever wrote the condition counts on somebody being told. Without notification.teams nobody is. Declare
                    the teams, or say notification.enabled: false where nobody should be.""",
                    "Orkestra does not look at this",
                    NotificationRules::noTeams));

    private NotificationRules() {}

    private static List<Node.MapNode> notifications(View view) {
        return view.conditions().stream()
                .flatMap(list -> list.items().stream())
                .filter(condition -> Fields.isSet(condition, "notify.teams"))
                .toList();
    }

    private static Set<String> teams(View view) {
        return Fields.map(view.root(), "notification.teams")
                .map(teams -> teams.entries().keySet())
                .orElse(Set.of());
    }

    private static void unknownTeams(View view, Report report) {
        Set<String> teams = teams(view);
        if (teams.isEmpty()) {
            return;
        }
        for (Node.MapNode condition : notifications(view)) {
            for (Node node : Fields.items(condition, "notify.teams")) {
                Fields.text(node)
                        .filter(name -> !Fields.isTemplate(name) && !teams.contains(name))
                        .ifPresent(name -> report.at(
                                node,
                                "there is no team '" + name + "'",
                                DidYouMean.of(name, teams, "declare it under notification.teams")));
            }
        }
    }

    private static void noTeams(View view, Report report) {
        boolean isOff = Fields.flag(view.root(), "notification.enabled")
                .filter(enabled -> !enabled)
                .isPresent();
        if (!isOff && teams(view).isEmpty()) {
            // Once is enough: it is one thing that is missing, however many conditions count on it.
            notifications(view).stream()
                    .findFirst()
                    .ifPresent(condition -> report.at(
                            condition,
                            "notify",
                            "nobody is told: notification.teams declares no team",
                            "declare the teams, or set notification.enabled to false"));
        }
    }
}
