package dev.orkestra.cli;

import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PrunePlan;
import java.util.ArrayList;
import java.util.List;

/** What people can do with a plan, with the exact command. */
final class NextSteps {
    private NextSteps() {}

    /** @param savedAs where the plan is saved, or empty */
    static List<String> of(Plan plan, ConfigRepo repo, String savedAs) {
        if (!plan.refusals().isEmpty()) {
            return List.of("Nothing would be applied, as something is refused. Mend it, and plan again.");
        }
        if (plan.changesNothing()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        String command = "ork apply --plan " + (savedAs.isEmpty() ? "FILE" : quoted(savedAs)) + " -n "
                + repo.namespace() + " " + repo.name();
        if (waitsForApproval(plan, repo)) {
            lines.add(
                    savedAs.isEmpty()
                            ? "Once it is pushed it waits for approval. Save the plan with --out FILE, and approve it with:"
                            : "Once it is pushed it waits for approval. Approve it with:");
            lines.add("  " + command);
        } else if (plan.prune().awaitingApproval() > 0) {
            lines.add("The agent applies it once it is pushed, but removes what waits only after approval:");
            lines.add("  " + command);
        } else {
            lines.add("The agent applies it once it is pushed.");
        }
        if (plan.prune().budget() == PrunePlan.Budget.UNKNOWN) {
            lines.add("The agent knows what is pruned, so its plan can have another hash than this one.");
        }
        return List.copyOf(lines);
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
