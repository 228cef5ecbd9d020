package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.Action;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanStep;
import dev.orkestra.plan.PrunePlan;
import dev.orkestra.plan.Risk;
import dev.orkestra.run.PlanSummary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent waits for a person where the plan that people see calls itself destructive. */
class CautionsTest {
    private static final PlanSummary SUMMARY = new PlanSummary("sha256:plan", 0, 1, 0, 0, 0);

    @ParameterizedTest
    @EnumSource
    void everyRiskThatPlansShowWaitsForApproval(Risk.Kind risk) {
        ConfigRepo repo = repo("destructive");
        Plan harmless = plan(List.of());
        Plan destructive = plan(List.of(new Risk(risk, "what it is")));

        assertThat(destructive.isDestructive()).isTrue();
        assertThat(Cautions.of(repo, destructive, SUMMARY).needsApproval()).isTrue();
        assertThat(Cautions.of(repo, harmless, SUMMARY).needsApproval()).isFalse();
        assertThat(Cautions.of(repo("none"), destructive, SUMMARY).needsApproval())
                .isFalse();
    }

    private static Plan plan(List<Risk> risks) {
        PlanStep step = new PlanStep(
                new ObjectKey("orkestra.azure.microsoft.com", "ApplicationGroup", "", "shop"),
                Wave.sync(0, 0),
                Action.UPDATE,
                new Position("a.yaml", 1, 1),
                List.of(),
                "",
                risks,
                List.of(),
                null);
        return new Plan("c0ffee", "sha256:content", List.of(step), PrunePlan.NOTHING, "sha256:plan");
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
