package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.Naming;
import dev.orkestra.report.Columns;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GroupTreeTest {
    private static final Instant NOW = GroupScene.BEGIN.plusSeconds(100);

    private static String text(GroupView view, int width) {
        return GroupTree.lines(view, NOW, width, false).stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private static String release(String subchart) {
        return Naming.subchart("bookinfo", subchart);
    }

    /** The first application is there, two subcharts are ready, one runs, the others wait. */
    static GroupScene running() {
        return GroupScene.bookinfo()
                .observed(3, 2)
                .condition("Ready", "Unknown", "Progressing", "workflow is reconciling...", 0)
                .staged()
                .workflow(WorkflowType.FORWARD, "Running")
                .progress("3/4")
                .node("ambassador", "Succeeded", 0, 20, "")
                .node("ambassador.ambassador-ambassador", "Succeeded", 0, 20, "")
                .node("bookinfo", "Running", 20, -1, "")
                .node("bookinfo.bookinfo-details", "Succeeded", 20, 35, "")
                .node("bookinfo.bookinfo-ratings", "Succeeded", 20, 42, "")
                .node("bookinfo.bookinfo-reviews", "Running", 42, -1, "")
                .releaseReady("ambassador", "ambassador", "6.6.0")
                .releaseReady("bookinfo", release("details"), "1.0.0")
                .releaseReady("bookinfo", release("ratings"), "1.0.0")
                .release(
                        "bookinfo",
                        release("reviews"),
                        "1.0.0",
                        "Unknown",
                        "Progressing",
                        "Running 'install' action with timeout of 5m0s");
    }

    static GroupScene failed(String message, String log) {
        return running()
                .node("bookinfo.bookinfo-reviews", "Failed", 42, 72, log)
                .node("bookinfo", "Failed", 20, 72, "")
                .workflowEnded("Failed", "", 72)
                .condition("Ready", "False", "WorkflowFailed", "workflow in failed state: " + message, 72)
                .condition("ForwardWorkflowSucceeded", "False", "Failed", "workflow node is in failed state", 72);
    }

    private static GroupScene failedRelease(String message, String log) {
        GroupScene scene = failed(message, log);
        scene.releases().removeLast();
        return scene.release("bookinfo", release("reviews"), "1.0.0", "False", "InstallFailed", message);
    }

    @Test
    void aGroupAtWorkSaysWhatIsReadyWhatRunsAndWhatWaitsForWhat() {
        Golden.check("release/tree-running.txt", text(running().view(), 80));
    }

    @Test
    void aReadyGroupIsQuiet() {
        GroupScene scene = running()
                .node("bookinfo.bookinfo-reviews", "Succeeded", 42, 60, "")
                .node("bookinfo.bookinfo-productpage", "Succeeded", 60, 70, "")
                .node("bookinfo.bookinfo-bookinfo", "Succeeded", 70, 72, "")
                .node("bookinfo", "Succeeded", 20, 72, "")
                .progress("6/6")
                .workflowEnded("Succeeded", "", 72)
                .observed(3, 3)
                .condition("Ready", "True", "Succeeded", "workflow and reconciliation succeeded", 73)
                .condition("ForwardWorkflowSucceeded", "True", "Succeeded", "workflow succeeded", 72);
        scene.releases().removeLast();
        scene.releaseReady("bookinfo", release("reviews"), "1.0.0")
                .releaseReady("bookinfo", release("productpage"), "1.0.0")
                .releaseReady("bookinfo", "bookinfo", "v1");
        assertThat(scene.view().verdict()).isEqualTo(GroupView.Verdict.READY);
        Golden.check("release/tree-ready.txt", text(scene.view(), 80));
    }

    @Test
    void aFailureShowsTheReleasesWordsAndTheLastLinesOfItsLog() {
        String log = "exit code 1\n" + "line of the log\n".repeat(12) + "panic: no such host";
        GroupView view = failedRelease(
                        "Helm install failed for release bookinfo/reviews: timed out waiting for the"
                                + " condition: deployment reviews has 0 of 1 replicas",
                        log)
                .view();
        assertThat(view.verdict()).isEqualTo(GroupView.Verdict.FAILED);
        Golden.check("release/tree-failed.txt", text(view, 80));
        Golden.check("release/tree-failed-narrow.txt", text(view, 44));
    }

    @Test
    void goingBackAndRemovalCountWhatIsRemoved() {
        GroupScene scene = GroupScene.bookinfo()
                .observed(3, 0)
                .condition("Ready", "False", "Terminating", "application group is terminating...", 0)
                .staged()
                .deleting(0)
                .workflow(WorkflowType.REVERSE, "Running")
                .node("bookinfo", "Running", 0, -1, "")
                .node("bookinfo.bookinfo-bookinfo", "Succeeded", 0, 9, "")
                .node("bookinfo.bookinfo-productpage", "Running", 9, -1, "")
                .releaseReady("ambassador", "ambassador", "6.6.0")
                .releaseReady("bookinfo", release("details"), "1.0.0")
                .releaseReady("bookinfo", release("ratings"), "1.0.0")
                .releaseReady("bookinfo", release("reviews"), "1.0.0")
                .releaseReady("bookinfo", release("productpage"), "1.0.0");
        assertThat(scene.view().verdict()).isEqualTo(GroupView.Verdict.WORKING);
        assertThat(scene.view().progress()).isEqualTo("1/6");
        Golden.check("release/tree-removal.txt", text(scene.view(), 80));
    }

    @Test
    void aChartThatCannotBePulledIsNoEnd() {
        GroupScene scene = GroupScene.bookinfo()
                .condition("Ready", "False", "ChartPullFailed", "chart bookinfo v1 is not in the repository", 5)
                .stagingFailed("bookinfo", "chart bookinfo v1 is not in the repository");
        assertThat(scene.view().verdict()).isEqualTo(GroupView.Verdict.WORKING);
        Golden.check("release/tree-chart.txt", text(scene.view(), 80));
    }

    @Test
    void aGroupThatNobodyHasLookedAtIsShownFromItsSpec() {
        Golden.check("release/tree-new.txt", text(GroupScene.bookinfo().view(), 80));
    }

    private static GroupView forty() {
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        group.putObject("metadata").put("name", "forty").put("generation", 1);
        ArrayNode applications = group.putObject("spec").putArray("applications");
        for (int i = 0; i < 40; i++) {
            ObjectNode application = applications.addObject().put("name", "app-" + (10 + i));
            if (i > 0) {
                application.putArray("dependencies").add("app-" + (9 + i));
            }
            ObjectNode spec = application.putObject("spec");
            spec.putObject("chart")
                    .put("url", "https://x")
                    .put("name", "app-" + i)
                    .put("version", "1." + i + ".0");
            spec.putObject("release").put("targetNamespace", "n");
            spec.putArray("subcharts").addObject().put("name", "db");
        }
        GroupScene scene = new GroupScene(group, "orkestra")
                .observed(1, 0)
                .condition("Ready", "Unknown", "Progressing", "workflow is reconciling...", 0)
                .staged()
                .workflow(WorkflowType.FORWARD, "Running");
        for (int i = 0; i < 30; i++) {
            String name = "app-" + (10 + i);
            scene.node(name, "Succeeded", i, i + 1, "")
                    .node(name + "." + name + "-db", "Succeeded", i, i + 1, "")
                    .node(name + "." + name + "-" + name, "Succeeded", i, i + 1, "")
                    .releaseReady("n", Naming.subchart(name, "db"), "1.0.0")
                    .releaseReady("n", "app-" + i, "1." + i + ".0");
        }
        scene.node("app-40", "Running", 31, -1, "").node("app-40.app-40-db", "Running", 31, -1, "");
        return scene.view();
    }

    @Test
    void fortyApplicationsFitOnAScreen() {
        GroupView view = forty();
        assertThat(view.progress()).isEqualTo("60/80");
        Golden.check("release/tree-forty.txt", text(view, 80));
        List<String> screen = GroupTree.lines(view, NOW, 80, false, 75);
        assertThat(screen).hasSizeLessThanOrEqualTo(75);
        assertThat(String.join("\n", screen)).contains("├─ app-10  2 releases ready");
        List<String> small = GroupTree.lines(view, NOW, 80, false, 20);
        assertThat(small).hasSize(20);
        assertThat(small)
                .contains("├─ 30 applications ready")
                .anyMatch(line -> line.contains("db      1.0.0  running"));
        assertThat(small.getLast()).matches("… [0-9]+ more lines");
    }

    @Test
    void noLineIsWiderThanTheTerminalAndColoursChangeNothingElse() {
        for (GroupView view : List.of(
                running().view(),
                forty(),
                failedRelease("x".repeat(300) + " y".repeat(300), "日本\u001B[2J\n")
                        .view())) {
            for (int width : List.of(40, 57, 80, 200)) {
                List<String> plain = GroupTree.lines(view, NOW, width, false);
                assertThat(plain)
                        .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(width))
                        .noneSatisfy(line -> assertThat(line).contains("\u001B"));
                List<String> coloured = GroupTree.lines(view, NOW, width, true);
                assertThat(coloured.stream()
                                .map(line -> line.replaceAll("\u001B\\[[0-9]*m", ""))
                                .toList())
                        .isEqualTo(plain);
            }
        }
        assertThat(String.join("\n", GroupTree.lines(running().view(), NOW, 80, true)))
                .contains("\u001B[32mready in 15s\u001B[0m");
    }

    @Test
    void theTableNamesEachGroup() {
        List<GroupView> views = List.of(
                running().view(),
                failedRelease("no", "").view(),
                GroupScene.bookinfo().view(),
                forty());
        Golden.check(
                "release/table.txt",
                GroupTable.lines(views, NOW, 80, false).stream().collect(Collectors.joining("\n", "", "\n")));
        assertThat(GroupTable.lines(views, NOW, 44, false))
                .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(60));
        assertThat(GroupTable.lines(List.of(), NOW, 80, false)).containsExactly("there are no ApplicationGroups");
    }

    @Test
    void theLargestGroupThatTheClusterTakesIsDrawnQuickly() {
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        group.putObject("metadata").put("name", "large").put("generation", 1);
        ArrayNode applications = group.putObject("spec").putArray("applications");
        for (int i = 0; i < 500; i++) {
            ObjectNode application = applications.addObject().put("name", "app-" + i);
            ArrayNode dependencies = application.putArray("dependencies");
            for (int j = 0; j < i; j++) {
                dependencies.add("app-" + j);
            }
            ObjectNode spec = application.putObject("spec");
            spec.putObject("chart")
                    .put("url", "https://x")
                    .put("name", "app-" + i)
                    .put("version", "1.0.0");
            spec.putObject("release").put("targetNamespace", "n");
        }
        GroupScene scene = new GroupScene(group, "orkestra").staged().workflow(WorkflowType.FORWARD, "Running");
        long begun = System.nanoTime();
        assertThat(GroupTree.lines(scene.view(), NOW, 80, true, 40)).hasSize(40);
        // Seen: a second, on a busy machine; more than linear work on names and texts shows at once.
        assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
    }
}
