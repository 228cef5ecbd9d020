package dev.orkestra.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A cluster, an inventory and a ledger, that carry out commands and hold the properties of a run against them. */
final class World {
    private record Live(String version, Instant createdAt) {}

    private static final ConfigRepo.Prune BUDGET = new ConfigRepo.Prune(true, 20, 3);

    private final History history;
    private final Faults faults;
    private final TreeMap<ObjectKey, Live> live = new TreeMap<>();
    private final Map<String, History.Content> stored = new HashMap<>();
    private final Set<String> everHealthy = new HashSet<>();
    Inventory inventory = Inventory.EMPTY;
    Ledger ledger = Ledger.EMPTY;

    private final HookWorld hooks;
    private History.Script script;
    private final Set<Wave> healthyInRun = new HashSet<>();
    private final Set<ObjectKey> writtenInRun = new HashSet<>();
    private int attempt;

    World(History history, Faults faults) {
        this.history = history;
        this.faults = faults;
        this.script = history.runs().getFirst();
        this.hooks = new HookWorld(this, history, faults);
    }

    void beginRun(History.Script newScript) {
        script = newScript;
        healthyInRun.clear();
        hooks.beginRun();
        writtenInRun.clear();
    }

    /** What a new process reads of what the killed one wrote. */
    void reload() {
        ledger = LedgerJson.read(LedgerJson.write(ledger));
        inventory = InventoryJson.read(InventoryJson.write(inventory));
    }

