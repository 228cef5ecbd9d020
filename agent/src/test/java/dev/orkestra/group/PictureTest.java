package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final StagedCharts STAGED = Groups.staged(
            "ambassador=6.6.0",
            "bookinfo=v1",
            "bookinfo/details=1.1",
            "bookinfo/productpage=1.2",
            "bookinfo/ratings=1.3",
            "bookinfo/reviews=1.4");

    private static final String BROKEN = """
            metadata: {name: broken}
            spec:
              applications:
                - name: web
                  dependencies: [databse]
                  spec: {chart: {url: "https://x", name: web, version: 1.0.0}, release: {targetNamespace: web}}
                - name: one
                  dependencies: [two]
                  spec: {chart: {url: "https://x", name: one, version: 1.0.0}, release: {targetNamespace: a}}
                - name: two
                  dependencies: [one, web]
                  spec: {chart: {url: "https://x", name: two, version: 1.0.0}, release: {targetNamespace: a}}
                - name: after
                  dependencies: [two]
                  spec: {chart: {url: "https://x", name: after}, release: {targetNamespace: a}}
            """;

    private static ReleaseGraph bookinfo() {
        return ReleaseGraph.forward(ApplicationGroup.of(Groups.resource("bookinfo.yaml")), STAGED);
    }

    private static GroupPicture picture(Map<String, GroupPicture.Mark> marks) {
        return GroupPicture.of("bookinfo", "forward", bookinfo(), marks, List.of());
    }

    private static GroupPicture broken() {
        ApplicationGroup group = ApplicationGroup.of(Groups.json(BROKEN));
        DeclaredCharts charts = DeclaredCharts.complete(group, StagedCharts.NONE);
        assertThat(charts.guessed()).isEmpty();
        return GroupPicture.of(
                "broken", "forward", ReleaseGraph.forward(group, charts.charts()), Map.of(), List.of("a note"));
    }

    private static Map<String, GroupPicture.Mark> marks() {
        return Map.of(
                "ambassador/ambassador",
                new GroupPicture.Mark(GroupPicture.Tone.GOOD, "ready"),
                "bookinfo/" + Naming.subchart("bookinfo", "details"),
                new GroupPicture.Mark(GroupPicture.Tone.GOOD, "ready"),
                "bookinfo/" + Naming.subchart("bookinfo", "ratings"),
                new GroupPicture.Mark(GroupPicture.Tone.BUSY, "running"),
                "bookinfo/" + Naming.subchart("bookinfo", "reviews"),
                new GroupPicture.Mark(GroupPicture.Tone.WAITING, "waiting"),
                "bookinfo/" + Naming.subchart("bookinfo", "productpage"),
                new GroupPicture.Mark(GroupPicture.Tone.WAITING, "waiting"),
                "bookinfo/bookinfo",
                new GroupPicture.Mark(GroupPicture.Tone.WAITING, "waiting"));
    }

    private static String text(GroupPicture picture, GroupPicture.Detail detail) {
        return PictureText.render(picture, detail, 80, false);
    }

    @Test
    void textShowsLevelsAndInsideEachApplicationItsReleasesInOrder() {
        Golden.check("picture-forward.txt", text(picture(Map.of()), GroupPicture.Detail.RELEASES));
        Golden.check("picture-state.txt", text(picture(marks()), GroupPicture.Detail.RELEASES));
        Golden.check("picture-applications.txt", text(picture(marks()), GroupPicture.Detail.APPLICATIONS));
        Golden.check("picture-steps.txt", text(picture(Map.of()), GroupPicture.Detail.STEPS));
    }

    @Test
    void removalAndGoingBackSayWhatIsRemoved() {
        GroupPicture reverse = GroupPicture.of("bookinfo", "reverse", bookinfo().reverse(), Map.of(), List.of());
        Golden.check("picture-reverse.txt", text(reverse, GroupPicture.Detail.RELEASES));
        ObjectNode before = Groups.resource("bookinfo.yaml");
        ((ArrayNode) before.at("/spec/applications")).remove(1);
        ReleaseGraph last = ReleaseGraph.forward(ApplicationGroup.of(before), Groups.staged("ambassador=6.5.0"));
        GroupPicture rollback =
                GroupPicture.of("bookinfo", "rollback", ReleaseGraph.rollback(bookinfo(), last), Map.of(), List.of());
        Golden.check("picture-rollback.txt", text(rollback, GroupPicture.Detail.RELEASES));
    }

    @Test
    void circlesAndUnknownDependenciesAreDrawnAsSuch() {
        Golden.check("picture-broken.txt", text(broken(), GroupPicture.Detail.RELEASES));
        Golden.check("picture-broken.mmd", PictureMermaid.render(broken(), GroupPicture.Detail.RELEASES));
        Golden.check("picture-broken.dot", PictureDot.render(broken(), GroupPicture.Detail.RELEASES));
    }

    @Test
    void mermaidAndDotAndJsonAreTheSameGraph() {
        Golden.check("picture.mmd", PictureMermaid.render(picture(marks()), GroupPicture.Detail.RELEASES));
        Golden.check("picture.dot", PictureDot.render(picture(marks()), GroupPicture.Detail.RELEASES));
        Golden.check("picture.json", PictureJson.of(picture(marks()), List.of()).toPrettyString() + "\n");
        assertThat(PictureMermaid.render(picture(Map.of()), GroupPicture.Detail.APPLICATIONS))
                .contains("a1[\"ambassador<br/>", "a2[\"bookinfo<br/>", "  a1 --> a2\n")
                .doesNotContain("subgraph");
    }

    @Test
    void aNarrowTerminalGetsNarrowLinesAndColoursOnlyWhereTheyAreWanted() {
        String narrow = PictureText.render(picture(marks()), GroupPicture.Detail.RELEASES, 40, false);
        assertThat(narrow.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        Golden.check("picture-narrow.txt", narrow);
        String coloured = PictureText.render(picture(marks()), GroupPicture.Detail.RELEASES, 80, true);
        assertThat(coloured).contains("\u001B[32m[ready]\u001B[0m", "\u001B[33m[running]\u001B[0m");
        assertThat(coloured.replaceAll("\u001B\\[[0-9]*m", ""))
                .isEqualTo(text(picture(marks()), GroupPicture.Detail.RELEASES));
    }
}
