package dev.orkestra.agent;

import dev.orkestra.apply.RunStore;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.run.Consent;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import dev.orkestra.source.Commit;
import java.time.InstantSource;
import java.util.Optional;

/** Begins the runs that nobody asks for with a ConfigRun. Those that people ask for: {@link RunRequests}. */
final class RunStarts {
    private final RunStore runs;
    private final RunDriver driver;
    private final RepoStatus status;
    private final InstantSource clock;

    RunStarts(RunStore runs, RunDriver driver, RepoStatus status, InstantSource clock) {
        this.runs = runs;
        this.driver = driver;
        this.status = status;
        this.clock = clock;
    }

    /**
     * The run of the commit that the ref names.
     *
     * @param newest the run before
     * @return empty when a person's request has taken its number and goes first
     */
    Optional<RunStore.Stored> ofHead(Look look, Optional<RunStore.Stored> newest, Commit head, Trigger trigger) {
        String sync = RunSignals.syncRequested(look.object());
        Consent consent = Consent.given(RunSignals.approvedPlan(look.object()), trigger == Trigger.SYNC ? sync : "");
        Optional<RunStore.Stored> created = create(look, newest, spec(look, head.id(), trigger, ""), consent);
        created.ifPresent(stored -> status.started(
                look.key(),
                stored.state().spec(),
                look.object(),
                head.id(),
                sync,
                look.repo().generation()));
        return created;
    }

    /**
     * The way back to last-good of an environment that nobody looks after ({@link dev.orkestra.run.Ledger#isAbandoned}).
     * Nothing is pinned by it: a newer commit takes over, and afterwards the ref is followed again.
     */
    Optional<RunStore.Stored> back(Look look, RunStore.Stored newest, LastGood to) {
        String why = "the environment was left half-way, and "
                + newest.state().spec().name() + " could not be run";
        Optional<RunStore.Stored> created =
                create(look, Optional.of(newest), spec(look, to.commit(), Trigger.ROLLBACK, why), Consent.NONE);
        created.ifPresent(stored -> status.started(
                look.key(),
                stored.state().spec(),
                look.object(),
                "",
                "",
                look.object()
                        .path("status")
                        .path("runGeneration")
                        .asLong(look.repo().generation())));
        return created;
    }

    private RunSpec spec(Look look, String commit, Trigger trigger, String reason) {
        ConfigRepo repo = look.repo();
        return new RunSpec(
                look.key().namespace(),
                look.key().name(),
                1,
                commit,
                trigger,
                clock.instant(),
                new RunSpec.Limits(repo.deadlines().wave(), repo.deadlines().run(), repo.soak()),
                "",
                reason);
    }

    private Optional<RunStore.Stored> create(
            Look look, Optional<RunStore.Stored> newest, RunSpec spec, Consent consent) {
        ConfigRepo repo = look.repo();
        return runs.create(
                number -> RunState.begin(
                        spec.numbered(number),
                        driver.epoch(),
                        consent,
                        RunState.Basis.of(repo),
                        RunState.Known.leftBy(newest.map(RunStore.Stored::state))),
                repo.label(),
                driver.environment(repo).ledger().newestRun());
    }
}
