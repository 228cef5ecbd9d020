package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Lives a history: an agent reduced to the shell's loop, over a {@link World} that checks what it is told to do. What
 * is persisted is in fields; what a process only remembers is in local variables, so a kill loses it.
 */
final class Life {
    private static final Duration RUN_LIMIT = Duration.ofMinutes(30);

    /** How a run ended; the same with and without kills. */
    record End(Phase phase, String digest, Verdict verdict, List<WaveState.Phase> waves) {}

    /** All that must not depend on kills. */
    record Outcome(
            List<End> runs,
            Map<ObjectKey, String> objects,
            Set<ObjectKey> inventory,
            Map<ObjectKey, Integer> hooks,
            List<String> ledger) {}

    private static final int MOST_COMMANDS = 2000;

    private final History history;
    private final Faults faults;
    private final World world;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RunState state;
    private int run;
    /** Sees each state and the one that follows. */
    private BiConsumer<RunState, RunState> observer = (before, after) -> {};

    Life(History history, Faults faults) {
        this.history = history;
        this.faults = faults;
        this.world = new World(history, faults);
        this.run = 1;
        this.state = begin(history.runs().getFirst());
        this.run = 0;
    }

    Life observedBy(BiConsumer<RunState, RunState> newObserver) {
        observer = newObserver;
        return this;
    }

    Outcome live() {
        List<End> ends = new ArrayList<>();
        for (History.Script script : history.runs()) {
            if (script.resumedBefore()) {
                world.ledger = world.ledger.resumed();
            }
            boolean asked = script.trigger() == Trigger.RETRY || script.trigger() == Trigger.ROLLBACK;
            if (world.ledger.pinned() != null && !asked) {
                continue;
            }
            boolean back = script.trigger() == Trigger.ROLLBACK && world.ledger.lastGood() != null;
            ends.add(runs(back ? pinned(script) : script));
            if (world.ledger.isAbandoned()) {
                ends.add(runs(back(script)));
            }
        }
        Ledger ledger = world.ledger;
        return new Outcome(
                ends,
                Map.copyOf(world.versions()),
                Set.copyOf(world.inventory.entries().keySet()),
                world.hooksCreated(),
                List.of(
                        String.valueOf(ledger.lastGood()),
                        ledger.pinned() == null ? "" : ledger.pinned().commit(),
                        ledger.settledDigest(),
                        ledger.failing().toString(),
                        ledger.quarantined().stream()
                                .map(entry -> entry.digest() + " " + entry.run() + " " + entry.reason())
                                .toList()
                                .toString(),
                        ledger.history().stream()
                                .map(entry -> entry.run() + " " + entry.phase())
                                .toList()
                                .toString()));
    }

    private End runs(History.Script script) {
        run++;
        state = begin(script);
        carryOut(script);
        RunState.Judgement judgement = state.judgement();
        world.checkAtRest(state);
        return new End(
                state.phase(),
                state.digest(),
                judgement == null ? Verdict.UNKNOWN : judgement.verdict(),
                state.waves().stream().map(WaveState::phase).toList());
    }

    /** Asked for by a person: the environment stays on it. */
    private History.Script pinned(History.Script script) {
        LastGood good = Objects.requireNonNull(world.ledger.lastGood());
        world.ledger = world.ledger.pin(new Pinned(good.commit(), run + 1, "", "", now));
        return back(script);
    }

    private History.Script back(History.Script script) {
        LastGood good = Objects.requireNonNull(world.ledger.lastGood());
        return script.back(history.contents().stream()
                .map(History.Content::digest)
                .toList()
                .indexOf(good.digest()));
    }

    private RunState begin(History.Script script) {
        String commit = "commit-" + run;
        Duration soak = run % 2 == 0 ? Duration.ofSeconds(30) : Duration.ZERO;
        RunSpec.Limits limits = new RunSpec.Limits(Duration.ofMinutes(5), RUN_LIMIT, soak);
        RunSpec spec = new RunSpec("orkestra", "staging", run, commit, script.trigger(), now, limits);
        RunState.Known left = run == 1 ? RunState.Known.NOTHING : state.leaves();
        return RunState.begin(spec, 1, world.consentBefore(script), RunState.Basis.UNKNOWN, left);
    }

    private void carryOut(History.Script script) {
        world.beginRun(script);
        int commands = 0;
        while (!state.isEnd()) {
            if (++commands > MOST_COMMANDS) {
                throw new AssertionError("the run does not end: " + state);
            }
            try {
                oneStep(script);
            } catch (Faults.Killed _) {
                // Whether half of the run's time is over must not depend on the kills.
                int outage = faults.outageSeconds();
                now = now.plusSeconds(script.newerAt() == Step.End ? outage : 1);
                state = RunStateJson.read(RunStateJson.write(state));
                world.reload();
                persist(new RunEvent.Resumed(now, state.progress().leaseEpoch() + 1));
            }
        }
    }

    private void oneStep(History.Script script) {
        // A run that waits for its environment for ever ends when somebody pushes the next commit.
        boolean unheard = state.step() == Step.AwaitApproval && script.word() == History.Word.NOTHING;
        boolean pushed = script.newerAt() == state.step() || state.progress().attempts() > 8 || unheard;
        if (pushed && state.report().newerCommit().isEmpty()) {
            persist(new RunEvent.NewerCommit(now, "newer"));
        }
        RunCommand command = RunMachine.command(state);
        checkIsBounded(command);
        now = now.plusSeconds(1);
        RunEvent event = world.execute(state, command, now);
        now = event.at();
        faults.mayKill();
        if (!faults.losesEvent()) {
            persist(event);
            if (faults.doublesEvent()) {
                persist(event);
            }
        }
        world.checkAlways();
    }

    private void persist(RunEvent event) {
        RunState before = state;
        state = RunMachine.next(before, event);
        observer.accept(before, state);
    }

    private void checkIsBounded(RunCommand command) {
        Instant latest = now.plus(RUN_LIMIT);
        boolean bounded = switch (command) {
            case RunCommand.ApplyWave apply -> apply.deadline().isBefore(latest);
            case RunCommand.AwaitHealth await -> await.deadline().isBefore(latest);
            case RunCommand.RunFailHooks hooks -> hooks.deadline().isBefore(latest);
            case RunCommand.Soak soak -> soak.until().isBefore(latest);
            case RunCommand.Wait wait -> wait.until().isBefore(latest);
            default -> true;
        };
        if (!bounded) {
            throw new AssertionError("a wait without a deadline: " + command);
        }
    }

    static boolean isBefore(Wave one, Wave other) {
        return one.compareTo(other) < 0;
    }
}
