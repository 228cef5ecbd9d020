package dev.orkestra.plan;

import static dev.orkestra.plan.AppliedObjects.applied;
import static dev.orkestra.plan.AppliedObjects.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.MapTree;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
    private static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """;

    static ConfigRepo repo(String adoption) {
        String yaml = """
                metadata: {name: staging, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/x"}
                  layers: [{path: infra, wave: 0}, {path: apps, wave: 2}]
                  adoption: %s
                  serviceAccountName: s
                """.formatted(adoption);
        return ConfigRepoParser.parse((ObjectNode) DocumentReader.read("r", yaml.getBytes(StandardCharsets.UTF_8))
                        .documents()
                        .getFirst()
                        .root()
                        .toJson())
                .configRepo()
                .orElseThrow();
    }

    static AssembleResult assemble(String infra, String apps) {
        MapTree tree = new MapTree().file("infra/a.yaml", infra).file("apps/b.yaml", apps);
        AssembleResult result = Assembler.assemble(
                repo("refuse"),
                "c0ffee0123456789",
                tree,
                (version, kind) -> Optional.of(true).filter(x -> kind.equals("Gadget")));
        assertThat(result.diagnostics()).noneMatch(finding -> finding.severity() == Severity.ERROR);
        return result;
    }

    private static Situation situation(DesiredState desired, Inventory inventory, Map<ObjectKey, ObjectNode> live) {
        return new Situation(repo("refuse"), desired, inventory, live);
    }

    private static Plan planOf(
            Situation situation,
            Map<ObjectKey, DryRun> answers,
            Map<ObjectKey, dev.orkestra.document.Node.MapNode> sources,
            PrunePlan prune) {
        return Planner.plan(situation, Planner.triage(situation), answers, sources, prune);
    }

    /** All that nobody wants goes, as where there is no budget. */
    private static PrunePlan prune(Situation situation) {
        List<PrunePlan.Item> items = situation.inventory().entries().values().stream()
                .filter(entry -> situation.desired().find(entry.key()).isEmpty())
                .filter(entry -> situation.live().containsKey(entry.key()))
                .map(entry -> new PrunePlan.Item(entry, PrunePlan.Fate.DELETE))
                .toList();
        return new PrunePlan(PrunePlan.Budget.WITHIN, 100, items);
    }

    private static DesiredState state(String infra, String apps) {
        return assemble(infra, apps).state().orElseThrow();
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop}\ndata: {v: '" + value
                + "'}\n";
    }

    /** Everything of {@code state} applied and in the inventory. */
    private static final class Cluster {
        final Map<ObjectKey, ObjectNode> live = new HashMap<>();
        Inventory inventory = Inventory.EMPTY;

        static Cluster after(DesiredState state) {
            Cluster cluster = new Cluster();
            for (DesiredObject object : state.objects()) {
                cluster.live.put(object.key(), applied(object));
                cluster.inventory = cluster.inventory.with(List.of(entry(object)));
            }
            return cluster;
        }

        ObjectNode object(String name) {
            return live.entrySet().stream()
                    .filter(entry -> entry.getKey().name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
        }

        /** Answers each dry-run as a server would that has nothing against it. */
        Plan plan(ConfigRepo repo, DesiredState desired) {
            Map<ObjectKey, DryRun> answers = Planner.triage(situation(desired, inventory, live)).ask().stream()
                    .collect(Collectors.toMap(
                            DesiredObject::key, object -> new DryRun.Accepted(AppliedObjects.applied(object))));
            Situation situation = new Situation(repo, desired, inventory, live);
            return planOf(situation, answers, Map.of(), prune(situation));
        }

        Plan plan(DesiredState desired) {
            return plan(repo("refuse"), desired);
        }
    }

    private static List<String> texts(Plan plan) {
        return plan.steps().stream()
                .map(step -> step.action() + " " + step.key() + (step.note().isEmpty() ? "" : ", " + step.note()))
                .toList();
    }

    @Test
    void theFirstCommitCreatesAndDefersWhatItsOwnNamespaceHolds() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        assertThat(texts(new Cluster().plan(state)))
                .containsExactly("CREATE Namespace/shop", "DEFERRED ConfigMap/shop/a, until Namespace/shop is there");
        assertThat(Planner.triage(situation(state, Inventory.EMPTY, Map.of())).deferred())
                .extracting(ObjectKey::toString)
                .containsExactly("ConfigMap/shop/a");
    }

    @Test
    void nothingIsAskedWhenNothingChanged() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        assertThat(Planner.triage(situation(state, cluster.inventory, cluster.live))
                        .ask())
                .isEmpty();
        Plan plan = cluster.plan(state);
        assertThat(plan.changesNothing()).isTrue();
        assertThat(plan.count(Action.UNCHANGED)).isEqualTo(2);
    }

    @Test
    void aChangedValueIsAnUpdateAndTheRestIsNot() {
        Cluster cluster = Cluster.after(state(SHOP, configMap("a", "1") + "---\n" + configMap("b", "1")));
        Plan plan = cluster.plan(state(SHOP, configMap("a", "1") + "---\n" + configMap("b", "2")));
        assertThat(texts(plan))
                .containsExactly("UNCHANGED Namespace/shop", "UNCHANGED ConfigMap/shop/a", "UPDATE ConfigMap/shop/b");
        FieldChange change = plan.steps().getLast().changes().getFirst();
        assertThat(change.path() + " " + change.before() + " " + change.after()).isEqualTo("data.v \"1\" \"2\"");
    }

    @Test
    void changesNameTheLineInGit() {
        Cluster cluster = Cluster.after(state(SHOP, configMap("a", "1")));
        AssembleResult next = assemble(SHOP, "# moved down\n" + configMap("a", "2"));
        DesiredState desired = next.state().orElseThrow();
        Map<ObjectKey, DryRun> answers =
                Planner.triage(situation(desired, cluster.inventory, cluster.live)).ask().stream()
                        .collect(Collectors.toMap(DesiredObject::key, object -> new DryRun.Accepted(applied(object))));
        Plan plan =
                planOf(situation(desired, cluster.inventory, cluster.live), answers, next.sources(), PrunePlan.NOTHING);
        assertThat(plan.steps().getLast().changes().getFirst().origin()).hasToString("apps/b.yaml:5:8");
    }

    @Test
    void driftOfAnOwnedFieldIsAskedAboutAndShown() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ((ObjectNode) cluster.object("a").get("data")).put("v", "edited");
        assertThat(texts(cluster.plan(state))).contains("UPDATE ConfigMap/shop/a, drift: Git wants the same as before");
    }

    @Test
    void anObjectThatSomebodyMadeAnewIsNotTakenForOurs() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ((ObjectNode) cluster.object("a").get("metadata")).put("uid", "another");
        assertThat(Planner.triage(situation(state, cluster.inventory, cluster.live))
                        .ask())
                .hasSize(1);
    }

    @Test
    void whatTheInventoryHoldsAndNobodyWantsIsPruned() {
        Cluster cluster = Cluster.after(
                state(SHOP + "---\n" + configMap("i", "1"), configMap("a", "1") + "---\n" + configMap("b", "1")));
        cluster.live.keySet().removeIf(key -> key.name().equals("b"));
        Plan plan =
                cluster.plan(state(SHOP, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new, namespace: shop}\n"));
        assertThat(plan.prune().items())
                .extracting(item -> item.entry().key().name())
                .containsExactlyInAnyOrder("a", "i");
        assertThat(plan.changesNothing()).isFalse();
    }

    @Test
    void whatNobodyCouldLookAtAndHooksCountAsChanges() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Plan nothing = Cluster.after(state).plan(state);
        PlannedHook hook = new PlannedHook(
                new ObjectKey("batch", "Job", "shop", "migrate"),
                nothing.steps().getFirst().wave(),
                nothing.steps().getFirst().origin());
        Plan blind = new Plan("c1", state.digest(), nothing.steps(), List.of(), PrunePlan.UNKNOWN, "");
        Plan runs = new Plan("c1", state.digest(), nothing.steps(), List.of(hook), PrunePlan.NOTHING, "");

        assertThat(nothing.changesNothing()).isTrue();
        assertThat(blind.changesNothing()).isFalse();
        assertThat(blind.isDestructive()).as("that is not known either").isFalse();
        assertThat(runs.changesNothing()).isFalse();
        assertThat(runs.withoutHooks().changesNothing()).isTrue();
    }

    @Test
    void anObjectThatTheInventoryLostJoinsItAgain() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        cluster.inventory = Inventory.EMPTY;
        assertThat(texts(cluster.plan(state)))
                .contains("UPDATE ConfigMap/shop/a, no value changes; it joins the inventory");
    }

    @Test
    void valuesOfSecretsAreNowhereInThePlan() {
        String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop, labels: {a: '%s'}}\n"
                + "stringData: {password: %s}\n";
        Cluster cluster = Cluster.after(state(SHOP, secret.formatted("1", "hunter1")));
        AssembleResult next = assemble(SHOP, secret.formatted("2", "hunter2"));
        Plan plan = cluster.plan(next.state().orElseThrow());
        PlanHeader header = new PlanHeader("orkestra", "staging", "x", "", "", List.of());
        String all = PlanJson.full(plan, header) + PlanText.render(plan, header, false);
        assertThat(all)
                .doesNotContain("hunter")
                .doesNotContain("aHVudGVy")
                .contains("data.password")
                .contains("\"1\" -> \"2\"");
        Plan refused = planOf(
                situation(next.state().orElseThrow(), cluster.inventory, cluster.live),
                Map.of(
                        next.state().orElseThrow().objects().getLast().key(),
                        new DryRun.Refused(ErrorCode.Refused, "Invalid value: \"hunter2\"")),
                Map.of(),
                PrunePlan.NOTHING);
        assertThat(refused.refusals().toString()).doesNotContain("hunter").contains("[Refused]");
    }

    @Test
    void attack22ACopyOfASecretInAnAnnotationOrARemovedKeyIsNotShownEither() {
        String secret =
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop, annotations: {copy: '%s'}}\n"
                        + "stringData: {%s}\n";
        Cluster cluster = Cluster.after(state(SHOP, secret.formatted("hunter1", "password: hunter1, old: hunter3")));
        DesiredState next = state(SHOP, secret.formatted("hunter2", "password: hunter2"));
        ObjectKey key = next.objects().getLast().key();
        ((ObjectNode) Objects.requireNonNull(cluster.live.get(key))
                        .path("metadata")
                        .path("annotations"))
                .put("kubectl.kubernetes.io/last-applied-configuration", "{\"data\":{\"password\":\"hunter1\"}}");
        Plan plan = cluster.plan(next);
        PlanHeader header = new PlanHeader("orkestra", "staging", "x", "", "", List.of());
        assertThat(PlanJson.full(plan, header) + PlanText.render(plan, header, false))
                .contains("data.password")
                .doesNotContain("aHVudGVy")
                .doesNotContain("hunter");
    }

    @Test
    void refusalsOfTheServerBecomeFindingsAtTheManifest() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state(SHOP, configMap("other", "1")));
        ObjectKey key = state.objects().getLast().key();
        Map<DryRun, String> expected = Map.of(
                new DryRun.Conflict(List.of(new DryRun.Owner(".data.v", "kubectl-edit"))),
                "apps/b.yaml:1:1: error: ConfigMap/shop/a has fields that others own: .data.v (kubectl-edit)",
                new DryRun.Refused(ErrorCode.Forbidden, "not you"),
                "apps/b.yaml:1:1: error: ConfigMap/shop/a: not you",
                new DryRun.MissingNamespace(),
                "apps/b.yaml:1:1: error: the namespace shop of ConfigMap/shop/a is not there",
                new DryRun.MissingKind(),
                "apps/b.yaml:1:1: error: v1 ConfigMap is not served by the cluster");
        expected.forEach((answer, text) -> {
            Plan plan = planOf(
                    situation(state, cluster.inventory, cluster.live),
                    Map.of(key, answer),
                    Map.of(),
                    PrunePlan.NOTHING);
            assertThat(plan.refusals()).singleElement().asString().startsWith(text);
        });
        assertThatThrownBy(() -> planOf(
                        situation(state, cluster.inventory, cluster.live), Map.of(), Map.of(), PrunePlan.NOTHING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static final String CRD = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gadgets.example.test}
            spec:
              group: example.test
              scope: Namespaced
              names: {kind: Gadget, plural: gadgets}
              versions:
                - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
            """;
    private static final String GADGET = "apiVersion: example.test/v1\nkind: Gadget\nmetadata: {name: g}\n";

    @Test
    void anObjectWaitsForItsKindWhenTheCommitBringsIt() {
        assertThat(texts(new Cluster().plan(state(CRD, GADGET))))
                .contains("DEFERRED Gadget.example.test/default/g, until"
                        + " CustomResourceDefinition.apiextensions.k8s.io/gadgets.example.test is there");
    }

    @Test
    void anObjectThatComesBeforeItsKindIsRefused() {
        Plan plan = new Cluster().plan(state(GADGET, CRD));
        assertThat(plan.refusals()).extracting(Diagnostic::code).containsExactly(ErrorCode.WaveConflict);
    }

    private static Plan planOver(ObjectNode present, String adoption) {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state(SHOP, configMap("other", "1")));
        cluster.live.put(state.objects().getLast().key(), present);
        return cluster.plan(repo(adoption), state);
    }

    private static ObjectNode foreign(String manager) {
        ObjectNode body =
                state(SHOP, configMap("a", "1")).objects().getLast().body().deepCopy();
        ((ObjectNode) body.get("metadata")).remove("labels");
        return AppliedObjects.applied(body, "u", manager);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubectl-client-side-apply",
                "kubectl",
                "helm",
                "Helm",
                "kustomize-controller",
                "argocd-controller"
            })
    void whatAnotherToolManagesIsTakenOverOnlyWhenAllowed(String manager) {
        Plan refused = planOver(foreign(manager), "refuse");
        assertThat(refused.refusals()).singleElement().asString().contains("'" + manager + "'");
        assertThat(refused.refusals().getFirst().code()).isEqualTo(ErrorCode.OwnedElsewhere);
        assertThat(texts(planOver(foreign(manager), "takeover"))).contains("UPDATE ConfigMap/shop/a");
    }

    @Test
    void whatAControllerOfKubernetesMadeIsTakenOver() {
        assertThat(planOver(foreign("kube-controller-manager"), "refuse").refusals())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse", "takeover"})
    void anObjectOfAnotherConfigRepoIsNeverTakenOver(String adoption) {
        ObjectNode other = foreign("orkestra-agent");
        ((ObjectNode) other.get("metadata")).putObject("labels").put(ConfigRepo.LABEL, "orkestra.production");
        assertThat(planOver(other, adoption).refusals())
                .singleElement()
                .asString()
                .contains("belongs to the ConfigRepo orkestra/production");
    }

    @Test
    void forceIsForTheAnnotationAndForTheFirstTakeover() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        DesiredObject object = state.objects().getLast();
        Inventory known = Inventory.EMPTY.with(List.of(entry(object)));
        assertThat(Ownership.mayForce(repo("refuse"), object, foreign("helm"), Inventory.EMPTY))
                .isFalse();
        assertThat(Ownership.mayForce(repo("takeover"), object, foreign("helm"), Inventory.EMPTY))
                .isTrue();
        assertThat(Ownership.mayForce(repo("takeover"), object, foreign("helm"), known))
                .isFalse();
        assertThat(Ownership.mayForce(repo("takeover"), object, applied(object), Inventory.EMPTY))
                .isFalse();
        DesiredObject forced = state(
                        SHOP, configMap("a", "1").replace("shop}", "shop, annotations: {orkestra.dev/force: 'true'}}"))
                .objects()
                .getLast();
        assertThat(Ownership.mayForce(repo("refuse"), forced, null, Inventory.EMPTY))
                .isTrue();
    }

    @Test
    void theHashFollowsWhatIsDoneAndNotTheNoise() {
        DesiredState before = state(SHOP, configMap("a", "1"));
        DesiredState after = state(SHOP, configMap("a", "2"));
        Cluster cluster = Cluster.after(before);
        String hash = cluster.plan(after).hash();
        ((ObjectNode) cluster.object("a").get("metadata")).put("resourceVersion", "77");
        cluster.object("a").putObject("status").put("x", 1);
        assertThat(cluster.plan(after).hash()).isEqualTo(hash);
        ((ObjectNode) cluster.object("a").get("data")).put("v", "edited");
        assertThat(cluster.plan(after).hash()).isNotEqualTo(hash);
    }

    @Test
    void afterApplyingAnyPlanThereIsNothingLeftToDo() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Cluster cluster = new Cluster();
        for (int round = 0; round < 60; round++) {
            StringBuilder apps = new StringBuilder(configMap("always", "x"));
            for (int i = 0; i < 8; i++) {
                if (random.nextBoolean()) {
                    apps.append("---\n").append(configMap("n" + i, "v" + random.nextInt(3)));
                }
            }
            DesiredState desired = state(SHOP, apps.toString());
            Plan plan = cluster.plan(desired);
            assertThat(plan.refusals()).as("seed %d", seed).isEmpty();
            assertThat(plan.steps().size())
                    .as("seed %d", seed)
                    .isEqualTo(desired.objects().size());
            for (PlanStep step : plan.steps()) {
                boolean same = cluster.live.containsKey(step.key())
                        && applied(desired.find(step.key()).orElseThrow()).equals(cluster.live.get(step.key()));
                assertThat(step.action() == Action.UNCHANGED)
                        .as("seed %d, %s", seed, step)
                        .isEqualTo(same);
            }
            plan.prune()
                    .items()
                    .forEach(item -> cluster.live.remove(item.entry().key()));
            Cluster next = Cluster.after(desired);
            assertThat(cluster.live.keySet())
                    .as("seed %d", seed)
                    .allMatch(key -> desired.find(key).isPresent());
            cluster.live.putAll(next.live);
            cluster.inventory = next.inventory;
            assertThat(cluster.plan(desired).changesNothing())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void listsOfSetsKeepTheirPlanWhenItemsMove() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ((ArrayNode) cluster.object("a").at("/metadata/managedFields"))
                .insertObject(0)
                .put("manager", "someone")
                .put("operation", "Update");
        assertThat(cluster.plan(state).changesNothing()).isTrue();
    }

    private static final String STATEFUL = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db, namespace: shop%s}
            spec:
              serviceName: %s
              selector: {matchLabels: {app: db}}
              template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "db:1"}]}}
            """;
    private static final String MAY_BE_REPLACED =
            ", annotations: {argocd.argoproj.io/sync-options: 'Prune=false,Replace=true'}";

    private static PlanStep immutable(String annotations, String fault) {
        Cluster cluster = Cluster.after(state(SHOP, STATEFUL.formatted("", "old")));
        DesiredState next = state(SHOP, STATEFUL.formatted(annotations, "new"));
        Map<ObjectKey, DryRun> answers = Map.of(next.objects().getLast().key(), new DryRun.Immutable(List.of(fault)));
        return planOf(situation(next, cluster.inventory, cluster.live), answers, Map.of(), PrunePlan.NOTHING)
                .steps()
                .getLast();
    }

    @Test
    void aFieldThatCannotBeChangedIsNamedWithTheWayToAllowAReplacement() {
        PlanStep step = immutable("", "spec");
        assertThat(step.action()).isEqualTo(Action.REFUSED);
        assertThat(step.refusal())
                .asString()
                .contains("a field that cannot be changed: spec.serviceName")
                .contains("argocd.argoproj.io/sync-options: Replace=true");
    }

    @Test
    void whatAllowsItIsReplacedAndMarkedWhereItHoldsData() {
        PlanStep step = immutable(MAY_BE_REPLACED, "spec");
        assertThat(step.action()).isEqualTo(Action.REPLACE);
        assertThat(step.note()).isEqualTo("deleted and created again, as these cannot be changed: spec.serviceName");
        assertThat(step.changes())
                .extracting(change -> change.path() + " " + change.before() + " " + change.after())
                .contains("spec.serviceName \"old\" \"new\"");
        assertThat(step.risks()).extracting(Risk::kind).containsExactly(Risk.Kind.REPLACED_DATA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Namespace", "PersistentVolume", "PersistentVolumeClaim"})
    void whatWouldTakeMoreWithItIsNeverReplaced(String kind) {
        ObjectKey key = new ObjectKey("", kind, "", "x");
        assertThat(Replacement.isEverAllowed(key)).isFalse();
        assertThat(Replacement.isEverAllowed(
                        new ObjectKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "x")))
                .isFalse();
        assertThat(Replacement.isEverAllowed(new ObjectKey("", "Service", "n", "x")))
                .isTrue();
    }

    @Test
    void aFieldThatAnotherManagerWroteNamesIt() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ObjectNode live = cluster.object("a");
        ((ObjectNode) live.get("data")).put("v", "edited");
        ObjectNode entry = live.withArray("/metadata/managedFields").addObject();
        entry.put("manager", "kubectl-edit").put("operation", "Update");
        entry.putObject("fieldsV1").putObject("f:data").putObject("f:v");
        Plan plan = cluster.plan(state);
        assertThat(plan.steps().getLast().changes().getFirst().changedBy()).isEqualTo("kubectl-edit");
        assertThat(plan.steps().getLast().isDrift()).isTrue();
    }

    @Test
    void anObjectWaitsForTheWebhookThatWillHaveASayInIt() {
        String webhook = """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: guard}
                webhooks:
                  - name: guard.example.test
                    admissionReviewVersions: [v1]
                    sideEffects: None
                    clientConfig: {url: "https://guard.test"}
                    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
                """;
        String service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\n";
        Cluster cluster = Cluster.after(state(SHOP, configMap("other", "1")));
        assertThat(texts(cluster.plan(state(SHOP + "---\n" + webhook, configMap("a", "1") + service))))
                .contains("CREATE Service/shop/s")
                .contains("DEFERRED ConfigMap/shop/a, until"
                        + " ValidatingWebhookConfiguration.admissionregistration.k8s.io/guard is there");
    }

    @Test
    void anotherStorageVersionOfACrdIsAPointOfNoReturn() {
        Cluster cluster = Cluster.after(state(CRD, GADGET));
        Plan plan = cluster.plan(state(
                CRD.replace("{name: v1, served: true, storage: true", "{name: v2, served: true, storage: true"),
                GADGET.replace("/v1", "/v2")));
        assertThat(plan.steps().getFirst().risks())
                .extracting(Risk::kind)
                .containsExactly(Risk.Kind.STORAGE_VERSION, Risk.Kind.VERSION_REMOVED);
        assertThat(plan.passesPointOfNoReturn()).isTrue();
    }
}
