package dev.orkestra.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.AllowRules;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.FieldChange;
import dev.orkestra.plan.FieldOwners;
import dev.orkestra.plan.FieldPath;
import dev.orkestra.plan.IgnoredFields;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.OwnedFields;
import dev.orkestra.plan.Ownership;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Looks at one object that seems to differ, and puts it right where that is wanted. At most three requests. */
final class Correction {
    private final Cluster cluster;
    private final ConfigRepo repo;
    private final Function<ObjectNode, String> digest;
    private final Runnable fence;
    private final Gate gate;
    private final LeavingNamespaces namespaces;
    private final boolean onlyReport;
    private final AllowRules allow;
    private final Instant now;

    /** Says whether an object may be put right now. */
    @FunctionalInterface
    interface Gate extends BiFunction<ObjectKey, String, Optional<Instant>> {}

    /**
     * @param cluster seen with the environment's identity
     * @param digest from a live object to the digest of the fields that are ours
     * @param fence throws when this process must not write any more
     * @param gate from an object and the manager that changed it to the time until which it is left alone
     * @param onlyReport whether nothing is put right, whatever the ConfigRepo says
     */
    Correction(
            Cluster cluster,
            ConfigRepo repo,
            Function<ObjectNode, String> digest,
            Runnable fence,
            Gate gate,
            LeavingNamespaces namespaces,
            boolean onlyReport,
            Instant now) {
        this.cluster = cluster;
        this.repo = repo;
        this.digest = digest;
        this.fence = fence;
        this.gate = gate;
        this.namespaces = namespaces;
        this.onlyReport = onlyReport || repo.policies().drift() == ConfigRepo.Drift.REPORT;
        this.allow = new AllowRules(repo);
        this.now = now;
    }

    /** What a look at an object found, and led to. */
    sealed interface Result {
        /** It is as the inventory says. */
        record Fine() implements Result {}

        /** It is as it was applied, but the inventory says otherwise: a crash, or another rule of what is ours. */
        record Noted(InventoryEntry entry) implements Result {}

        /** It was put right. */
        record Corrected(Drift was, InventoryEntry entry) implements Result {}

        /** It is left as it is. */
        record Left(Drift drift) implements Result {}
    }

    /** @throws ClusterException where the API server could not be asked at all */
    Result look(InventoryEntry entry, DesiredObject wanted) {
        try {
            ResourceType type =
                    cluster.resourceType(entry.apiVersion(), entry.key().kind());
            Optional<ObjectNode> live =
                    cluster.get(type, entry.key().namespace(), entry.key().name());
            return live.isPresent() ? differs(entry, wanted, type, live.get()) : gone(entry, wanted, type);
        } catch (ClusterException e) {
            if (e.isTransient() || e.reason() == ClusterException.Reason.UNAUTHENTICATED) {
                throw e;
            }
            return refused(drift(entry.key(), Drift.Reason.Refused, "", List.of(), ""), e);
        }
    }

    private Result gone(InventoryEntry entry, DesiredObject wanted, ResourceType type) {
        Drift drift = drift(
                entry.key(), Drift.Reason.Gone, "it was deleted, by whom the API server does not tell", List.of(), "");
        // Without force: somebody may have made it in between, and then its fields are not ours.
        return correct(drift, wanted, type, wanted.body(), Ownership.mayForce(repo, wanted, null, Inventory.EMPTY));
    }

    private Result differs(InventoryEntry entry, DesiredObject wanted, ResourceType type, ObjectNode live) {
        boolean same = live.path("metadata").path("uid").asText().equals(entry.uid());
        if (live.path("metadata").hasNonNull("deletionTimestamp")) {
            return new Result.Left(drift(
                    entry.key(),
                    Drift.Reason.BeingDeleted,
                    "its deletion was asked for, and finalizers or children hold it: "
                            + String.join(", ", DriftText.finalizers(live)),
                    List.of(),
                    ""));
        }
        Optional<Diagnostic> foreign = same ? taken(live) : refusal(wanted, live);
        if (foreign.isPresent()) {
            Diagnostic why = foreign.get();
            return new Result.Left(
                    drift(entry.key(), Drift.Reason.Replaced, why.message() + ": " + why.hint(), List.of(), ""));
        }
        if (same && digest.apply(live).equals(entry.ownedDigest())) {
            return new Result.Fine();
        }
        boolean force = same || Ownership.mayForce(repo, wanted, live, Inventory.EMPTY);
        return compare(entry, wanted, type, live, force);
    }

