package dev.orkestra.plan;

import dev.orkestra.desired.Wave;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.plan.Line.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The parts of a plan as people read them, whatever they are printed on. */
final class PlanSections {
    private PlanSections() {}

    /**
     * A heading and what stands under it.
     *
     * @param changes how many objects change under it
     */
    record Section(String title, int changes, List<Line> lines) {
        Section {
            lines = List.copyOf(lines);
        }
    }

    static List<Section> of(Plan plan) {
        List<Section> sections = new ArrayList<>();
        List<PlanStep> wanted =
                plan.steps().stream().filter(step -> !step.isDrift()).toList();
        Stream.concat(wanted.stream().map(PlanStep::wave), plan.hooks().stream().map(PlannedHook::wave))
                .distinct()
                .sorted()
                .forEach(wave -> sections.add(wave(
                        wave,
                        wanted.stream().filter(step -> step.wave().equals(wave)).toList(),
                        plan.hooks().stream()
                                .filter(hook -> hook.wave().equals(wave))
                                .toList())));
        List<PlanStep> drift = plan.steps().stream().filter(PlanStep::isDrift).toList();
        if (!drift.isEmpty()) {
            List<Line> lines = new ArrayList<>();
            drift.forEach(step -> step(step, lines));
            sections.add(new Section("Drift: Git wants the same as before, the cluster differs", drift.size(), lines));
        }
        if (!plan.prune().items().isEmpty() || plan.prune().budget() == PrunePlan.Budget.UNKNOWN) {
            sections.add(prune(plan.prune()));
        }
        risks(plan, sections);
        return sections;
    }

    private static Section wave(Wave wave, List<PlanStep> steps, List<PlannedHook> hooks) {
        List<Line> lines = new ArrayList<>();
        for (PlannedHook hook : hooks) {
            String when = hook.isForFailure() ? "runs once, if the run has failed" : "runs once";
            lines.add(Line.at(Colour.BLUE, "  * " + hook.key() + "  " + when, hook.origin()));
        }
        steps.stream().filter(step -> step.action() != Action.UNCHANGED).forEach(step -> step(step, lines));
        long unchanged =
                steps.stream().filter(step -> step.action() == Action.UNCHANGED).count();
        if (unchanged > 0) {
            lines.add(new Line(Colour.DIM, "  = " + unchanged + " unchanged"));
        }
        return new Section("Wave " + wave, hooks.size() + steps.size() - (int) unchanged, lines);
    }

    private static void step(PlanStep step, List<Line> lines) {
        lines.add(
                switch (step.action()) {
                    case CREATE -> Line.at(Colour.GREEN, "  + " + step.key(), step.origin());
                    case UPDATE -> Line.at(Colour.YELLOW, "  ~ " + step.key(), step.origin());
                    case REPLACE -> Line.at(Colour.MAGENTA, "  -/+ " + step.key(), step.origin());
                    case DEFERRED -> Line.at(Colour.BLUE, "  > " + step.key(), step.origin());
                    case REFUSED -> Line.at(Colour.RED, "  ! " + step.key(), step.origin());
                    case UNCHANGED -> Line.at(Colour.DIM, "  = " + step.key(), step.origin());
                });
        if (!step.note().isEmpty() && !step.isDrift()) {
            lines.add(new Line(Colour.DIM, "      " + step.note()));
        }
        Diagnostic refusal = step.refusal();
        if (refusal != null) {
            lines.add(new Line(Colour.RED, "      " + refusal.code() + ": " + refusal.message()));
            if (!refusal.hint().isEmpty()) {
                lines.add(new Line(Colour.NONE, "      " + refusal.hint()));
            }
        }
        step.risks().forEach(risk -> lines.add(new Line(Colour.MAGENTA, "      risk: " + risk.text())));
        step.releases().forEach(release -> lines.add(release(release)));
        step.changes().forEach(change -> lines.addAll(ChangeLines.of(change)));
    }

