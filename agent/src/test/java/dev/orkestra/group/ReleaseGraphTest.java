package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of Azure Orkestra's graphs, and what was wrong with them. */
class ReleaseGraphTest {
    private static final String[] CHARTS = {
        "ambassador=6.6.0",
        "bookinfo=v1",
        "bookinfo/details=v1",
        "bookinfo/ratings=v1",
        "bookinfo/reviews=v1",
        "bookinfo/productpage=v1"
    };

    @Test
    void theForwardGraphInstallsSubchartsInTheirOrderAndTheChartLast() {
        assertThat(Groups.drawn(bookinfo())).isEqualTo("""
                ambassador <- []
                  ambassador-ambassador <- [] ambassador/ambassador 6.6.0
                bookinfo <- [ambassador]
                  bookinfo-bookinfo <- [bookinfo-details, bookinfo-productpage, bookinfo-ratings, bookinfo-reviews] bookinfo/bookinfo v1
                  bookinfo-details <- [] bookinfo/a82a4dac39-details v1
                  bookinfo-productpage <- [bookinfo-reviews] bookinfo/a82a4dac39-productpage v1
                  bookinfo-ratings <- [] bookinfo/a82a4dac39-ratings v1
                  bookinfo-reviews <- [bookinfo-details, bookinfo-ratings] bookinfo/a82a4dac39-reviews v1
                """);
    }

    @Test
    void theReverseGraphTurnsEveryEdgeRoundAndDeletes() {
        assertThat(Groups.drawn(bookinfo().reverse())).isEqualTo("""
                ambassador <- [bookinfo]
                  delete ambassador-ambassador <- [] ambassador/ambassador 6.6.0
                bookinfo <- []
                  delete bookinfo-bookinfo <- [] bookinfo/bookinfo v1
                  delete bookinfo-details <- [bookinfo-bookinfo, bookinfo-reviews] bookinfo/a82a4dac39-details v1
                  delete bookinfo-productpage <- [bookinfo-bookinfo] bookinfo/a82a4dac39-productpage v1
                  delete bookinfo-ratings <- [bookinfo-bookinfo, bookinfo-reviews] bookinfo/a82a4dac39-ratings v1
                  delete bookinfo-reviews <- [bookinfo-bookinfo, bookinfo-productpage] bookinfo/a82a4dac39-reviews v1
                """);
    }

    /** Upstream's own test has this shape. */
    @Test
    void theThirdExampleTurnsSubchartsThatNeedEachOther() {
        ReleaseGraph graph = forward(
                "{applications: [{name: app1, spec: {chart: {name: app1}, release: {targetNamespace: ns}, subcharts:"
                        + " [{name: s1, dependencies: [s2]}, {name: s2}, {name: s3, dependencies: [s1, s2]}]}}]}",
                "app1=1",
                "app1/s1=1",
                "app1/s2=1",
                "app1/s3=1");
        assertThat(edges(graph)).isEqualTo("""
                app1 <- []
                  app1-app1 <- [app1-s1, app1-s2, app1-s3]
                  app1-s1 <- [app1-s2]
                  app1-s2 <- []
                  app1-s3 <- [app1-s1, app1-s2]
                """);
        assertThat(edges(graph.reverse())).isEqualTo("""
                app1 <- []
                  delete app1-app1 <- []
                  delete app1-s1 <- [app1-app1, app1-s3]
                  delete app1-s2 <- [app1-app1, app1-s1, app1-s3]
                  delete app1-s3 <- [app1-app1]
                """);
    }

    /** The first half of the fourth example; what is gone back to comes after it here ({@code q33_}). */
    @Test
    void theFourthExampleIsTheDifferenceTurnedRound() {
        ReleaseGraph last = forward(applications("podinfo", "ambassador<podinfo"), "podinfo=1", "ambassador=1");
        ReleaseGraph current = forward(
                applications("podinfo", "ambassador<podinfo", "bookinfo<ambassador", "kiali<bookinfo"),
                "podinfo=1",
                "ambassador=1",
                "bookinfo=1",
                "bookinfo/details=1",
                "kiali=1");
        ReleaseGraph difference = current.minus(last);
        assertThat(difference.applications()).containsOnlyKeys("bookinfo", "kiali");
        assertThat(edges(difference.reverse())).isEqualTo("""
                bookinfo <- [kiali]
                  delete bookinfo-bookinfo <- []
                  delete bookinfo-details <- [bookinfo-bookinfo]
                kiali <- []
                  delete kiali-kiali <- []
                """);
    }

