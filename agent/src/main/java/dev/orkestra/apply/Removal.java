package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.desired.AllowRules;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.Commands;
import dev.orkestra.run.PruneDecision;
import dev.orkestra.run.PruneResult;
import dev.orkestra.run.PruneRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Deletes what the rules of pruning allow, and says why the rest stays. */
final class Removal {
    private final Cluster cluster;
    private final ConfigRepo repo;
    private final InstantSource clock;

    Removal(Cluster cluster, ConfigRepo repo, InstantSource clock) {
        this.cluster = cluster;
        this.repo = repo;
        this.clock = clock;
    }

    /**
     * What became of it.
     *
     * @param gone entries that the inventory can forget
     */
    record Result(PruneResult summary, List<ObjectKey> gone) {}

    /**
     * Removes what no commit since last-good wants.
     *
     * @param approved whether the run's plan, and so what it prunes, was approved
     */
    Result afterGood(Inventory inventory, DesiredState good, boolean approved) throws InterruptedException {
        Set<ObjectKey> wanted = keys(good);
        Seen seen = look(cluster, repo.label(), PruneRules.unwanted(inventory, wanted));
        return carryOut(
                PruneRules.afterGood(
                        inventory, wanted, seen.ours(), repo.prune(), approved, new AllowRules(repo)::allows),
                seen);
    }

    /** Removes what a failed commit brought and last-good does not have. */
    Result newSince(Inventory inventory, DesiredState failed, DesiredState lastGood, Instant runStartedAt)
            throws InterruptedException {
        Seen seen = look(cluster, repo.label(), PruneRules.brought(inventory, keys(failed), keys(lastGood)));
        return carryOut(PruneRules.newSince(inventory, keys(failed), keys(lastGood), seen.ours(), runStartedAt), seen);
    }

    private Result carryOut(PruneDecision decided, Seen seen) throws InterruptedException {
        PruneDecision decision = decided.within(new AllowRules(repo));
        List<ObjectKey> gone = new ArrayList<>(
                decision.forget().stream().map(InventoryEntry::key).toList());
        List<Diagnostic> findings = new ArrayList<>();
        switch (decision.kind()) {
            case DISABLED -> {
                findings.addAll(stays(decision, seen));
                return new Result(new PruneResult(PruneResult.Kind.DISABLED, 0, 0, findings), gone);
            }
            case OVER_BUDGET -> {
                findings.add(Diagnostic.warning(
                        ErrorCode.ApprovalRequired,
                        decision.unwanted() + " objects are not wanted any more, and the budget allows "
                                + decision.allowed() + ": nothing was deleted",
                        null,
                        "Check the commit. To let them go, " + Commands.approve(repo.namespace(), repo.name())));
                findings.addAll(stays(decision, seen));
                return new Result(
                        new PruneResult(PruneResult.Kind.OVER_BUDGET, 0, decision.unwanted(), findings), gone);
            }
            case DELETE -> {
                Remover.Result result = new Remover(cluster, repo.label(), clock)
                        .remove(decision.delete(), clock.instant().plus(deadline()));
                gone.addAll(result.gone());
                result.left()
                        .forEach((key, why) -> findings.add(Diagnostic.warning(
                                ErrorCode.DeadlineExceeded,
                                key + " is not gone: " + why,
                                null,
                                "It is tried again after the next good run, or with: "
                                        + Commands.sync(repo.namespace(), repo.name()))));
                findings.addAll(stays(decision, seen));
                PruneResult.Kind kind =
                        result.left().isEmpty() ? PruneResult.Kind.COMPLETE : PruneResult.Kind.INCOMPLETE;
                return new Result(
                        new PruneResult(
                                kind, result.gone().size(), result.left().size(), findings),
                        gone);
            }
        }
        throw new IllegalStateException("every kind returns");
    }

    private List<Diagnostic> stays(PruneDecision decision, Seen seen) {
        List<Diagnostic> stays = new ArrayList<>(foreign(seen));
        stays.addAll(kept(decision));
        return stays;
    }

    /** The inventory may name what was taken over since, or what somebody has put into it: no reason to delete it. */
    private static List<Diagnostic> foreign(Seen seen) {
        return seen.foreign().entrySet().stream()
                .map(each -> Diagnostic.warning(
                        ErrorCode.OwnedElsewhere,
                        each.getKey() + " stands in the inventory and stays, for it is not this ConfigRepo's: "
                                + each.getValue() + "; it is forgotten",
                        null,
                        ""))
                .toList();
    }

    /** What stays on purpose. It comes after what somebody has to act on: a condition shows the first few only. */
    private List<Diagnostic> kept(PruneDecision decision) {
        return decision.kept().stream()
                .map(kept -> Diagnostic.warning(
                        ErrorCode.ApprovalRequired,
                        kept.entry().key() + " is not wanted any more and stays: " + words(kept.reason()),
                        null,
                        kept.reason() == PruneDecision.Reason.NEEDS_APPROVAL
                                ? "To let it go, " + Commands.approve(repo.namespace(), repo.name())
                                : ""))
                .toList();
    }

    /** As long as a wave may take: removing one is the same work backwards. */
    private Duration deadline() {
        return repo.deadlines().wave();
    }

    /**
     * What is there of an inventory.
     *
     * @param ours what may be removed
     * @param foreign what may not, with whose it is
     */
    record Seen(Map<ObjectKey, ObjectNode> ours, Map<ObjectKey, String> foreign) {}

    /** What is there of {@code entries}: standing in the inventory does not make another's object ours. */
    static Seen look(Cluster cluster, String label, List<InventoryEntry> entries) {
        Map<ObjectKey, ObjectNode> live = new LiveObjects(cluster, label)
                .read(entries.stream()
                        .map(entry -> new LiveObjects.Wanted(entry.key(), entry.apiVersion()))
                        .toList());
        Map<ObjectKey, String> foreign = new TreeMap<>();
        for (InventoryEntry entry : entries) {
            ObjectNode object = live.get(entry.key());
            if (object != null && !Remover.isOurs(object, entry, label)) {
                live.remove(entry.key());
                if (!entry.isOnlyIntended()) {
                    foreign.put(entry.key(), whose(object, label));
                }
            }
        }
        return new Seen(live, foreign);
    }

    private static String whose(ObjectNode object, String label) {
        String owner =
                object.path("metadata").path("labels").path(Labels.CONFIG_REPO).asText("");
        if (owner.isEmpty()) {
            return "it does not carry the label " + Labels.CONFIG_REPO;
        }
        return owner.equals(label)
                ? "somebody else has made it anew"
                : "it belongs to the ConfigRepo " + owner.replaceFirst("\\.", "/");
    }

    private static String words(PruneDecision.Reason reason) {
        return switch (reason) {
            case NEEDS_APPROVAL -> "what hangs on it would go with it, so it is deleted only once that is approved";
            case SAYS_KEEP -> "its own annotation says so";
            case OLDER_THAN_RUN -> "it was there before the run";
            case NOT_ALLOWED -> "spec.allow does not list it any more";
        };
    }

    private static Set<ObjectKey> keys(DesiredState state) {
        return state.objects().stream().map(DesiredObject::key).collect(Collectors.toSet());
    }
}
