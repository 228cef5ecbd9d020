package dev.orkestra.plan;

import static dev.orkestra.plan.AppliedObjects.applied;
import static dev.orkestra.plan.AppliedObjects.entry;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.orkestra.outcome.Severity;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A repository with two layers, a cluster in memory, and the plan between them. */
final class PlanScene {
    private PlanScene() {}

    static final String SHOP = """
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

    static Situation situation(DesiredState desired, Inventory inventory, Map<ObjectKey, ObjectNode> live) {
        return new Situation(repo("refuse"), desired, inventory, live);
    }

    static Plan planOf(
            Situation situation,
            Map<ObjectKey, DryRun> answers,
            Map<ObjectKey, dev.orkestra.document.Node.MapNode> sources,
            PrunePlan prune) {
        return Planner.plan(situation, Planner.triage(situation), answers, sources, prune);
    }

    /** All that nobody wants goes, as where there is no budget. */
    static PrunePlan prune(Situation situation) {
        List<PrunePlan.Item> items = situation.inventory().entries().values().stream()
                .filter(entry -> situation.desired().find(entry.key()).isEmpty())
                .filter(entry -> situation.live().containsKey(entry.key()))
                .map(entry -> new PrunePlan.Item(entry, PrunePlan.Fate.DELETE))
                .toList();
        return new PrunePlan(PrunePlan.Budget.WITHIN, 100, items);
    }

    static DesiredState state(String infra, String apps) {
        return assemble(infra, apps).state().orElseThrow();
    }

    static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop}\ndata: {v: '" + value
                + "'}\n";
    }

    /** Everything of {@code state} applied and in the inventory. */
    static final class Cluster {
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

    static List<String> texts(Plan plan) {
        return plan.steps().stream()
                .map(step -> step.action() + " " + step.key() + (step.note().isEmpty() ? "" : ", " + step.note()))
                .toList();
    }

    static final String CRD = """
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
    static final String GADGET = "apiVersion: example.test/v1\nkind: Gadget\nmetadata: {name: g}\n";
}
