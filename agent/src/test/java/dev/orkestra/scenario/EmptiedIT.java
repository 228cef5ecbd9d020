package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What looks like an emptied environment is more likely a mistake: nothing is deleted before somebody agrees. */
class EmptiedIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final String LAYERS = "layers: [{path: infrastructure, wave: 0}]";

    @Test
    void attack27_nothingThatEmptiesAnEnvironmentDeletesItsObjects(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "emptied")) {
            String first = scenario.repository.push("Describe the shop");
            scenario.createConfigRepo(LAYERS);
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitRun(first, RUN);
                scenario.awaitReady("True", "Good", RUN);
                Map<String, String> objects = scenario.versions();
                assertThat(objects).hasSizeGreaterThanOrEqualTo(3);

                aPathThatIsGone(scenario, objects);
                aLayerWithoutObjects(scenario, objects);
                anInventoryThatWasTamperedWith(scenario);
            }
        }
    }

    private static void aPathThatIsGone(Scenario scenario, Map<String, String> objects) throws InterruptedException {
        scenario.repository
                .delete("infrastructure/announcement.yaml")
                .delete("infrastructure/settings.yaml")
                .delete("infrastructure/namespace.yaml");
        scenario.repository.push("Lose the folder");
        scenario.awaitReady("False", "Invalid", RUN);
        assertThat(scenario.versions()).isEqualTo(objects);
    }

    private static void aLayerWithoutObjects(Scenario scenario, Map<String, String> objects)
            throws InterruptedException {
        String emptied = scenario.repository
                .write("infrastructure/README.md", "Moved elsewhere.\n")
                .push("Keep the folder without its objects");
        scenario.awaitRun(emptied, RUN);
        ObjectNode repo = scenario.await(
                Scenario.REPOS,
                "orkestra",
                each -> Scenario.condition(each, "Pruned")
                        .path("reason")
                        .asText()
                        .equals("ApprovalRequired"),
                "Pruned because of ApprovalRequired",
                RUN);
        assertThat(Scenario.condition(repo, "Pruned").path("message").asText()).contains("nothing was deleted");
        assertThat(scenario.versions()).isEqualTo(objects);
    }

    /** Chunks and pointer are in order, and yet the list names what is not ours. */
    private static void anInventoryThatWasTamperedWith(Scenario scenario) throws InterruptedException {
        ObjectNode victim = scenario.cluster
                .get(Scenario.CONFIG_MAPS, "kube-system", "kube-root-ca.crt")
                .orElseThrow();
        ConfigRepo repo =
                ConfigRepoParser.parse(scenario.configRepo()).configRepo().orElseThrow();
        EnvironmentStore store = new EnvironmentStore(scenario.cluster, "orkestra", repo);
        Environment environment = store.load();
        store.save(environment.with(environment
                .inventory()
                .with(List.of(new InventoryEntry(
                        new ObjectKey("", "ConfigMap", "kube-system", "kube-root-ca.crt"),
                        "v1",
                        Wave.sync(0, 0),
                        "sha256:a",
                        "sha256:b",
                        victim.path("metadata").path("uid").asText())))));
        scenario.applyConfigRepo(LAYERS, "prune: {maxPercent: 100, minObjects: 1000}");
        String back = scenario.repository.revertHead();
        scenario.awaitRun(back, RUN);
        String again = scenario.repository
                .write("infrastructure/announcement.yaml", """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: other, namespace: shop}
                        data: {text: Hello.}
                        """)
                .write("infrastructure/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
                .push("Say something else");
        ObjectNode run = scenario.awaitRun(again, RUN);
        assertThat(run.path("status").path("phase").asText()).isEqualTo("Good");
        assertThat(scenario.cluster
                        .get(Scenario.CONFIG_MAPS, "kube-system", "kube-root-ca.crt")
                        .orElseThrow()
                        .path("metadata")
                        .path("uid"))
                .isEqualTo(victim.path("metadata").path("uid"));
        // Whichever run pruned first, for the edited spec has one of its own.
        assertThat(scenario.cluster.list(Scenario.RUNS, "orkestra", ""))
                .flatMap(each -> each.path("status").path("diagnostics").findValuesAsText("message"))
                .anyMatch(message ->
                        message.startsWith("ConfigMap/kube-system/kube-root-ca.crt stands in the inventory and stays"));
        // What is ours and not wanted any more goes: the budget allows it now.
        assertThat(scenario.cluster.get(Scenario.CONFIG_MAPS, "shop", "announcement"))
                .isEmpty();
    }
}
