package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.Labels;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.testing.Testbed;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupIdentitiesIT {
    private static final ResourceType GROUPS = new ResourceType(
            "orkestra.azure.microsoft.com", "v1alpha1", "ApplicationGroup", "applicationgroups", false);
    private static final String GROUP = "group-identities-it";
    private static final ObjectKey KEY = new ObjectKey(GROUPS.group(), GROUPS.kind(), "", GROUP);

    private Optional<Identity> standIn = Optional.empty();
    private Instant now = Instant.EPOCH;
    private final KubeCluster cluster =
            KubeCluster.connect(new ClusterRef.Kubeconfig(Testbed.shared().adminKubeconfig(), ""), Settings.standard());

    @BeforeEach
    void serveGroups() throws Exception {
        ObjectNode crd = Groups.json(Files.readString(
                Testbed.root().resolve("schemas/crds/orkestra.azure.microsoft.com_applicationgroups.yaml")));
        ResourceType crds = cluster.resourceType("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        String name = crd.path("metadata").path("name").asText();
        if (cluster.get(crds, "", name).isEmpty()) {
            cluster.apply(crds, crd, ApplyOptions.of("agent-it"));
        }
        Semaphore changes = new Semaphore(0);
        try (WatchCache watch = cluster.watch(crds, "", "", (change, object) -> changes.release())) {
            while (watch.get("", name).filter(GroupIdentitiesIT::isEstablished).isEmpty()) {
                assertThat(changes.tryAcquire(30, TimeUnit.SECONDS))
                        .as("the kind is served")
                        .isTrue();
            }
        }
    }

    @AfterEach
    void removeGroup() {
        cluster.delete(GROUPS, "", GROUP, "");
        cluster.close();
    }

    @Test
    void aGroupSpeaksAsTheServiceAccountOfTheConfigRepoThatAppliedIt() {
        group(", 'labels': {'" + Labels.CONFIG_REPO + "': 'team-a.staging'}");

        assertThat(identities(Set.of(KEY)).ofGroup(GROUP)).isEqualTo(Outcome.done(new Identity("team-a", "deployer")));
    }

    @Test
    void aLabelThatTheInventoryDoesNotConfirmIsNoProof() {
        group(", 'labels': {'" + Labels.CONFIG_REPO + "': 'team-a.staging'}");

        assertDenied(identities(Set.of()), "team-a.staging", "inventory does not hold it");
        assertDenied(
                identities(Set.of(new ObjectKey(GROUPS.group(), GROUPS.kind(), "", "another"))),
                "inventory does not hold it");
        assertDenied(
                identities(Set.of(new ObjectKey("example.com", GROUPS.kind(), "", GROUP))),
                "inventory does not hold it");
    }

    @Test
    void aGroupWithoutLabelIsDenied() {
        group("");

        assertDenied(identities(Set.of(KEY)), "was not applied by a ConfigRepo");
    }

    @Test
    void aGroupOfAConfigRepoThatIsGoneIsDenied() {
        group(", 'labels': {'" + Labels.CONFIG_REPO + "': 'team-b.gone'}");

        assertDenied(identities(Set.of(KEY)), "team-b.gone", "is gone");
    }

    @Test
    void aGroupThatDoesNotExistIsDenied() {
        assertDenied(identities(Set.of(KEY)), "does not exist");
    }

    @Test
    void inAClusterOfASingleTenantSomebodyAnswersForGroupsAppliedByHand() {
        standIn = Optional.of(new Identity("orkestra", "everything"));
        group("");

        assertThat(identities(Set.of()).ofGroup(GROUP)).isEqualTo(Outcome.done(new Identity("orkestra", "everything")));
        group(", 'labels': {'" + Labels.CONFIG_REPO + "': 'team-b.gone'}");
        assertDenied(identities(Set.of(KEY)), "team-b.gone", "is gone");
    }

    @Test
    void anAnswerIsBelievedForSomeSecondsAndADenialNever() {
        GroupIdentities identities = identities(Set.of(KEY));
        assertDenied(identities, "does not exist");
        group(", 'labels': {'" + Labels.CONFIG_REPO + "': 'team-a.staging'}");
        assertThat(identities.ofGroup(GROUP)).isEqualTo(Outcome.done(new Identity("team-a", "deployer")));
        cluster.delete(GROUPS, "", GROUP, "");
        assertThat(identities.ofGroup(GROUP)).isEqualTo(Outcome.done(new Identity("team-a", "deployer")));
        now = now.plusSeconds(5);
        assertDenied(identities, "does not exist");
    }

    private static void assertDenied(GroupIdentities identities, String... words) {
        assertThat(identities.ofGroup(GROUP)).isInstanceOfSatisfying(Outcome.Terminal.class, denied -> {
            Diagnostic reason = (Diagnostic) denied.reason();
            assertThat(reason.code()).isEqualTo(ErrorCode.NoIdentity);
            assertThat(reason.message()).contains(GROUP).contains(words);
            assertThat(reason.hint()).isNotEmpty();
        });
    }

    private GroupIdentities identities(Set<ObjectKey> inventory) {
        return new GroupIdentities(
                cluster,
                label -> Optional.of(repo()).filter(repo -> repo.label().equals(label)),
                _ -> inventory::contains,
                standIn,
                () -> now);
    }

    private void group(String labels) {
        cluster.apply(
                GROUPS,
                Groups.json(
                        "{'apiVersion': 'orkestra.azure.microsoft.com/v1alpha1', 'kind': 'ApplicationGroup', 'metadata':"
                                + " {'name': '" + GROUP + "'" + labels
                                + "}, 'spec': {'applications': [{'name': 'web', 'spec':"
                                + " {'chart': {'url': 'http://charts.test', 'name': 'web', 'version': '1.0.0'},"
                                + " 'release': {'targetNamespace': 'shop'}}}]}}"),
                ApplyOptions.of("agent-it"));
    }

    private static boolean isEstablished(ObjectNode crd) {
        return crd.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asText().equals("Established")
                        && condition.path("status").asText().equals("True"));
    }

    private static ConfigRepo repo() {
        return new ConfigRepo(
                "team-a",
                "staging",
                "",
                1,
                new ConfigRepo.Source("http://git.test/config.git", "refs/heads/main", "", ""),
                new ConfigRepo.Schedule(Duration.ofMinutes(1), 0),
                "",
                "",
                List.of(new ConfigRepo.Layer("base", 0)),
                new ConfigRepo.Deadlines(Duration.ofMinutes(1), Duration.ofMinutes(5)),
                Duration.ZERO,
                ConfigRepo.RollbackPolicy.AUTO,
                new ConfigRepo.Prune(true, 20, 3),
                ConfigRepo.Adoption.REFUSE,
                null,
                ConfigRepo.Policies.DEFAULT,
                "deployer");
    }
}