    Map<ObjectKey, String> versions() {
        return live.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().version()));
    }

    Map<ObjectKey, Integer> hooksCreated() {
        return hooks.created();
    }

    private History.Content content() {
        return history.contents().get(script.content());
    }

    RunEvent execute(RunState state, RunCommand command, Instant at) {
        attempt = state.progress().attempts();
        if (script.troubledAt().contains(state.step()) && attempt < 2) {
            return new RunEvent.Troubled(at, trouble());
        }
        return switch (command) {
            case RunCommand.Compose _ -> compose(at);
            case RunCommand.StoreState(String digest) -> {
                stored.put(digest, content());
                yield new RunEvent.StateStored(at);
            }
            case RunCommand.MakePlan _ -> plan(state, at);
            case RunCommand.StoreIntent _ -> storeIntent(state, at);
            case RunCommand.ApplyWave apply -> apply(state, apply, at);
            case RunCommand.AwaitHealth await -> await(state, await, at);
            case RunCommand.Soak(Instant until) -> soak(state, until);
            case RunCommand.Wait(Instant until) -> new RunEvent.Waited(until);
            case RunCommand.RecordGood _ -> recordGood(state, at);
            case RunCommand.Prune _ -> prune(state, at);
            case RunCommand.RecordQuarantine(String reason) -> {
                ledger = ledger.quarantine(new Quarantined(
                        state.spec().commit(), state.digest(), state.spec().number(), reason, at));
                hooks.isQuarantined();
                yield new RunEvent.QuarantineRecorded(at);
            }
            case RunCommand.LoadLastGood(LastGood to) -> loadLastGood(to, at);
            case RunCommand.RemoveNew(LastGood to) -> removeNew(state, to, at);
            case RunCommand.RecordRollback(LastGood to, boolean whole) -> {
                ledger = ledger.rolledBack(to, whole);
                yield new RunEvent.RollbackRecorded(at);
            }
            case RunCommand.LiftQuarantine _ -> {
                ledger = ledger.lift(state.digest());
                yield new RunEvent.QuarantineLifted(at);
            }
            case RunCommand.Finish _ -> {
                ledger = ledger.finished(RunSummary.of(state, at));
                yield new RunEvent.Finished(at);
            }
            case RunCommand.RunFailHooks _ -> {
                hooks.runForFailure(state, content(), isDark());
                yield new RunEvent.FailHooksRan(at, List.of());
            }
            case RunCommand.AwaitApproval _ -> consent(state, at);
            case RunCommand.End _ -> throw new AssertionError("the end is not carried out");
        };
    }

    private RunEvent compose(Instant at) {
        History.Content content = content();
        return content.valid()
                ? new RunEvent.Composed(
                        at, content.digest(), content.waves(), content.items().size(), ledger.view(), List.of())
                : new RunEvent.Invalid(at, List.of(Diagnostic.error(ErrorCode.DependencyCycle, "a → a", null, "")));
    }

    private RunEvent plan(RunState state, Instant at) {
        List<Evidence> refused = content().items().values().stream()
                .filter(item -> behaviour(item.version()) == History.Behaviour.REFUSED_AT_PLAN)
                .map(item -> evidence(state, item, Evidence.Kind.REFUSED_INVALID))
                .toList();
        List<ObjectKey> unhealthy = content().items().keySet().stream()
                .filter(key -> script.brokenBefore().contains(key) && live.containsKey(key))
                .toList();
        return refused.isEmpty()
                ? new RunEvent.Planned(
                        at,
                        new PlanSummary(hash(script, attempt), 1, 2, 0, 3, 0),
                        unhealthy,
                        new Caution(script.needsApproval(), script.holds(), points()))
                : new RunEvent.PlanRefused(at, refused);
    }

    private List<PointOfNoReturn> points() {
        return content().items().values().stream()
                .filter(item -> script.noReturn().contains(item.key()) && !isApplied(item))
                .map(item -> PointOfNoReturn.ahead(item.wave(), item.key(), "a new storage version"))
                .toList();
    }

    /** Another one at each attempt, as each sees what the one before has changed. */
    private static String hash(History.Script script, int attempt) {
        return "sha256:plan-" + script.content() + "-" + attempt;
    }

    Consent consentBefore(History.Script newScript) {
        return switch (newScript.word()) {
            case BOUND -> Consent.given(hash(newScript, 0), "asked");
            case BOUND_TO_ANOTHER -> Consent.given("sha256:another", "asked");
            case APPROVES, APPROVES_ANOTHER, NOTHING -> Consent.NONE;
        };
    }

    private RunEvent consent(RunState state, Instant at) {
        check(script.needsApproval(), "waits for approval that nobody asked for");
        check(writtenInRun.isEmpty(), "waits for approval after it changed something");
        boolean another = script.word() == History.Word.APPROVES_ANOTHER
                && state.consent().hash().isEmpty();
        String hash = Objects.requireNonNull(state.report().plan()).hash();
        return new RunEvent.ConsentGiven(at, another ? "sha256:another" : hash, "");
    }

    private void checkIsApproved(RunState state) {
        Consent consent = state.consent();
        boolean goesBack = state.spec().isRollback()
                && ledger.lastGood() != null
                && state.digest().equals(ledger.lastGood().digest());
        check(!script.needsApproval() || goesBack || consent.isGranted(), "changes something without approval");
        check(!consent.bound() || consent.isGranted(), "is bound to a plan and carries out another");
        check(!consent.isGranted() || !consent.hash().equals("sha256:another"), "another plan was approved");
    }

    private RunEvent storeIntent(RunState state, Instant at) {
        checkIsApproved(state);
        check(!ledger.isQuarantined(state.digest()) || mayRunAgain(state), "quarantined content is about to be run");
        List<InventoryEntry> intended = content().items().values().stream()
                .filter(item -> inventory.get(item.key()).isEmpty())
                .map(item -> InventoryEntry.intended(item.key(), "v1", item.wave()))
                .toList();
        inventory = inventory.with(intended);
        hooks.storeIntent(state, content());
        faults.mayKill();
        ledger = ledger.unsettled();
        return new RunEvent.IntentStored(at);
    }

    private boolean mayRunAgain(RunState state) {
        return state.spec().trigger() == Trigger.RETRY;
    }

    private RunEvent apply(RunState state, RunCommand.ApplyWave command, Instant at) {
        History.Content content = contentOf(state, command.direction());
        checkMayApply(state, command, content);
        List<Evidence> refused = new ArrayList<>();
        for (History.Item item : content.in(command.wave())) {
            faults.mayKill();
            if (hasApiTrouble(command.direction())) {
                refused.add(evidence(state, item, Evidence.Kind.UNAVAILABLE));
                continue;
            }
            switch (behaviour(item.version())) {
                case REFUSED_AT_PLAN, REFUSED_AT_APPLY ->
                    refused.add(evidence(state, item, Evidence.Kind.REFUSED_INVALID));
                case FORBIDDEN_AT_APPLY -> refused.add(evidence(state, item, Evidence.Kind.REFUSED_FORBIDDEN));
                case HEALTHY, UNHEALTHY, NEVER_HEALTHY -> {
                    Live before = live.get(item.key());
                    if (command.direction() == Direction.FORWARD
                            && (before == null || !before.version().equals(item.version()))) {
                        writtenInRun.add(item.key());
                    }
                    live.put(item.key(), new Live(item.version(), before == null ? at : before.createdAt()));
                    checkAlways();
                }
            }
        }
        inventory = inventory.with(content.in(command.wave()).stream()
                .map(item -> new InventoryEntry(item.key(), "v1", item.wave(), item.version(), "", "uid"))
                .toList());
        List<HookInstance> wanted = HookWorld.inWave(content, state, command.direction(), command.wave());
        if (hasApiTrouble(command.direction())) {
            wanted.forEach(each -> refused.add(evidence(each, Evidence.Kind.UNAVAILABLE)));
        } else if (refused.isEmpty()) {
            hooks.start(state, wanted).forEach(each -> refused.add(evidence(each, Evidence.Kind.REFUSED_INVALID)));
        }
        return refused.isEmpty()
                ? new RunEvent.WaveApplied(at, command.direction(), command.wave())
                : new RunEvent.WaveRefused(at, command.direction(), command.wave(), refused);
    }

    private boolean hasApiTrouble(Direction direction) {
        return script.apiTrouble() == History.NO_WAY_BACK
                ? direction == Direction.ROLLBACK
                : attempt < script.apiTrouble();
    }

    private void checkMayApply(RunState state, RunCommand.ApplyWave command, History.Content content) {
        if (command.direction() == Direction.FORWARD) {
            hooks.reaches(command.wave());
            check(!ledger.isQuarantined(state.digest()) || mayRunAgain(state), "quarantined content is applied");
            checkIsApproved(state);
        } else {
            check(ledger.isQuarantined(state.digest()), "the rollback begins before the verdict is recorded");
            hooks.checkNoneAtWork(state, content());
        }
        check(ledger.settledDigest().isEmpty(), "the cluster is changed while the ledger calls it settled");
        for (Wave earlier : content.waves(command.direction())) {
            if (Life.isBefore(earlier, command.wave())) {
                boolean healthy = healthyInRun.contains(marked(command.direction(), earlier));
                check(healthy, "%s is applied before %s is healthy", command.wave(), earlier);
            }
        }
    }

    /** Waves of the two directions are told apart by a layer that no content uses. */
    private static Wave marked(Direction direction, Wave wave) {
        return direction == Direction.FORWARD ? wave : new Wave(wave.layer() + 100, wave.phase(), wave.number());
    }

    private RunEvent await(RunState state, RunCommand.AwaitHealth command, Instant at) {
        List<Evidence> terminal = new ArrayList<>();
        List<Evidence> late = new ArrayList<>();
        for (History.Item item : contentOf(state, command.direction()).in(command.wave())) {
            check(isApplied(item), "awaits what was not applied");
            if (behaviour(item.version()) == History.Behaviour.UNHEALTHY) {
                terminal.add(evidence(state, item, Evidence.Kind.UNHEALTHY));
            } else if (!isHealthy(item)) {
                late.add(evidence(state, item, Evidence.Kind.DEADLINE));
            }
        }
        faults.mayKill();
        hooks.await(
                        HookWorld.inWave(
                                contentOf(state, command.direction()), state, command.direction(), command.wave()),
                        isDark())
                .forEach((hook, failed) -> {
                    if (failed) {
                        terminal.add(evidence(hook, Evidence.Kind.UNHEALTHY));
                    } else {
                        late.add(evidence(hook, Evidence.Kind.DEADLINE));
                    }
                });
        if (!terminal.isEmpty()) {
            return new RunEvent.WaveFailed(at, command.direction(), command.wave(), terminal);
        }
        if (!late.isEmpty() && command.yieldsFrom().isPresent() && !isInFlight(late)) {
            Instant from = command.yieldsFrom().get();
            return new RunEvent.SafePoint(at.isAfter(from) ? at : from, command.direction(), command.wave());
        }
        if (!late.isEmpty()) {
            Instant end = at.isAfter(command.deadline()) ? at : command.deadline();
            return new RunEvent.DeadlinePassed(end, command.direction(), command.wave(), late);
        }
        healthyInRun.add(marked(command.direction(), command.wave()));
        return new RunEvent.WaveHealthy(takes(state, at), command.direction(), command.wave());
    }

    private Instant takes(RunState state, Instant at) {
        Instant deadline = state.deadline();
        Instant late = deadline == null ? at : deadline.minusSeconds(300);
        return script.slow() && !state.isBackwards() && late.isAfter(at) ? late : at;
    }

    private static boolean isInFlight(List<Evidence> late) {
        return late.stream()
                .map(Evidence::object)
                .anyMatch(key -> History.HOOKS.stream()
                                .anyMatch(hook -> key != null && hook.kind().equals(key.kind()))
                        || (key != null && key.kind().equals("ApplicationGroup")));
    }

    private boolean isHealthy(History.Item item) {
        boolean stillBroken = script.brokenBefore().contains(item.key()) && attempt < 2;
        return behaviour(item.version()) == History.Behaviour.HEALTHY && !isDark() && !stillBroken;
    }

    private boolean isDark() {
        return script.dark() && attempt < 3;
    }

    private RunEvent soak(RunState state, Instant until) {
        if (script.soakFails() && attempt < 2 && !content().items().isEmpty()) {
            History.Item item = content().items().values().iterator().next();
            return new RunEvent.SoakFailed(
                    until, List.of(new Evidence(item.key(), Evidence.Kind.UNHEALTHY, before(state, item), false, "")));
        }
        return new RunEvent.Soaked(until);
    }

    private RunEvent recordGood(RunState state, Instant at) {
        LastGood lastGood = ledger.lastGood();
        boolean known = lastGood != null && lastGood.digest().equals(state.digest());
        for (History.Item item : content().items().values()) {
            check(isApplied(item), "good, but %s is not applied", item);
            check(known || isHealthy(item), "good, but %s is not healthy", item);
            check(known || healthyInRun.contains(item.wave()), "good, but wave %s was not awaited", item.wave());
        }
        if (!state.waves().isEmpty()) {
            content()
                    .waves()
                    .forEach(wave -> hooks.checkDone(HookWorld.inWave(content(), state, Direction.FORWARD, wave)));
        }
        ledger = ledger.good(new LastGood(state.spec().commit(), state.spec().number(), state.digest()));
        everHealthy.add(state.digest());
        return new RunEvent.GoodRecorded(at);
    }

    private RunEvent prune(RunState state, Instant at) {
        LastGood lastGood = ledger.lastGood();
        check(lastGood != null && lastGood.digest().equals(state.digest()), "pruned before last-good moved");
        hooks.tidy(state, content());
        Set<ObjectKey> wanted = content().items().keySet();
        boolean approved = state.consent().isGranted();
        PruneDecision decision = PruneRules.afterGood(inventory, wanted, liveObjects(), BUDGET, approved, _ -> true);
        return new RunEvent.Pruned(at, delete(decision, approved));
    }

    private RunEvent loadLastGood(LastGood to, Instant at) {
        boolean passed = script.noReturn().stream().anyMatch(writtenInRun::contains);
        check(!script.holds() || !passed, "goes back though a point of no return is passed");
        check(everHealthy.contains(to.digest()), "rolls back to what was never good");
        return script.stateLost()
                ? new RunEvent.NoLastGood(at, trouble())
                : new RunEvent.LastGoodLoaded(at, stored(to.digest()).waves(Direction.ROLLBACK));
    }

    private RunEvent removeNew(RunState state, LastGood to, Instant at) {
        Set<ObjectKey> wanted = stored(to.digest()).items().keySet();
        PruneDecision decision = PruneRules.newSince(
                inventory,
                content().items().keySet(),
                wanted,
                liveObjects(),
                state.spec().startedAt());
        decision.delete().forEach(entry -> check(!wanted.contains(entry.key()), "deletes what last-good wants"));
        return new RunEvent.Removed(at, delete(decision, false));
    }

    private PruneResult delete(PruneDecision decision, boolean approved) {
        InventoryEntry before = null;
        for (InventoryEntry entry : decision.delete()) {
            faults.mayKill();
            check(approved || !PruneRules.needsApproval(entry.key()), "deletes %s without approval", entry.key());
            check(before == null || !Life.isBefore(before.wave(), entry.wave()), "deletes in forward order");
            before = entry;
            if (!script.stuck()) {
                live.remove(entry.key());
                checkAlways();
                inventory = inventory.without(Set.of(entry.key()));
            }
        }
        inventory = inventory.without(
                decision.forget().stream().map(InventoryEntry::key).toList());
        boolean stuck = script.stuck() && !decision.delete().isEmpty();
        PruneResult.Kind kind = switch (decision.kind()) {
            case DELETE -> stuck ? PruneResult.Kind.INCOMPLETE : PruneResult.Kind.COMPLETE;
            case OVER_BUDGET -> PruneResult.Kind.OVER_BUDGET;
            case DISABLED -> PruneResult.Kind.DISABLED;
        };
        return new PruneResult(kind, 0, 0, List.of());
    }

    private Map<ObjectKey, ObjectNode> liveObjects() {
        Map<ObjectKey, ObjectNode> objects = new HashMap<>();
        live.forEach((key, object) -> {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.putObject("metadata")
                    .put("creationTimestamp", object.createdAt().toString());
            objects.put(key, node);
        });
        return objects;
    }

    private History.Content contentOf(RunState state, Direction direction) {
        RunState.Rollback back = state.rollback();
        return direction == Direction.ROLLBACK && back != null
                ? stored(back.to().digest())
                : content();
    }

    private History.Content stored(String digest) {
        return Objects.requireNonNull(stored.get(digest), () -> "the state of " + digest + " was not stored");
    }

    private boolean isApplied(History.Item item) {
        Live object = live.get(item.key());
        return object != null && object.version().equals(item.version());
    }

    private History.Behaviour behaviour(String version) {
        return Objects.requireNonNull(history.behaviours().get(version));
    }

    private Evidence evidence(RunState state, History.Item item, Evidence.Kind kind) {
        return new Evidence(item.key(), kind, before(state, item), isChanged(item), item.version());
    }

    private Evidence evidence(HookInstance hook, Evidence.Kind kind) {
        Optional<String> was = Optional.ofNullable(ledger.lastGood()).stream()
                .flatMap(lastGood -> stored(lastGood.digest()).hooks().stream())
                .filter(each -> each.key().equals(hook.hook().key())
                        && each.wave().phase() == hook.hook().wave().phase())
                .map(Hook::digest)
                .findFirst();
        return new Evidence(
                hook.key(),
                kind,
                was.isPresent() ? Evidence.Before.HEALTHY : Evidence.Before.ABSENT,
                !was.equals(Optional.of(hook.hook().digest())),
                hook.hook().digest());
    }

    private Evidence.Before before(RunState state, History.Item item) {
        return state.before(item.key(), lastGoodItem(item.key()).isPresent());
    }

    private boolean isChanged(History.Item item) {
        return !Optional.of(item).equals(lastGoodItem(item.key()));
    }

    private Optional<History.Item> lastGoodItem(ObjectKey key) {
        return Optional.ofNullable(ledger.lastGood())
                .map(lastGood -> stored(lastGood.digest()).items().get(key));
    }

    private static Diagnostic trouble() {
        return Diagnostic.error(ErrorCode.ClusterUnreachable, "no answer", null, "");
    }

    /** No orphan: whatever the agent created stands in the inventory. */
    void checkAlways() {
        for (ObjectKey key : live.keySet()) {
            check(inventory.entries().containsKey(key), "%s is an orphan", key);
        }
        hooks.checkAlways();
    }

    /** What the ledger says of the cluster when no run is under way. */
    void checkAtRest(RunState state) {
        check(state.phase().isFinal(), "ends in %s", state.phase());
        if (content().valid()) {
            hooks.checkAtRest(state, content());
        }
        LastGood lastGood = ledger.lastGood();
        if (state.phase() == Phase.Good || state.phase() == Phase.RolledBack) {
            check(lastGood != null, "good without last-good");
        }
        RunState.Judgement judgement = state.judgement();
        if (state.phase() == Phase.RollbackFailed && judgement != null) {
            boolean blamed = judgement.verdict() == Verdict.COMMIT || script.stateLost();
            check(blamed == ledger.isQuarantined(state.digest()), "the quarantine does not fit the verdict");
        }
        PruneResult removed = state.report().removed();
        if (removed != null && removed.kind() == PruneResult.Kind.INCOMPLETE) {
            check(ledger.settledDigest().isEmpty(), "settled, though not all of the failed commit is gone");
        }
        if (ledger.settledDigest().isEmpty()) {
            return;
        }
        check(lastGood != null && lastGood.digest().equals(ledger.settledDigest()), "settled on something else");
        stored(ledger.settledDigest())
                .items()
                .forEach((_, item) -> check(isApplied(item), "settled, but %s is not there", item));
    }

    static void check(boolean holds, String broken, Object... what) {
        if (!holds) {
            throw new AssertionError(broken.formatted(what));
        }
    }
}