    private static Line release(ReleaseStep release) {
        String what = release.action().name().toLowerCase(Locale.ROOT) + " release " + release.release();
        String from = release.before();
        String to = release.after();
        String versions = switch (release.action()) {
            case INSTALL -> to;
            case REMOVE -> from;
            case UPGRADE -> from.equals(to) ? to + ", other values or settings" : from + " -> " + to;
        };
        return new Line(
                switch (release.action()) {
                    case INSTALL -> Colour.GREEN;
                    case UPGRADE -> Colour.YELLOW;
                    case REMOVE -> Colour.RED;
                },
                "      " + release.stage() + ". " + what + (versions.isEmpty() ? "" : " (" + versions + ")"));
    }

    private static Section prune(PrunePlan prune) {
        List<Line> lines = new ArrayList<>();
        for (PrunePlan.Item item : prune.items()) {
            String object = item.entry().key().toString();
            lines.add(
                    switch (item.fate()) {
                        case DELETE -> new Line(Colour.RED, "  - " + object);
                        case OVER_BUDGET -> new Line(Colour.MAGENTA, "  ? " + object + "  waits: over the budget");
                        case NEEDS_APPROVAL ->
                            new Line(Colour.MAGENTA, "  ? " + object + "  waits: its kind goes only after approval");
                        case SAYS_KEEP -> new Line(Colour.DIM, "  = " + object + "  stays: it says so itself");
                        case NOT_ALLOWED ->
                            new Line(Colour.DIM, "  = " + object + "  stays: spec.allow does not list it any more");
                        case DISABLED -> new Line(Colour.DIM, "  = " + object + "  stays: spec.prune.enabled is false");
                    });
        }
        String budget = switch (prune.budget()) {
            case WITHIN -> "the budget allows " + prune.allowed() + " without approval";
            case OVER -> "the budget allows " + prune.allowed() + " without approval, and never a whole layer";
            case DISABLED -> "nothing is removed: spec.prune.enabled is false";
            case UNKNOWN ->
                "not shown: you may not read the agent's inventory (ConfigLedgers and Secrets of its namespace)";
        };
        lines.add(new Line(Colour.NONE, "  " + budget));
        return new Section("Prune, after the last wave is healthy", prune.deleted() + prune.awaitingApproval(), lines);
    }

    private static void risks(Plan plan, List<Section> sections) {
        List<Line> lines = new ArrayList<>();
        for (PlanStep step : plan.steps()) {
            step.risks().stream()
                    .filter(Risk::isPointOfNoReturn)
                    .forEach(risk -> lines.add(new Line(Colour.MAGENTA, "  ! " + step.key() + ": " + risk.text())));
        }
        if (!lines.isEmpty()) {
            sections.add(
                    new Section("Points of no return: a rollback does not bring back what was", lines.size(), lines));
        }
    }

    /** {@code Plan: 1 to create, …}. */
    static String sum(Plan plan) {
        List<String> parts = new ArrayList<>();
        parts.add(plan.count(Action.CREATE) + " to create");
        parts.add(plan.count(Action.UPDATE) + " to update");
        parts.add(plan.count(Action.REPLACE) + " to replace");
        parts.add(plan.prune().deleted() + " to prune");
        if (plan.prune().awaitingApproval() > 0) {
            parts.add(plan.prune().awaitingApproval() + " to prune after approval");
        }
        if (plan.count(Action.DEFERRED) > 0) {
            parts.add(plan.count(Action.DEFERRED) + " known later");
        }
        if (plan.count(Action.REFUSED) > 0) {
            parts.add(plan.count(Action.REFUSED) + " refused");
        }
        parts.add(plan.count(Action.UNCHANGED) + " unchanged");
        if (!plan.hooks().isEmpty()) {
            parts.add(plan.hooks().size() + (plan.hooks().size() == 1 ? " hook" : " hooks"));
        }
        return "Plan: " + String.join(", ", parts);
    }
}
