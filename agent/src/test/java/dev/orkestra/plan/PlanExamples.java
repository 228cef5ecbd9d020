package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.List;

/** Plans with one of everything, for those who print them. */
final class PlanExamples {
    static final PlanHeader HEADER = new PlanHeader(
            "orkestra",
            "staging",
            "http://git.test/config.git refs/heads/main",
            "ba5e0123456789ba5e0123456789ba5e01234567",
            "",
            List.of("The agent applies it once the commit is pushed."));

    static final String HASH = "sha256:" + "2".repeat(64);
    private static final Position LINE = new Position("applications/staging/shop.yaml", 12, 11);

    private PlanExamples() {}

    static ObjectKey key(String group, String kind, String namespace, String name) {
        return new ObjectKey(group, kind, namespace, name);
    }

    static PlanStep step(ObjectKey key, int wave, Action action, String note, FieldChange... changes) {
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

    private static FieldPath path(String... names) {
        FieldPath path = FieldPath.ROOT;
        for (String name : names) {
            path = path.field(name);
        }
        return path;
    }

    private static JsonNode text(String value) {
        return TextNode.valueOf(value);
    }

    private static PrunePlan.Item item(String kind, String name, PrunePlan.Fate fate) {
        String namespace = kind.equals("Namespace") ? "" : "shop";
        return new PrunePlan.Item(InventoryEntry.intended(key("", kind, namespace, name), "v1", Wave.sync(0, 0)), fate);
    }

    static Plan plan(PlanStep... steps) {
        return new Plan(
                "c0ffee0123456789c0ffee0123456789c0ffee01",
                "sha256:" + "1".repeat(64),
                List.of(steps),
                List.of(
                        new PlannedHook(
                                key("batch", "Job", "shop", "migrate"), new Wave(2, Wave.Phase.PRE_SYNC, 2), LINE),
                        new PlannedHook(
                                key("batch", "Job", "shop", "alarm"), new Wave(2, Wave.Phase.SYNC_FAIL, 2), LINE)),
                new PrunePlan(
                        PrunePlan.Budget.WITHIN,
                        3,
                        List.of(
                                item("ConfigMap", "announcement", PrunePlan.Fate.DELETE),
                                item("ConfigMap", "kept", PrunePlan.Fate.SAYS_KEEP),
                                item("ConfigMap", "unlisted", PrunePlan.Fate.NOT_ALLOWED),
                                item("Namespace", "old", PrunePlan.Fate.NEEDS_APPROVAL))),
                HASH);
    }

    static Plan nothing() {
        return new Plan(
                "working tree",
                "sha256:" + "1".repeat(64),
                List.of(step(key("", "ConfigMap", "shop", "settings"), 0, Action.UNCHANGED, "")),
                PrunePlan.NOTHING,
                HASH);
    }

    static Plan everything() {
        FieldPath image = path("spec", "containers")
                .then(new FieldPath.Step.Keyed(
                        JsonNodeFactory.instance.objectNode().put("name", "web")))
                .field("image");
        return plan(
                step(key("", "Namespace", "", "shop"), 0, Action.CREATE, ""),
                step(key("", "ConfigMap", "shop", "settings"), 0, Action.UNCHANGED, ""),
                definition(),
                step(
                        key("apps", "Deployment", "shop", "web"),
                        2,
                        Action.UPDATE,
                        "",
                        new FieldChange(image, text("web:1"), text("web:2"), LINE, "kubectl-set"),
                        new FieldChange(path("metadata", "labels", "team"), null, text("shop"), LINE),
                        new FieldChange(
                                path("spec", "paused"), JsonNodeFactory.instance.booleanNode(true), null, LINE)),
                step(
                        key("", "ConfigMap", "shop", "orkestra-katalog"),
                        2,
                        Action.UPDATE,
                        "",
                        new FieldChange(
                                path("data", "katalog.yaml"),
                                text("kind: Katalog\nspec:\n  workers: 1\n  resync: 30s\n"),
                                text("kind: Katalog\nspec:\n  workers: 2\n  resync: 30s\n"),
                                LINE)),
                step(
                        key("", "Secret", "shop", "login"),
                        2,
                        Action.UPDATE,
                        "",
                        new FieldChange(path("data", "password"), text("***"), text("***"), LINE)),
                replaced(),
                group(),
                step(key("example.test", "Gadget", "shop", "g"), 2, Action.DEFERRED, "until Namespace/shop is there"),
                step(
                        key("", "ConfigMap", "shop", "edited"),
                        2,
                        Action.UPDATE,
                        PlanStep.DRIFT,
                        new FieldChange(path("data", "color"), text("green"), text("blue"), LINE, "kubectl-edit")),
                step(key("apps", "Deployment", "shop", "api"), 2, Action.REFUSED, ""));
    }

    private static PlanStep definition() {
        return step(
                        key("apiextensions.k8s.io", "CustomResourceDefinition", "", "gadgets.example.test"),
                        0,
                        Action.UPDATE,
                        "",
                        new FieldChange(path("spec", "versions"), text("v1"), text("v2"), LINE))
                .with(
                        List.of(new Risk(
                                Risk.Kind.STORAGE_VERSION, "objects are stored as v2 instead of v1 from now on")),
                        List.of());
    }

    private static PlanStep replaced() {
        return step(
                        key("apps", "Deployment", "shop", "cache"),
                        2,
                        Action.REPLACE,
                        "deleted and created again, as these cannot be changed: spec.selector",
                        new FieldChange(path("spec", "selector", "matchLabels", "app"), text("a"), text("b"), LINE))
                .with(List.of(new Risk(Risk.Kind.REPLACED, "it is away until it is created again")), List.of());
    }

    private static PlanStep group() {
        return step(key("orkestra.azure.microsoft.com", "ApplicationGroup", "", "shop"), 2, Action.UPDATE, "")
                .with(
                        List.of(),
                        List.of(
                                new ReleaseStep(ReleaseStep.Action.UPGRADE, "web", "shop/web", "1.0.0", "1.1.0", 1),
                                new ReleaseStep(ReleaseStep.Action.UPGRADE, "db", "shop/db", "2.0.0", "2.0.0", 1),
                                new ReleaseStep(ReleaseStep.Action.INSTALL, "cache", "shop/cache", "", "0.3.0", 2),
                                new ReleaseStep(ReleaseStep.Action.REMOVE, "old", "shop/old", "0.9.0", "", 3)));
    }
}
