package dev.orkestra.desired;

import static dev.orkestra.desired.AssemblerTest.assemble;
import static dev.orkestra.desired.AssemblerTest.configMap;
import static dev.orkestra.desired.AssemblerTest.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HooksTest {
    private static String job(String name, String annotations) {
        return "apiVersion: batch/v1\nkind: Job\nmetadata: {" + name + ", namespace: shop, annotations: {" + annotations
                + "}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n";
    }

    private static String hook(String name, String type) {
        return job("name: " + name, "argocd.argoproj.io/hook: \"" + type + "\"");
    }

    private static String pod(String policy) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {argocd.argoproj.io/hook: Sync}}\nspec: {"
                + policy + "containers: [{name: a, image: b}]}\n";
    }

    private static DesiredState state(String... documents) {
        AssembleResult result = assemble(documents);
        assertThat(result.state()).as(result.diagnostics().toString()).isPresent();
        return result.state().orElseThrow();
    }

    private static List<String> warnings(String... documents) {
        return assemble(documents).diagnostics().stream()
                .map(Diagnostic::toString)
                .toList();
    }

    @Test
    void aHookIsNoObjectAndStandsInThePhaseOfItsLayer() {
        DesiredState state = state(configMap("a", ""), hook("migrate", "PreSync"), hook("smoke", "PostSync"));
        assertThat(state.objects()).extracting(each -> each.key().name()).containsExactly("a");
        assertThat(state.hooks())
                .extracting(each -> each.key() + " " + each.wave())
                .containsExactly("Job.batch/shop/migrate 2 PreSync", "Job.batch/shop/smoke 2 PostSync");
        assertThat(state.waves()).extracting(Wave::toString).containsExactly("2 PreSync", "2", "2 PostSync");
    }

    @Test
    void fieldsThatLetAHookTakeItselfAwayAreToldAtTheirPlace() {
        assertThat(warnings(hook("migrate", "PreSync").replace("spec: {", "spec: {ttlSecondsAfterFinished: 5, ")))
                .singleElement()
                .asString()
                .contains(":4:8", "ttlSecondsAfterFinished is left out of a hook", "HookSucceeded", "HookNotAllowed");
        assertThat(warnings(job("name: plain", "a: b").replace("spec: {", "spec: {ttlSecondsAfterFinished: 5, ")))
                .as("a Job that is no hook")
                .isEmpty();
    }

    @Test
    void layersComeBeforePhasesBeforeWaves() {
        MapTree tree = new MapTree()
                .file("base/x.yaml", configMap("a", "") + "---\n" + hook("base-after", "PostSync"))
                .file(
                        "apps/x.yaml",
                        hook("second", "PreSync").replace("hook:", "sync-wave: \"7\", argocd.argoproj.io/hook:")
                                + "---\n"
                                + hook("first", "PreSync")
                                        .replace("hook:", "sync-wave: \"-7\", argocd.argoproj.io/hook:"));
        DesiredState state = assemble(tree, new ConfigRepo.Layer("base", 0), new ConfigRepo.Layer("apps", 2))
                .state()
                .orElseThrow();
        assertThat(state.waves())
                .extracting(Wave::toString)
                .containsExactly("0", "0 PostSync", "2/-7 PreSync", "2/7 PreSync");
    }

    @Test
    void aListOfPhasesIsAHookInEach() {
        DesiredState state = state(hook("both", "PostSync, PreSync"));
        assertThat(state.hooks())
                .extracting(Hook::wave)
                .containsExactly(new Wave(2, Wave.Phase.PRE_SYNC, 2), new Wave(2, Wave.Phase.POST_SYNC, 2));
    }

    @Test
    void aHookForFailureHasNoWaveOnTheWay() {
        DesiredState state = state(configMap("a", ""), hook("tell", "SyncFail"));
        assertThat(state.waves()).extracting(Wave::toString).containsExactly("2");
        assertThat(state.hooks()).singleElement().matches(Hook::isForFailure);
    }

    @Test
    void onlyHooksThatSayItRunOnTheWayBack() {
        DesiredState state = state(
                configMap("a", ""),
                hook("plain", "PreSync"),
                job("name: back", "argocd.argoproj.io/hook: PostSync, orkestra.dev/on-rollback: run"));
        assertThat(state.rollbackWaves()).extracting(Wave::toString).containsExactly("2", "2 PostSync");
        assertThat(texts(assemble(job("name: b", "argocd.argoproj.io/hook: Sync, orkestra.dev/on-rollback: \"yes\""))))
                .singleElement()
                .asString()
                .contains("orkestra.dev/on-rollback says 'yes'; known are: run");
    }

    @Test
    void deletePoliciesAreReadAndBeforeHookCreationIsTheUsualOne() {
        assertThat(state(hook("a", "Sync")).hooks().getFirst().removed()).containsExactly(Hook.Removal.BEFORE_NEXT);
        assertThat(state(job(
                                "name: a",
                                "argocd.argoproj.io/hook: Sync,"
                                        + " argocd.argoproj.io/hook-delete-policy: \"HookSucceeded,HookFailed\""))
                        .hooks()
                        .getFirst()
                        .removed())
                .isEqualTo(Set.of(Hook.Removal.SUCCEEDED, Hook.Removal.FAILED));
        assertThat(texts(assemble(job(
                        "name: a",
                        "argocd.argoproj.io/hook: Sync, argocd.argoproj.io/hook-delete-policy: HookSuceeded"))))
                .singleElement()
                .asString()
                .startsWith("apps/x.yaml:3:")
                .contains("known are: BeforeHookCreation, HookSucceeded, HookFailed", "did you mean HookSucceeded?");
    }

    @Test
    void aKindThatDoesNotEndBecomesAnObjectOfThatPhase() {
        String settings = configMap("settings", "annotations: {argocd.argoproj.io/hook: PreSync}");
        DesiredState state = state(settings, configMap("a", ""));
        assertThat(state.hooks()).isEmpty();
        assertThat(state.objects())
                .extracting(each -> each.key().name() + " " + each.wave())
                .containsExactly("settings 2 PreSync", "a 2");
        assertThat(warnings(settings))
                .singleElement()
                .asString()
                .startsWith("apps/x.yaml:6:17: warning: a ConfigMap does not run to completion, so it is no hook");
        assertThat(state(configMap("late", "annotations: {argocd.argoproj.io/hook: SyncFail}"))
                        .objects()
                        .getFirst()
                        .wave())
                .as("what waits for a failure must be there before it")
                .isEqualTo(new Wave(2, Wave.Phase.PRE_SYNC, 2));
    }

    @Test
    void aPodIsAHookUnlessItIsRestartedForEver() {
        assertThat(state(pod("restartPolicy: Never, ")).hooks()).hasSize(1);
        assertThat(state(pod("restartPolicy: OnFailure, ")).hooks()).hasSize(1);
        assertThat(state(pod("restartPolicy: Always, ")).hooks()).isEmpty();
        assertThat(state(pod("")).hooks()).isEmpty();
    }

    @Test
    void whatIsNotCarriedOutIsSaidClearly() {
        assertThat(state(configMap("a", ""), hook("skipped", "Skip")).hooks()).isEmpty();
        assertThat(warnings(hook("skipped", "Skip")))
                .singleElement()
                .asString()
                .contains("Job is marked Skip: it is not applied, and it is pruned if it was before");
        assertThat(state(configMap("a", ""), hook("bye", "PreDelete")).objects())
                .hasSize(1);
        assertThat(warnings(hook("bye", "PreDelete,PostDelete")))
                .hasSize(2)
                .allMatch(each -> each.contains("hooks are not carried out"));
        assertThat(state(hook("also", "PreSync,PostDelete")).hooks()).hasSize(1);
        assertThat(warnings(configMap("helm", "annotations: {helm.sh/hook: pre-install}")))
                .singleElement()
                .asString()
                .contains("helm.sh/hook is read by Helm only");
    }

    @Test
    void generateNameSaysWhatTheNamesOfAHookBeginWith() {
        DesiredState state = state(job("generateName: migrate-", "argocd.argoproj.io/hook: PreSync"));
        assertThat(state.hooks().getFirst().key().name()).isEqualTo("migrate");
        assertThat(state.hooks().getFirst().body().path("metadata").has("generateName"))
                .isFalse();
        assertThat(texts(assemble(job("generateName: migrate-", "a: b"))))
                .singleElement()
                .asString()
                .contains("generateName makes a new object at each run");
    }

    @Test
    void aHookIsPartOfTheContent() {
        String digest = state(configMap("a", "")).digest();
        String with = state(configMap("a", ""), hook("m", "PreSync")).digest();
        assertThat(with).isNotEqualTo(digest);
        assertThat(state(configMap("a", ""), hook("m", "PostSync")).digest()).isNotEqualTo(with);
        assertThat(state(configMap("a", ""), hook("m", "PreSync").replace("image: b", "image: c"))
                        .digest())
                .isNotEqualTo(with);
        assertThat(state(hook("m", "PreSync"), configMap("a", "")).digest()).isEqualTo(with);
    }

    @Test
    void twoHooksOfOneNameAreRefused() {
        assertThat(texts(assemble(hook("m", "PreSync"), hook("m", "PostSync"))))
                .singleElement()
                .asString()
                .contains("Job.batch/shop/m is also written at apps/x.yaml:1:1");
    }

    @Test
    void aHookBeforeItsNamespaceIsWarnedOf() {
        assertThat(warnings("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n", hook("m", "PreSync")))
                .singleElement()
                .asString()
                .contains("Job.batch/shop/m comes in wave 2 PreSync, and its namespace in wave 2 (apps/x.yaml:1:1)");
    }
}