    @Test
    void theExampleWithTwoExecutorsTurnsThemRoundToo() {
        ReleaseGraph graph = forward(
                "{applications: [{name: bookinfo, spec: {chart: {name: bookinfo}, release: {targetNamespace: ns},"
                        + " workflow: [{name: helmrelease, type: helmrelease}, {name: keptn, type: keptn,"
                        + " dependencies: [helmrelease], params: {configMapRef: {name: c, namespace: n}}}]}}]}",
                "bookinfo=1");
        assertThat(steps(graph)).containsExactly("INSTALL helmrelease <- []", "INSTALL keptn <- [helmrelease]");
        assertThat(steps(graph.reverse())).containsExactly("DELETE helmrelease <- [keptn]", "DELETE keptn <- []");
    }

    private static List<String> steps(ReleaseGraph graph) {
        return graph.taskOf("ns/bookinfo").orElseThrow().steps().values().stream()
                .map(step -> step.action() + " " + step.name() + " <- " + step.dependencies())
                .sorted()
                .toList();
    }

    /** Without names and versions of releases. */
    private static String edges(ReleaseGraph graph) {
        return Groups.drawn(graph).replaceAll("] ns/.*", "]");
    }

    @Test
    void reversingTwiceIsTheSameGraph() {
        assertThat(bookinfo().reverse().reverse()).isEqualTo(bookinfo());
    }

    @Test
    void valuesAreDividedBetweenTheChartAndItsSubcharts() {
        assertThat(bookinfo()
                        .taskOf("bookinfo/a82a4dac39-reviews")
                        .orElseThrow()
                        .release()
                        .values())
                .isEqualTo(Groups.json("{replicaCount: 1}"));
        assertThat(bookinfo()
                        .taskOf("bookinfo/bookinfo")
                        .orElseThrow()
                        .release()
                        .values())
                .isEqualTo(Groups.json("{details: {enabled: false}, productpage: {enabled: false},"
                        + " ratings: {enabled: false}, reviews: {enabled: false}}"));
    }

    @Test
    void q04_anEmbeddedChartThatTheSpecDoesNotNameIsARelease() {
        ReleaseGraph graph = forward(
                "{applications: [{name: a, spec: {chart: {name: c}, release: {targetNamespace: ns},"
                        + " subcharts: [{name: x}]}}]}",
                "a=1",
                "a/x=1",
                "a/y=2");
        assertThat(Groups.drawn(graph)).contains("a-y <- [] ns/" + Naming.subchart("a", "y") + " 2");
        assertThat(Groups.drawn(graph.reverse())).contains("delete a-y <- [a-a]");
    }

    @Test
    void q17a_theOrderOfTheApplicationsInTheSpecDoesNotMatter() {
        String one = "{name: a, spec: {chart: {name: c}, release: {targetNamespace: ns}, subcharts: [{name: x}]}}";
        String two = "{name: b, spec: {chart: {name: d}, release: {targetNamespace: ns}}}";
        String[] charts = {"a=1", "a/x=1", "b=1"};
        assertThat(forward("{applications: [" + one + "," + two + "]}", charts))
                .isEqualTo(forward("{applications: [" + two + "," + one + "]}", charts));
    }

    @Test
    void q33_goingBackDeletesWhatIsNewInReverseAndThenInstallsTheOld() {
        ReleaseGraph last = forward(applications("podinfo", "ambassador<podinfo"), "podinfo=1", "ambassador=1");
        ReleaseGraph current = forward(
                applications("podinfo", "ambassador<podinfo", "bookinfo<ambassador", "kiali<bookinfo"),
                "podinfo=2",
                "ambassador=1",
                "bookinfo=1",
                "bookinfo/details=1",
                "kiali=1");
        assertThat(Groups.drawn(ReleaseGraph.rollback(current, last))).isEqualTo("""
                ambassador <- [bookinfo, kiali, podinfo]
                  ambassador-ambassador <- [] ns/ambassador 1
                bookinfo <- [kiali]
                  delete bookinfo-bookinfo <- [] ns/bookinfo 1
                  delete bookinfo-details <- [bookinfo-bookinfo] ns/a82a4dac39-details 1
                kiali <- []
                  delete kiali-kiali <- [] ns/kiali 1
                podinfo <- [bookinfo, kiali]
                  podinfo-podinfo <- [] ns/podinfo 1
                """);
    }

    @Test
    void q17d_goingBackDeletesASubchartThatIsNewInAnOldApplication() {
        ReleaseGraph last = forward(applications("bookinfo"), "bookinfo=1", "bookinfo/details=1");
        ReleaseGraph current = forward(applications("bookinfo"), "bookinfo=2", "bookinfo/details=2", "bookinfo/new=2");
        assertThat(Groups.drawn(ReleaseGraph.rollback(current, last)))
                .contains("  bookinfo-details <- [bookinfo-new] ns/a82a4dac39-details 1")
                .contains("  delete bookinfo-new <- [] ns/a82a4dac39-new 2");
    }

