package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.Action;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanStep;
import dev.orkestra.plan.PrunePlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command that is printed is one that works. */
class NextStepsTest {
    private static final String COMMAND = "  ork apply --plan plan.json -n orkestra staging";
    private static final PrunePlan WAITS = new PrunePlan(
            PrunePlan.Budget.WITHIN,
            3,
            List.of(new PrunePlan.Item(
                    InventoryEntry.intended(new ObjectKey("", "Namespace", "", "old"), "v1", Wave.sync(0, 0)),
                    PrunePlan.Fate.NEEDS_APPROVAL)));

    @Test
    void aPlanThatWaitsIsApprovedAsItIs() {
        assertThat(NextSteps.of(plan(Action.CREATE, WAITS), repo("required"), "plan.json", true))
                .contains(COMMAND);
        assertThat(NextSteps.of(plan(Action.UNCHANGED, WAITS), repo("none"), "plan.json", true))
                .contains(COMMAND);
    }

    @Test
    void whatTheAgentDoesByItselfMakesItAnotherPlanSoItIsMadeAnew() {
        List<String> lines = NextSteps.of(plan(Action.CREATE, WAITS), repo("none"), "plan.json", true);
        assertThat(String.join(" ", lines)).contains("plan again with --out FILE afterwards");
        assertThat(lines).doesNotContain(COMMAND);
    }

    @Test
    void noCommandIsShownForAPlanThatTheAgentWillNotMake() {
        for (String approval : List.of("none", "destructive", "required")) {
            ConfigRepo repo = repo(approval);
            assertThat(NextSteps.of(plan(Action.CREATE, PrunePlan.UNKNOWN), repo, "plan.json", true))
                    .noneMatch(line -> line.contains("ork apply"));
            assertThat(NextSteps.of(plan(Action.CREATE, WAITS), repo, "plan.json", false))
                    .singleElement()
                    .asString()
                    .contains("another overlay");
        }
    }

    private static Plan plan(Action action, PrunePlan prune) {
        PlanStep step = new PlanStep(
                new ObjectKey("", "ConfigMap", "shop", "a"),
                Wave.sync(0, 0),
                action,
                new Position("a.yaml", 1, 1),
                List.of(),
                "",
                null);
        return new Plan("c0ffee", "sha256:content", List.of(step), prune, "sha256:plan");
    }

    private static ConfigRepo repo(String approval) {
        String yaml = """
                metadata: {name: staging, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/x"}
                  layers: [{path: a}]
                  approval: %s
                  serviceAccountName: s
                """.formatted(approval);
        ObjectNode document = (ObjectNode) DocumentReader.read("r.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
        return ConfigRepoParser.parse(document).configRepo().orElseThrow();
    }
}
