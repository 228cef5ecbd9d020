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
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A group speaks with the voice of the ConfigRepo that applied it. Its label alone is no proof, since whoever may write
 * groups may write labels: the ConfigRepo's own inventory must hold the group (DESIGN.md §5, "Identity").
 */
final class GroupIdentities implements Identities {
    private static final ResourceType GROUPS = new ResourceType(
            "orkestra.azure.microsoft.com", "v1alpha1", "ApplicationGroup", "applicationgroups", false);

    private final Cluster cluster;
    private final Function<String, Optional<ConfigRepo>> byLabel;
    private final Function<ConfigRepo, Predicate<ObjectKey>> inventory;
    private final Optional<Identity> standIn;

    /**
     * @param byLabel the ConfigRepo of a label value
     * @param inventory what a ConfigRepo has applied, or is about to
     * @param standIn who answers for groups that were applied by hand, in clusters of a single tenant
     */
    GroupIdentities(
            Cluster cluster,
            Function<String, Optional<ConfigRepo>> byLabel,
            Function<ConfigRepo, Predicate<ObjectKey>> inventory,
            Optional<Identity> standIn) {
        this.cluster = cluster;
        this.byLabel = byLabel;
        this.inventory = inventory;
        this.standIn = standIn;
    }

    @Override
    public Outcome<Identity> ofGroup(String group) {
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