    @Test
    void whatIsNotWantedAnyMoreIsDeletedAfterTheRest() {
        ReleaseGraph wanted = forward(applications("web"), "web=1", "web/kept=1");
        ReleaseGraph installed = forward(
                applications("web", "cache<web", "probe<cache"),
                "web=1",
                "web/kept=1",
                "web/gone=1",
                "cache=1",
                "probe=1");
        ReleaseGraph removal = installed.minus(wanted).reverse();
        assertThat(Groups.drawn(wanted.withRemoved(removal, ReleaseGraph.RemovalOrder.LAST)))
                .isEqualTo("""
                cache <- [probe, web]
                  delete cache-cache <- [] ns/cache 1
                probe <- [web]
                  delete probe-probe <- [] ns/probe 1
                web <- []
                  delete web-gone <- [web-kept, web-web] ns/%s 1
                  web-kept <- [] ns/%s 1
                  web-web <- [web-kept] ns/web 1
                """.formatted(Naming.subchart("web", "gone"), Naming.subchart("web", "kept")));
    }

    @Test
    void afterAFailureWhatIsNotWantedIsDeletedBeforeTheRest() {
        ReleaseGraph wanted = forward(applications("web"), "web=1");
        ReleaseGraph installed =
                forward(applications("web", "cache<web", "probe<cache"), "web=1", "web/gone=1", "cache=1", "probe=1");
        ReleaseGraph removal = installed.minus(wanted).reverse();
        assertThat(Groups.drawn(wanted.withRemoved(removal, ReleaseGraph.RemovalOrder.FIRST)))
                .isEqualTo("""
                cache <- [probe]
                  delete cache-cache <- [] ns/cache 1
                probe <- []
                  delete probe-probe <- [] ns/probe 1
                web <- [cache, probe]
                  delete web-gone <- [] ns/%s 1
                  web-web <- [web-gone] ns/web 1
                """.formatted(Naming.subchart("web", "gone")));
    }

    @Test
    void aReleaseThatMovedToAnotherNamespaceIsDeletedInTheOldOne() {
        ReleaseGraph wanted = forward("{applications: [" + application("web", "new") + "]}", "web=1");
        ReleaseGraph installed = forward("{applications: [" + application("web", "old") + "]}", "web=1");
        ReleaseGraph graph = wanted.withRemoved(installed.minus(wanted).reverse(), ReleaseGraph.RemovalOrder.LAST);
        assertThat(Groups.drawn(graph)).isEqualTo("""
                web <- []
                  web-web <- [] new/web 1
                  delete web-web-before-1 <- [web-web] old/web 1
                """);
    }

    /** The rest of the first two examples: how each step is named, does, and how long it may take. */
    @Test
    void everyTaskOfTheExampleHasOneExecutorAndItsTimeout() {
        for (ReleaseGraph graph : List.of(bookinfo(), bookinfo().reverse())) {
            graph.applications().values().stream()
                    .flatMap(application -> application.tasks().values().stream())
                    .forEach(task -> {
                        assertThat(task.steps().values())
                                .extracting(ReleaseGraph.Step::type)
                                .containsExactly("helmrelease");
                        assertThat(task.release().settings().timeout())
                                .isEqualTo(task.name().equals("ambassador-ambassador") ? "10m" : "");
                    });
        }
    }

    private static ReleaseGraph bookinfo() {
        ObjectNode group = Groups.resource("bookinfo.yaml");
        return ReleaseGraph.forward(ApplicationGroup.of(group), Groups.staged(CHARTS));
    }

    private static ReleaseGraph forward(String spec, String... charts) {
        return ReleaseGraph.forward(ApplicationGroup.of("g", Groups.json(spec)), Groups.staged(charts));
    }

    private static String applications(String... names) {
        StringBuilder text = new StringBuilder("{applications: [");
        for (String each : names) {
            text.append(text.charAt(text.length() - 1) == '[' ? "" : ", ").append(application(each, "ns"));
        }
        return text.append("]}").toString();
    }

    /** {@code name<dependency}. */
    private static String application(String edge, String namespace) {
        String[] parts = edge.split("<", -1);
        String dependencies = parts.length > 1 ? parts[1] : "";
        return "{name: " + parts[0] + ", dependencies: [" + dependencies + "], spec: {chart: {name: " + parts[0]
                + "}, release: {targetNamespace: " + namespace + "}}}";
    }
}
