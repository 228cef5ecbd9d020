package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A poison group hurts itself only: it says what is wrong, it can be deleted, and a group beside it goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoisonGroupsIT {
    private static final String WORLD = "checks-poison";

    private GroupWorld world;
    private int good;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings);
        Bookinfo.publish(world.charts);
    }

    @AfterEach
    void aGroupBesideItGoesOn() {
        String name = WORLD + "-good" + ++good;
        world.succeeded(name, world.application("podinfo", "", ""));
        world.finish(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)));
        world.awaitGroupGone(name);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void namesThatAreTooLongAreRefusedByTheApiServer() {
        for (int length : List.of(300, 64)) {
            ObjectNode group = head(WORLD + "-" + "n".repeat(length - WORLD.length() - 1));
            group.withObject("/spec").putArray("applications").add(application("podinfo"));
            assertInvalid(group);
        }
        ObjectNode inside = head(WORLD + "-inside");
        inside.withObject("/spec").putArray("applications").add(application("n".repeat(300)));
        assertInvalid(inside);
    }

    @Test
    void tenThousandApplicationsAreRefusedByTheApiServer() {
        ObjectNode group = head(WORLD + "-many");
        ArrayNode applications = group.withObject("/spec").putArray("applications");
        for (int i = 0; i < 10_000; i++) {
            applications.addObject().put("name", "a" + i);
        }
        assertInvalid(group);
    }

    @Test
    void valuesThatNoWorkflowCanHoldAreNamed() {
        String name = WORLD + "-large";
        ObjectNode group = head(name);
        ArrayNode applications = group.withObject("/spec").putArray("applications");
        for (Map.Entry<String, Integer> each :
                Map.of("podinfo", 1_000_000, "kiali", 150_000).entrySet()) {
            ObjectNode application = application(each.getKey());
            application
                    .withObject("/spec/release")
                    .put("targetNamespace", name)
                    .putObject("values")
                    .put("text", "v".repeat(each.getValue()));
            applications.add(application);
        }
        ObjectNode refused = world.awaitReady(world.apply(group), "False", "TooLarge");
        assertThat(GroupWorld.message(refused, "Ready"))
                .contains("the largest values: podinfo-podinfo 977 KiB, kiali-kiali 147 KiB")
                .contains("release.valuesFrom");
        assertThat(world.workflow(WorkflowType.FORWARD, name)).isEmpty();
        gone(name);
    }

    @Test
    void aGroupWhoseRemovalNoWorkflowCanHoldGoesAllTheSame() {
        String name = WORLD + "-removal";
        ObjectNode first = world.apply(large(name, "podinfo"));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, first);
        world.finish(workflow);
        world.awaitReady(first, "True", "Succeeded");
        // The same application from another chart: what it was and what it is to be are one Workflow too many.
        ObjectNode second = world.apply(large(name, "kiali"));
        world.awaitReady(second, "False", "TooLarge");
        ObjectNode dying = world.delete(name);
        world.awaitEvent(second, "Warning ReconcileError no reverse workflow: ");
        // What is left to do fits.
        world.finish(world.awaitWorkflow(WorkflowType.REVERSE, dying));
        world.awaitGroupGone(name);
        assertThat(world.releasesOf(name)).isEmpty();
    }

    private ObjectNode large(String name, String chart) {
        ObjectNode group = head(name);
        ObjectNode application = application(chart).put("name", "same");
        application
                .withObject("/spec/release")
                .put("targetNamespace", name)
                .putObject("values")
                .put("text", "v".repeat(900_000));
        group.withObject("/spec").putArray("applications").add(application);
        return group;
    }

    @Test
    void aSpecThatIsTooLargeToBeRememberedBecomesReadyAllTheSame() {
        String name = WORLD + "-unremembered";
        ObjectNode group = head(name);
        // What kubectl apply leaves is as large as the spec, and all annotations together have 256 KiB.
        group.withObject("/metadata/annotations")
                .put("kubectl.kubernetes.io/last-applied-configuration", "v".repeat(140_000));
        ObjectNode application = application("podinfo");
        application
                .withObject("/spec/release")
                .put("targetNamespace", name)
                .putObject("values")
                .put("text", "v".repeat(140_000));
        group.withObject("/spec").putArray("applications").add(application);
        ObjectNode stored = world.apply(group);
        world.finish(world.awaitWorkflow(WorkflowType.FORWARD, stored));
        ObjectNode ready = world.awaitReady(stored, "True", "Succeeded");
        assertThat(ready.at("/metadata/annotations").has(GroupNames.LAST_SUCCESSFUL))
                .isFalse();
        world.finish(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)));
        world.awaitGroupGone(name);
    }

    @Test
    void garbageInEveryFieldIsSaidAndCanBeDeleted() {
        long seed = Long.getLong("orkestra.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> names = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            ObjectNode group = head(WORLD + "-garbage" + i);
            ArrayNode applications = group.withObject("/spec").putArray("applications");
            for (int n = 0; n <= random.nextInt(3); n++) {
                applications.add(Garbage.application(random, world.charts.url()));
            }
            try {
                names.add(GroupWorld.name(world.create(group)));
            } catch (ClusterException e) {
                assertThat(e.reason())
                        .as("seed " + seed + ": " + e.getMessage())
                        .isEqualTo(ClusterException.Reason.INVALID);
                refused++;
            }
        }
        assertThat(names).as("seed " + seed).isNotEmpty();
        for (String name : names) {
            ObjectNode known = world.await(
                    world.groupType(),
                    "",
                    name,
                    each -> !GroupStatus.readyReason(each).isEmpty()
                            && (!GroupStatus.readyReason(each).equals("Progressing")
                                    || GroupStatus.observedGeneration(each) > 0));
            assertThat(GroupWorld.message(known, "Ready")).as("seed " + seed).isNotEmpty();
        }
        assertThat(refused).as("seed " + seed).isPositive();
        names.forEach(this::gone);
    }

    @Test
    void deepAndOddValuesReachTheHelmReleaseAsTheyAre() {
        String name = WORLD + "-odd";
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        ObjectNode deepest = values;
        for (int i = 0; i < 40; i++) {
            deepest = deepest.putObject("d");
        }
        deepest.put("on", "yes")
                .put("octal", "0777")
                .put("date", "2026-01-01")
                .put("tilde", "~")
                .put("empty", "");
        deepest.put("large", Long.MAX_VALUE)
                .put("half", 0.5)
                .put("lines", "a\n  b\n\n")
                .put("brace", "{{ .Values }}");
        deepest.put("argo", "{{inputs.parameters.timeout}}")
                .put("emoji", "\uD83D\uDE00")
                .put("nul", "a\u0001b");
        deepest.putArray("list").add("- x").add(": y").add("# z");
        ObjectNode group = head(name);
        ObjectNode application = application("podinfo");
        application.withObject("/spec/release").put("targetNamespace", name).set("values", values);
        group.withObject("/spec").putArray("applications").add(application);
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, world.create(group)));
        JsonNode planned = workflow.release("podinfo", "podinfo-podinfo").at("/spec/values");
        assertThat(CanonicalJson.text(planned)).isEqualTo(CanonicalJson.text(values));
        gone(name);
    }

    /** Deletes the group; an engine that can remove nothing must not keep it. */
    private void gone(String name) {
        ObjectNode dying = world.delete(name);
        if (world.workflow(WorkflowType.FORWARD, name).isPresent()) {
            world.end(world.awaitWorkflow(WorkflowType.REVERSE, dying), "Failed");
        }
        world.awaitGroupGone(name);
    }

    private void assertInvalid(ObjectNode group) {
        assertThatThrownBy(() -> world.apply(group))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.reason()).isEqualTo(ClusterException.Reason.INVALID));
        assertThat(world.cluster.get(world.groupType(), "", GroupWorld.name(group)))
                .isEmpty();
    }

    private static ObjectNode head(String name) {
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        group.put("apiVersion", ApplicationGroup.API_VERSION).put("kind", ApplicationGroup.KIND);
        group.putObject("metadata").put("name", name);
        return group;
    }

    private ObjectNode application(String name) {
        ObjectNode application = JsonNodeFactory.instance.objectNode().put("name", name);
        application
                .withObject("/spec/chart")
                .put("url", world.charts.url())
                .put("name", name)
                .put("version", "1.0.0");
        application.withObject("/spec/release").put("targetNamespace", WORLD + "-any");
        return application;
    }
}
