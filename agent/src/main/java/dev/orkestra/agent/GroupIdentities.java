package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.Labels;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.release.Identities;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A group speaks with the voice of the ConfigRepo that applied it. Its label alone is no proof, since whoever may write
 * groups may write labels: the ConfigRepo's own inventory must hold the group (DESIGN.md §5, "Identity").
 */
final class GroupIdentities implements Identities {
    private static final ResourceType GROUPS = new ResourceType(
            "orkestra.azure.microsoft.com", "v1alpha1", "ApplicationGroup", "applicationgroups", false);

    /**
     * How long an answer is believed: each step and each release of a group asks, and asking is three requests. A group
     * that loses its ConfigRepo keeps its voice that much longer; a denial is never remembered.
     */
    private static final Duration BELIEVED = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Function<String, Optional<ConfigRepo>> byLabel;
    private final Function<ConfigRepo, Predicate<ObjectKey>> inventory;
    private final Optional<Identity> standIn;
    private final InstantSource clock;
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Identity identity, Instant until) {}

    /**
     * @param byLabel the ConfigRepo of a label value
     * @param inventory what a ConfigRepo has applied, or is about to
     * @param standIn who answers for groups that were applied by hand, in clusters of a single tenant
     */
    GroupIdentities(
            Cluster cluster,
            Function<String, Optional<ConfigRepo>> byLabel,
            Function<ConfigRepo, Predicate<ObjectKey>> inventory,
            Optional<Identity> standIn,
            InstantSource clock) {
        this.cluster = cluster;
        this.byLabel = byLabel;
        this.inventory = inventory;
        this.standIn = standIn;
        this.clock = clock;
    }

    @Override
    public Outcome<Identity> ofGroup(String group) {
        Known before = known.get(group);
        if (before != null && clock.instant().isBefore(before.until)) {
            return Outcome.done(before.identity);
        }
        Outcome<Identity> answer = asked(group);
        if (answer instanceof Outcome.Done<Identity>(Identity identity)) {
            known.put(group, new Known(identity, clock.instant().plus(BELIEVED)));
        } else {
            known.remove(group);
        }
        return answer;
    }

    private Outcome<Identity> asked(String group) {
        Optional<ObjectNode> object = cluster.get(GROUPS, "", group);
        if (object.isEmpty()) {
            return denied("the ApplicationGroup " + group + " does not exist");
        }
        String label = object.get()
                .path("metadata")
                .path("labels")
                .path(Labels.CONFIG_REPO)
                .asText();
        if (label.isEmpty()) {
            return standIn.<Outcome<Identity>>map(Outcome::done)
                    .orElseGet(() -> denied("the ApplicationGroup " + group + " was not applied by a ConfigRepo"));
        }
        Optional<ConfigRepo> repo = byLabel.apply(label);
        if (repo.isEmpty()) {
            return denied("the ConfigRepo " + label + ", which applied the ApplicationGroup " + group + ", is gone");
        }
        ObjectKey key = new ObjectKey(GROUPS.group(), GROUPS.kind(), "", group);
        if (!inventory.apply(repo.get()).test(key)) {
            return denied("the ApplicationGroup " + group + " says that " + label
                    + " applied it, but that one's inventory does not hold it");
        }
        return Outcome.done(new Identity(repo.get().namespace(), repo.get().serviceAccountName()));
    }

    private static Outcome<Identity> denied(String message) {
        return Outcome.terminal(Diagnostic.error(
                ErrorCode.NoIdentity,
                message,
                null,
                "Put the group into a layer of a ConfigRepo: its service account then answers for it"));
    }
}
