package dev.orkestra.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    private static final PlanHeader HEADER = new PlanHeader(
            "orkestra",
            "staging",
            "http://git.test/config.git refs/heads/main",
            "ba5e0123456789ba5e0123456789ba5e01234567",
            "");

    private static String golden(String name) throws IOException {
        try (InputStream stream = PlanTextTest.class.getResourceAsStream("/plan/" + name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ObjectKey key(String group, String kind, String namespace, String name) {
        return new ObjectKey(group, kind, namespace, name);
    }

    private static PlanStep step(ObjectKey key, int wave, Action action, String note, FieldChange... changes) {
        Position origin = new Position(wave == 0 ? "infrastructure/base.yaml" : "applications/staging/shop.yaml", 3, 1);
        Diagnostic refusal = action == Action.REFUSED
                ? Diagnostic.error(
                        ErrorCode.FieldConflict,
                        key + " has fields that others own: .spec.replicas (hpa)",
                        origin,
                        "leave them")
                : null;
        return new PlanStep(key, Wave.sync(wave, wave), action, origin, List.of(changes), note, refusal);
    }

    private static Plan plan(PlanStep... steps) {
        return new Plan(
                "c0ffee0123456789c0ffee0123456789c0ffee01",
                "sha256:1111",
                List.of(steps),
                new PrunePlan(
                        PrunePlan.Budget.WITHIN,
                        3,
                        List.of(new PrunePlan.Item(
                                InventoryEntry.intended(
                                        key("", "ConfigMap", "shop", "announcement"), "v1", Wave.sync(0, 0)),
                                PrunePlan.Fate.DELETE))),
                "sha256:2222");
    }

    private static Plan everything() {
        FieldPath image = FieldPath.ROOT
                .field("spec")
                .field("containers")
                .then(new FieldPath.Step.Keyed(
                        JsonNodeFactory.instance.objectNode().put("name", "web")))
                .field("image");
        Position line = new Position("applications/staging/shop.yaml", 12, 11);
        return plan(
                step(key("", "Namespace", "", "shop"), 0, Action.CREATE, ""),
                step(key("", "ConfigMap", "shop", "settings"), 0, Action.UNCHANGED, ""),
                step(
                        key("apps", "Deployment", "shop", "web"),
                        2,
                        Action.UPDATE,
                        "",
                        new FieldChange(image, TextNode.valueOf("web:1"), TextNode.valueOf("web:2"), line),
                        new FieldChange(
                                FieldPath.ROOT.field("metadata").field("labels").field("team"),
                                null,
                                TextNode.valueOf("shop"),
                                line),
                        new FieldChange(
                                FieldPath.ROOT.field("spec").field("paused"),
                                JsonNodeFactory.instance.booleanNode(true),
                                null,
                                line)),
                step(
                        key("", "ConfigMap", "shop", "orkestra-katalog"),
                        2,
                        Action.UPDATE,
                        "",
                        new FieldChange(
                                FieldPath.ROOT.field("data").field("katalog.yaml"),
                                TextNode.valueOf("kind: Katalog\nspec:\n  workers: 1\n  resync: 30s\n"),
                                TextNode.valueOf("kind: Katalog\nspec:\n  workers: 2\n  resync: 30s\n"),
                                line)),
                step(
                        key("", "Secret", "shop", "login"),
                        2,
                        Action.UPDATE,
                        "",
                        new FieldChange(
                                FieldPath.ROOT.field("data").field("password"),
                                TextNode.valueOf("***"),
                                TextNode.valueOf("***"),
                                line)),
                step(key("example.test", "Gadget", "shop", "g"), 2, Action.DEFERRED, "until Namespace/shop is there"),
                step(key("apps", "Deployment", "shop", "api"), 2, Action.REFUSED, ""));
    }

    @Test
    void showsWavesFieldsPruningAndTheSum() throws IOException {
        assertThat(PlanText.render(everything(), HEADER, false)).isEqualTo(golden("everything.txt"));
    }

    @Test
    void aPlanWithNothingToDoIsShort() throws IOException {
        Plan nothing = new Plan(
                "working tree",
                "sha256:1111",
                List.of(step(key("", "ConfigMap", "shop", "settings"), 0, Action.UNCHANGED, "")),
                PrunePlan.NOTHING,
                "sha256:2222");
        assertThat(PlanText.render(nothing, HEADER, false)).isEqualTo(golden("nothing.txt"));
    }

    @Test
    void coloursChangeNothingButColours() {
        assertThat(PlanText.render(everything(), HEADER, true).replaceAll("\u001b\\[[0-9]+m", ""))
                .isEqualTo(PlanText.render(everything(), HEADER, false));
    }

    @Test
    void nothingFromGitOrTheClusterSteersTheTerminal() {
        Plan hostile = plan(step(
                key("", "ConfigMap", "shop", "a\u001b[2J"),
                0,
                Action.UPDATE,
                "",
                new FieldChange(
                        FieldPath.ROOT.field("da\u009bta"),
                        TextNode.valueOf("a\u001b]0;x\u0007\nb\r"),
                        TextNode.valueOf("\u202ec"),
                        null)));
        String text = PlanText.render(hostile, HEADER, false);
        assertThat(text.codePoints()
                        .filter(c -> c != '\n')
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT))
                .isTrue();
    }

    @Test
    void jsonHoldsTheSame() throws IOException {
        assertThat(new ObjectMapper()
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsString(PlanJson.full(everything(), HEADER))
                        + "\n")
                .isEqualTo(golden("everything.json"));
    }
}
