package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.Naming;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupViewsTest {
    private static GroupView.Release release(GroupView view, String application, String name) {
        return view.applications().stream()
                .filter(each -> each.name().equals(application))
                .flatMap(each -> each.releases().stream())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static GroupView.State state(GroupView view, String name) {
        return release(view, "bookinfo", name).state();
    }

    @Test
    void aReleaseThatIsReadyFromBeforeWaitsUntilTheWorkflowReachesIt() {
        GroupView view = GroupTreeTest.running()
                .releaseReady("bookinfo", Naming.subchart("bookinfo", "productpage"), "0.9.0")
                .view();
        GroupView.Release page = release(view, "bookinfo", "productpage");
        assertThat(page.state()).isEqualTo(GroupView.State.WAITING);
        assertThat(page.waitsFor()).containsExactly("reviews");
        assertThat(view.progress()).isEqualTo("3/6");
    }

    @Test
    void aWorkflowsWordIsNotEnough() {
        GroupScene scene = GroupTreeTest.running()
                .node("bookinfo.bookinfo-reviews", "Succeeded", 42, 60, "")
                .node("bookinfo.bookinfo-productpage", "Succeeded", 60, 70, "");
        GroupView view = scene.view();
        // Reviews is still at work by its own words; productpage has no HelmRelease at all.
        assertThat(state(view, "reviews")).isEqualTo(GroupView.State.RUNNING);
        assertThat(state(view, "productpage")).isEqualTo(GroupView.State.MISSING);
        assertThat(view.progress()).isEqualTo("3/6");
    }

    @Test
    void afterAFailureWhatWasNotReachedWasNotBegun() {
        GroupView view = GroupTreeTest.failed("no", "exit code 1").view();
        assertThat(state(view, "reviews")).isEqualTo(GroupView.State.FAILED);
        assertThat(release(view, "bookinfo", "reviews").log()).containsExactly("exit code 1");
        assertThat(state(view, "productpage")).isEqualTo(GroupView.State.SKIPPED);
        assertThat(state(view, "details")).isEqualTo(GroupView.State.READY);
    }

    @Test
    void theStepsOfAReleaseTellWhichOneFailed() {
        GroupScene scene = GroupTreeTest.running().node("bookinfo.bookinfo-reviews", "Failed", 42, 50, "");
        scene.node("bookinfo.bookinfo-reviews.smoke", "Failed", 45, 50, "exit code 3\nconnection refused");
        assertThat(release(scene.view(), "bookinfo", "reviews").log())
                .containsExactly("step smoke: exit code 3\nconnection refused");
    }

    @Test
    void aCustomStepAloneBringsNoHelmReleaseAndIsReadyAllTheSame() {
        GroupScene scene = GroupTreeTest.running();
        scene.group()
                .withObject("/spec/applications/0/spec")
                .putArray("workflow")
                .addObject()
                .put("name", "load")
                .put("type", "custom");
        scene.releases().removeFirst();
        assertThat(release(scene.view(), "ambassador", "ambassador").state()).isEqualTo(GroupView.State.READY);
    }

    @Test
    void aWorkflowOfAnOlderGenerationSaysNothing() {
        GroupScene scene = GroupTreeTest.running();
        scene.group().withObject("/metadata").put("generation", 4);
        GroupView view = scene.view();
        assertThat(view.ready().current()).isFalse();
        assertThat(view.verdict()).isEqualTo(GroupView.Verdict.WORKING);
        assertThat(view.runs()).isEmpty();
        assertThat(state(view, "details")).isEqualTo(GroupView.State.READY);
        assertThat(state(view, "productpage")).isEqualTo(GroupView.State.WAITING);
    }

    @Test
    void aReleaseThatTheSpecDoesNotNameAnyMoreIsShownAsLeaving() {
        GroupScene scene = GroupTreeTest.running().releaseReady("old", "legacy", "0.1.0");
        scene.releases()
                .getLast()
                .withObject("/metadata/annotations")
                .put(
                        GroupNames.GRAPH_NODE,
                        "{\"application\":\"legacy\",\"applicationAfter\":[],\"task\":\"legacy-legacy\",\"taskAfter\":[]}");
        GroupView.Release legacy = release(scene.view(), "legacy", "legacy");
        assertThat(legacy.removes()).isTrue();
        assertThat(legacy.state()).isEqualTo(GroupView.State.WAITING);
        scene.releases().getLast().withObject("/metadata").put("deletionTimestamp", GroupScene.at(90));
        assertThat(release(scene.view(), "legacy", "legacy").state()).isEqualTo(GroupView.State.REMOVING);
    }

    @Test
    void goingBackShowsTheGraphOfTheLastSuccess() {
        GroupScene scene = GroupTreeTest.failed("no", "exit code 1");
        com.fasterxml.jackson.databind.node.ObjectNode last = JsonNodeFactory.instance.objectNode();
        last.putArray("applications")
                .add(scene.group().at("/spec/applications/0").deepCopy());
        scene.annotation(GroupNames.LAST_SUCCESSFUL, CanonicalJson.text(last))
                .annotation(GroupNames.LAST_SUCCESSFUL_CHARTS, "{\"ambassador\":{\"version\":\"6.6.0\"}}")
                .workflow(WorkflowType.ROLLBACK, "Running");
        GroupView view = scene.view();
        assertThat(release(view, "ambassador", "ambassador").removes()).isFalse();
        assertThat(release(view, "bookinfo", "details").removes()).isTrue();
        assertThat(view.runs())
                .extracting(GroupView.Run::type)
                .containsExactly(WorkflowType.FORWARD, WorkflowType.ROLLBACK);
        assertThat(view.verdict()).isEqualTo(GroupView.Verdict.FAILED);
    }

    @Test
    void anyNonsenseInTheObjectsIsAView() {
        GroupObjects objects = new GroupObjects(
                JsonNodeFactory.instance.objectNode().put("status", "none").put("spec", 3),
                List.of(JsonNodeFactory.instance.objectNode().put("status", 1)),
                List.of(JsonNodeFactory.instance.objectNode()));
        GroupView view = GroupViews.of(objects);
        assertThat(view.verdict()).isEqualTo(GroupView.Verdict.WORKING);
        assertThat(GroupTree.lines(view, GroupScene.BEGIN, 80, true)).isNotEmpty();
    }

    @Test
    void aLogTellsEachChangeOnce() {
        GroupView first = GroupTreeTest.running().view();
        List<String> begin = GroupChanges.between(Optional.empty(), first);
        assertThat(begin)
                .contains(
                        "ApplicationGroup bookinfo, generation 3",
                        "workflow forward: Progressing",
                        "release bookinfo/reviews: running",
                        "release bookinfo/productpage: waiting for reviews",
                        "Ready Unknown Progressing: workflow is reconciling..., 3/6 releases ready");
        assertThat(GroupChanges.between(Optional.of(first), first)).isEmpty();
        GroupView failed =
                GroupTreeTest.failed("no", "exit code 1\nno such host").view();
        assertThat(GroupChanges.between(Optional.of(first), failed))
                .containsExactly(
                        "workflow forward: Failed",
                        "release bookinfo/reviews: running -> failed: Progressing: Running 'install' action with timeout of"
                                + " 5m0s",
                        "release bookinfo/productpage: waiting for reviews -> not begun",
                        "release bookinfo/bookinfo: waiting for productpage, reviews -> not begun",
                        "Ready False WorkflowFailed: workflow in failed state: no, 3/6 releases ready");
    }

    @Test
    void jsonHoldsAllThatTheTreeShows() {
        Golden.check(
                "release/view.json",
                GroupViewJson.of(GroupTreeTest.running().view()).toPrettyString() + "\n");
    }

    @Test
    void durationsAreShort() {
        assertThat(List.of(-3, 0, 59, 60, 190, 3600, 7500, 90_000, 172_800).stream()
                        .map(each -> Elapsed.words(java.time.Duration.ofSeconds(each))))
                .containsExactly("0s", "0s", "59s", "1m", "3m10s", "1h", "2h5m", "1d1h", "2d");
    }
}
