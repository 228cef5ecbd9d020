package dev.orkestra.explain;

import dev.orkestra.explain.Explanation.Fact;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import dev.orkestra.run.RunState;
import dev.orkestra.run.WaveState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Explains a run that is under way, by its step. */
final class RunExplainer {
    private final Observed observed;
    private final RunState run;

    private RunExplainer(Observed observed, RunState run) {
        this.observed = observed;
        this.run = run;
    }

    static Explanation explain(Observed observed, RunState run) {
        return new RunExplainer(observed, run).explain();
    }

    private Explanation explain() {
        String name = "run " + run.spec().name();
        Instant moved = run.progress().updatedAt();
        return switch (run.step()) {
            case Compose, StoreState -> short_(name + " reads and checks the commit");
            case Plan -> short_(name + " makes its plan");
            case AwaitApproval -> approval(name, moved);
            case StoreIntent -> short_(name + " writes down what it is about to apply");
            case ApplyWave, AwaitWave -> wave(name, "", failure());
            case Soak ->
                of(
                        name + " watches whether everything stays healthy",
                        List.of(),
                        moved,
                        until(),
                        "the commit is good, when nothing breaks",
                        List.of());
            case RecordGood, Finish, End -> short_(name + " writes down how it ended");
            case Prune -> short_(name + " removes what no commit wants any more");
            case RetryWait ->
                of(
                        name + " waits for trouble to pass",
                        trouble(),
                        moved,
                        until(),
                        "it tries again (attempt " + (run.progress().attempts() + 1) + ")",
                        List.of(logs()));
            case RecordQuarantine, RunFailHooks, PrepareRollback -> short_(name + " failed and prepares the rollback");
            case RollbackApplyWave, RollbackAwaitWave ->
                wave(name, "rolls back: ", "the rollback has failed, and a person has to look");
            case RemoveNew -> short_(name + " rolls back: removes what the failed commit brought");
            case RecordRollback, LiftQuarantine -> short_(name + " writes down that it went back");
        };
    }

    /** Steps that take moments; when one takes longer, the agent's log says why. */
    private Explanation short_(String what) {
        return of(what, List.of(), run.progress().updatedAt(), Optional.empty(), "", List.of(logs()));
    }

    private Explanation approval(String name, Instant moved) {
        String namespace = observed.namespace();
        return of(
                name + " waits until somebody approves its plan",
                plan(),
                moved,
                Optional.empty(),
                "nothing is changed until then; a newer commit takes its place",
                List.of(
                        "ork plan -n " + namespace + " --repo . --out plan.json " + observed.name(),
                        "ork apply -n " + namespace + " --plan plan.json " + observed.name()));
    }

    private List<String> plan() {
        var plan = run.report().plan();
        return plan == null
                ? List.of()
                : List.of("plan " + plan.hash() + ": " + plan.create() + " to create, " + plan.update() + " to update, "
                        + plan.replace() + " to replace, " + plan.prune() + " to prune"
                        + (plan.hooks() == 0 ? "" : ", hooks: " + plan.hooks()));
    }

    private Explanation wave(String name, String doing, String then) {
        WaveState wave = run.current();
        boolean applying = wave.phase() == WaveState.Phase.Applying;
        List<String> waits = wave.waitingFor().isEmpty()
                ? List.of()
                : Arrays.stream(wave.waitingFor().split("(?<=\\)), ")).toList();
        Optional<Instant> until = Optional.ofNullable(wave.deadline());
        Instant since = until.map(end -> end.minus(run.spec().limits().wave()))
                .filter(begun -> begun.isBefore(observed.now()))
                .orElse(run.progress().updatedAt());
        return of(
                name + " " + doing + (applying ? "applies wave " : "waits until wave ") + wave.wave()
                        + (applying ? "" : " is healthy"),
                waits,
                since,
                until,
                then,
                waveCommands(waits));
    }

    private List<String> waveCommands(List<String> waits) {
        List<String> commands = new ArrayList<>();
        for (String wait : waits) {
            String[] key = wait.split("[ (]", 2)[0].split("/");
            if (key[0].startsWith("ApplicationGroup") && key.length > 1) {
                commands.add("ork status " + key[key.length - 1] + " --watch");
            } else if (key.length == 3) {
                commands.add("kubectl -n " + key[1] + " describe " + key[0] + " " + key[2]);
            } else if (key.length == 2) {
                commands.add("kubectl describe " + key[0] + " " + key[1]);
            }
        }
        if (commands.isEmpty()) {
            commands.add(logs());
        }
        return commands.stream().distinct().limit(3).toList();
    }

    private String failure() {
        var good = run.known().lastGood();
        return good == null
                ? "the commit has failed; there is no last-good to go back to, so everything stays"
                : "the commit has failed, and the environment goes back to " + Explainer.shortId(good.commit());
    }

    private Optional<Instant> until() {
        return Optional.ofNullable(run.waiting()).map(RunState.Waiting::until);
    }

    private List<String> trouble() {
        return run.report().diagnostics().reversed().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .limit(1)
                .map(RunExplainer::text)
                .toList();
    }

    private static String text(Diagnostic finding) {
        return finding.at().map(at -> at + ": ").orElse("")
                + finding.message()
                + (finding.hint().isEmpty() ? "" : " (" + finding.hint() + ")");
    }

    private String logs() {
        return "kubectl -n " + observed.namespace() + " logs deploy/orkestra-agent --tail=50";
    }

    private Explanation of(
            String what,
            List<String> because,
            Instant since,
            Optional<Instant> until,
            String then,
            List<String> commands) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "commit",
                Explainer.shortId(run.spec().commit()) + ", by "
                        + run.spec().trigger().text()));
        facts.addAll(Explainer.facts(observed));
        if (!run.waves().isEmpty()) {
            facts.add(new Fact("waves", waves(run.waves())));
        }
        RunState.Rollback back = run.rollback();
        if (back != null && !back.waves().isEmpty()) {
            facts.add(new Fact("rollback", waves(back.waves())));
        }
        if (!run.report().newerCommit().isEmpty()) {
            facts.add(new Fact(
                    "next",
                    Explainer.shortId(run.report().newerCommit()) + " is there and follows when this run has ended"));
        }
        return new Explanation(true, what, because, Optional.of(since), until, then, facts, commands);
    }

    private static String waves(List<WaveState> waves) {
        return waves.stream()
                .map(wave -> wave.wave() + " " + wave.phase().name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