    /** Another object under the same name: that the inventory has the name makes it no more ours than at a first apply. */
    private Optional<Diagnostic> refusal(DesiredObject wanted, ObjectNode live) {
        return Ownership.refusal(repo, wanted, live, Inventory.EMPTY);
    }

    /** The object that we applied, with the label of another ConfigRepo. */
    private Optional<Diagnostic> taken(ObjectNode live) {
        String label =
                live.path("metadata").path("labels").path(ConfigRepo.LABEL).asText("");
        return label.isEmpty() || label.equals(repo.label())
                ? Optional.empty()
                : Optional.of(Diagnostic.error(
                        ErrorCode.OwnedElsewhere,
                        "it belongs to the ConfigRepo " + label.replaceFirst("\\.", "/") + " now",
                        null,
                        "remove it from one of the two repositories"));
    }

    /**
     * Fields that were ours at the last apply are taken back by force; from an object that somebody else made under the
     * same name nothing is taken.
     */
    private Result compare(
            InventoryEntry entry, DesiredObject wanted, ResourceType type, ObjectNode live, boolean force) {
        IgnoredFields ignored = IgnoredFields.of(repo, entry.key());
        ObjectNode body = ignored.toApply(wanted.body(), live);
        ObjectNode asWanted;
        try {
            asWanted = cluster.apply(type, body, options(force).asDryRun());
        } catch (ClusterException e) {
            if (e.isTransient()) {
                throw e;
            }
            Drift drift = drift(
                    entry.key(),
                    Drift.Reason.Changed,
                    "it differs from what was applied",
                    List.of(),
                    FieldOwners.changed(live, List.of(), OwnedFields.MANAGER)
                            .map(FieldOwners.Owner::manager)
                            .orElse(""));
            return refused(drift, e);
        }
        List<FieldPath> paths = OwnedFields.changes(live, asWanted, OwnedFields.MANAGER, ignored).stream()
                .map(FieldChange::path)
                .toList();
        if (paths.isEmpty() && OwnedFields.sameOwnership(live, asWanted, OwnedFields.MANAGER, ignored)) {
            return new Result.Noted(entry(wanted, live));
        }
        Optional<FieldOwners.Owner> owner = FieldOwners.changed(live, paths, OwnedFields.MANAGER);
        Drift drift = drift(
                entry.key(),
                Drift.Reason.Changed,
                DriftText.changed(paths, owner),
                paths.stream().map(FieldPath::toString).toList(),
                owner.map(FieldOwners.Owner::manager).orElse(""));
        return correct(drift, wanted, type, body, force);
    }

    private Result correct(Drift drift, DesiredObject wanted, ResourceType type, ObjectNode body, boolean force) {
        if (onlyReport) {
            return new Result.Left(drift);
        }
        if (!allow.allows(drift.object())) {
            return new Result.Left(drift.because(
                    Drift.Reason.Refused,
                    drift.message() + "; it is not put right, since spec.allow does not name its kind or namespace",
                    null));
        }
        Optional<Instant> until = gate.apply(drift.object(), drift.manager());
        if (until.isPresent()) {
            return new Result.Left(drift.because(Drift.Reason.Fight, DriftText.fight(drift, until.get()), until.get()));
        }
        fence.run();
        try {
            return new Result.Corrected(drift, entry(wanted, cluster.apply(type, body, options(force))));
        } catch (ClusterException e) {
            if (e.isTransient()) {
                throw e;
            }
            return refused(drift, e);
        }
    }

    private Result refused(Drift drift, ClusterException why) {
        if (namespaces.isSaidBy(why, drift.object().namespace(), now)) {
            return new Result.Left(LeavingNamespaces.drift(drift.object(), now));
        }
        return new Result.Left(drift.because(Drift.Reason.Refused, DriftText.refused(drift, why), null));
    }

    private static ApplyOptions options(boolean force) {
        ApplyOptions options = ApplyOptions.of(OwnedFields.MANAGER);
        return force ? options.forced() : options;
    }

    private InventoryEntry entry(DesiredObject wanted, ObjectNode live) {
        return new InventoryEntry(
                wanted.key(),
                wanted.apiVersion(),
                wanted.wave(),
                wanted.digest(),
                digest.apply(live),
                live.path("metadata").path("uid").asText());
    }

    private Drift drift(ObjectKey key, Drift.Reason reason, String message, List<String> fields, String manager) {
        return new Drift(key, reason, message, fields, manager, now, null);
    }
}
