package dev.orkestra.cli;

import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.plan.Action;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PrunePlan;
import java.util.List;

/** What people can do with a plan, with the exact command. */
final class NextSteps {
    private NextSteps() {}

    /**
     * @param savedAs where the plan is saved, or empty
     * @param sameOverlay whether it was made of the overlay that the ConfigRepo names
     */
    static List<String> of(Plan plan, ConfigRepo repo, String savedAs, boolean sameOverlay) {
        if (!plan.refusals().isEmpty()) {
            return List.of("Nothing would be applied, as something is refused. Mend it, and plan again.");
        }
        if (plan.changesNothing()) {
            return List.of();
        }
        if (!sameOverlay) {
            return List.of("The ConfigRepo names another overlay, so the agent makes another plan than this one.");
        }
        if (plan.prune().budget() == PrunePlan.Budget.UNKNOWN) {
            return List.of(
                    waitsForApproval(plan, repo)
                            ? "Once it is pushed it waits for approval."
                            : "The agent applies it once it is pushed.",
                    "It knows what is pruned, so its plan can have another hash than this one; whoever approves it must be",
                    "able to read the agent's inventory.");
        }
        if (waitsForApproval(plan, repo)) {
            return List.of("Once it is pushed it waits for approval. " + approve(savedAs), command(repo, savedAs));
        }
        if (plan.prune().awaitingApproval() == 0) {
            return List.of("The agent applies it once it is pushed.");
        }
        return removesOnly(plan)
                ? List.of("What waits is removed only after approval. " + approve(savedAs), command(repo, savedAs))
                : List.of(
                        "The agent applies it once it is pushed, but removes what waits only after approval. That is then",
                        "another plan than this one: plan again with --out FILE afterwards, and approve it with:",
                        command(repo, ""));
    }

    private static String approve(String savedAs) {
        return savedAs.isEmpty() ? "Save the plan with --out FILE, and approve it with:" : "Approve it with:";
    }

    private static String command(ConfigRepo repo, String savedAs) {
        return "  ork apply --plan " + (savedAs.isEmpty() ? "FILE" : quoted(savedAs)) + " -n " + repo.namespace() + " "
                + repo.name();
    }

    /** Whether the agent does nothing of it by itself, so that its plan stays this one. */
    private static boolean removesOnly(Plan plan) {
        return plan.prune().deleted() == 0
                && plan.hooks().isEmpty()
                && plan.count(Action.UNCHANGED) == plan.steps().size();
    }

    private static boolean waitsForApproval(Plan plan, ConfigRepo repo) {
        return switch (repo.policies().approval()) {
            case NONE -> false;
            case DESTRUCTIVE -> plan.isDestructive();
            case REQUIRED -> true;
        };
    }

    private static String quoted(String file) {
        return file.matches("[A-Za-z0-9_./-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
    }
}
