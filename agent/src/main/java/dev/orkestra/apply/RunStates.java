package dev.orkestra.apply;

import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.run.AskedRun;
import dev.orkestra.run.Direction;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.RunState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The desired states that one run works with: its own, and last-good's. Each is loaded from what is kept when this
 * process did not see it come.
 */
final class RunStates {
    private final EnvironmentStore store;
    private final RunExecutor.Composer composer;
    private Optional<DesiredState> desired = Optional.empty();
    private Optional<DesiredState> lastGood = Optional.empty();

    RunStates(EnvironmentStore store, RunExecutor.Composer composer) {
        this.store = store;
        this.composer = composer;
    }

    /** The run's commit was composed by this process. */
    void composed(DesiredState state) {
        desired = Optional.of(state);
    }

    /**
     * What the run's commit wants. One that is gone back to is as it was when it was good, while that is kept: neither
     * Git nor the spec of today has a say in it.
     */
    RunExecutor.Composition compose(Environment environment, RunState state) {
        return kept(environment, state)
                .map(good -> new RunExecutor.Composition(Optional.of(good), List.of()))
                .orElseGet(() -> composer.compose(state.spec().commit()));
    }

    private Optional<DesiredState> kept(Environment environment, RunState state) {
        return state.spec().isRollback()
                ? AskedRun.goodDigests(environment.ledger(), state.spec().commit()).stream()
                        .filter(digest -> environment.states().containsKey(digest)
                                && !environment.ledger().isQuarantined(digest))
                        .findFirst()
                        .flatMap(digest -> store.state(environment, digest))
                : Optional.empty();
    }

    /** {@code whole} as the run carries it out: one that goes back runs few of the hooks. */
    static DesiredState carriedOut(DesiredState whole, RunState state) {
        return state.spec().isRollback() ? whole.forRollback() : whole;
    }

    /** The run's own state, as it is carried out. */
    DesiredState ofRun(Environment environment, RunState state) {
        return carriedOut(whole(environment, state), state);
    }

    /**
     * The run's own state, as it is kept: composed by this process, or kept by the one before.
     *
     * @throws PassingTrouble when it has to be composed again and that cannot be done now
     */
    DesiredState whole(Environment environment, RunState state) {
        if (desired.isEmpty()) {
            desired = store.state(environment, state.digest());
        }
        if (desired.isEmpty() && state.digest().isEmpty()) {
            throw new IllegalStateException("the commit is not composed yet");
        }
        if (desired.isEmpty()) {
            // StoreState itself is repeated after a crash: nothing is kept yet, and the commit gives the same again.
            RunExecutor.Composition again = compose(environment, state);
            if (again.state().isEmpty()) {
                PassingTrouble.in(again.findings()).ifPresent(reason -> {
                    throw new PassingTrouble(reason);
                });
            }
            // A run that the version before has begun knows its content by the digest without a key.
            desired = again.state().stream()
                    .flatMap(composed -> Stream.of(composed, store.recorded(environment, composed)))
                    .filter(composed -> composed.digest().equals(state.digest()))
                    .findFirst();
        }
        return desired.orElseThrow(() -> new DamagedException("the state of the running commit is not kept"));
    }

    /** What {@code good} wants; empty without one, or when its state is not kept. */
    Optional<DesiredState> lastGood(Environment environment, @Nullable LastGood good) {
        if (good == null) {
            return Optional.empty();
        }
        if (lastGood.filter(known -> known.digest().equals(good.digest())).isEmpty()) {
            lastGood = store.state(environment, good.digest());
        }
        return lastGood;
    }

    /** What the ledger's last-good wants, which may be what this run has just made good. */
    DesiredState kept(Environment environment) {
        LastGood good = environment.ledger().lastGood();
        return Optional.ofNullable(good)
                .flatMap(known -> desired.filter(state -> state.digest().equals(known.digest()))
                        .or(() -> store.state(environment, known.digest())))
                .orElseThrow(() -> new DamagedException("the state of last-good is not kept"));
    }

    /** What is applied in {@code direction}. */
    DesiredState target(Environment environment, Direction direction, RunState state) {
        return switch (direction) {
            case FORWARD -> ofRun(environment, state);
            case ROLLBACK -> {
                RunState.Rollback rollback = state.rollback();
                yield lastGood(environment, rollback == null ? null : rollback.to())
                        .orElseThrow(() -> new DamagedException("the state of last-good is not kept"));
            }
        };
    }
}
