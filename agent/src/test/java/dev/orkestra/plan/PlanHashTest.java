package dev.orkestra.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two plans have one hash exactly when the same is done to the same. */
class PlanHashTest {
    private static final ConfigRepo REPO = IgnoredFieldsTest.repo("{kind: ConfigMap, jsonPointers: [/data/ignored]}");

    /** What a cluster and a commit look like; each member changes by itself. */
    private static final class World {
        String commit = "c1";
        String origin = "a.yaml";
        final Map<String, String> wanted = new HashMap<>(Map.of("a", "1", "b", "1", "c", "1"));
        final Map<String, String> live = new HashMap<>(Map.of("a", "0", "b", "1"));
        final Map<String, String> secret = new HashMap<>(Map.of("version", "7", "value", "x"));
        String uid = "u1";
        String status = "";
        String resourceVersion = "1";
        String foreign = "";
        String ignored = "";
        PrunePlan.Fate fate = PrunePlan.Fate.DELETE;
        boolean pruned = true;

        Plan plan() {
            List<DesiredObject> objects = new ArrayList<>();
            Map<ObjectKey, ObjectNode> there = new HashMap<>();
            Inventory inventory = Inventory.EMPTY;
            wanted.forEach((name, value) -> objects.add(desired(configMap(name, value))));
            live.forEach((name, value) -> {
                ObjectNode object = AppliedObjects.applied(configMap(name, value), uid, OwnedFields.MANAGER);
                noise(object);
                there.put(ObjectKey.of(object), object);
            });
            ObjectNode login =
                    json("{'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': 's', 'namespace': 'n'},"
                            + " 'data': {'v': 'new'}}");
            objects.add(desired(login));
            ObjectNode liveLogin = login.deepCopy();
            ((ObjectNode) liveLogin.get("data")).put("v", secret.get("value"));
            liveLogin = AppliedObjects.applied(liveLogin, uid, OwnedFields.MANAGER);
            ((ObjectNode) liveLogin.get("metadata")).put("resourceVersion", secret.get("version"));
            there.put(ObjectKey.of(liveLogin), liveLogin);
            ObjectNode old = AppliedObjects.applied(configMap("old", "1"), uid, OwnedFields.MANAGER);
            there.put(ObjectKey.of(old), old);
            PrunePlan prune = new PrunePlan(
                    PrunePlan.Budget.WITHIN,
                    3,
                    pruned
                            ? List.of(new PrunePlan.Item(
                                    InventoryEntry.intended(ObjectKey.of(old), "v1", Wave.sync(0, 0)), fate))
                            : List.of());
            DesiredState state = Assembler.state(commit, objects);
            Situation situation = new Situation(REPO, state, inventory, there);
            Map<ObjectKey, DryRun> answers = new HashMap<>();
            Planner.Triage triage = Planner.triage(situation);
            triage.ask()
                    .forEach(object -> answers.put(
                            object.key(),
                            new DryRun.Accepted(AppliedObjects.applied(object.body(), uid, OwnedFields.MANAGER))));
            return Planner.plan(situation, triage, answers, Map.of(), prune);
        }

        private void noise(ObjectNode object) {
            ((ObjectNode) object.get("metadata")).put("resourceVersion", resourceVersion);
            if (!status.isEmpty()) {
                object.putObject("status").put("phase", status);
            }
            if (!foreign.isEmpty()) {
                ((ObjectNode) object.get("data")).put("foreign", foreign);
            }
            if (!ignored.isEmpty()) {
                ((ObjectNode) object.get("data")).put("ignored", ignored);
            }
        }

        private DesiredObject desired(ObjectNode body) {
            return new DesiredObject(
                    ObjectKey.of(body), body, Wave.sync(0, 0), Position.startOf(origin), CanonicalJson.digest(body));
        }
    }

    private static ObjectNode configMap(String name, String value) {
        return json("{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': '" + name
                + "', 'namespace': 'n', 'labels': {'orkestra.dev/config-repo': 'orkestra.staging'}}, 'data': {'v': '"
                + value + "'}}");
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A change that nobody's approval depends on. */
    private static void noise(World world, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> world.commit = "c" + random.nextInt(100);
            case 1 -> world.origin = "f" + random.nextInt(100) + ".yaml";
            case 2 -> world.status = "p" + random.nextInt(100);
            case 3 -> world.resourceVersion = "" + random.nextInt(1000);
            case 4 -> world.foreign = "f" + random.nextInt(100);
            default -> world.ignored = "i" + random.nextInt(100);
        }
    }

    /** A change of what is done, or of what it is done to. */
    private static String change(World world, Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> "wanted " + world.wanted.put("a", "w" + random.nextInt(1_000_000));
            case 1 -> "live " + world.live.put("a", "l" + random.nextInt(1_000_000));
            case 2 -> "gone " + world.live.remove("a");
            case 3 -> "new " + world.wanted.put("n" + random.nextInt(1_000_000), "1");
            case 4 -> "unwanted " + world.wanted.remove("c");
            case 5 -> {
                world.uid = "u" + random.nextInt(1_000_000);
                yield "another object of that name";
            }
            case 6 -> {
                world.fate = PrunePlan.Fate.NEEDS_APPROVAL;
                yield "prune waits";
            }
            case 7 -> {
                world.pruned = false;
                yield "nothing is pruned";
            }
            default -> "secret " + world.secret.put("version", "v" + random.nextInt(1_000_000));
        };
    }

    @Test
    void noiseLeavesTheHashAndEveryChangeMovesIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            World world = new World();
            String hash = world.plan().hash();
            for (int i = random.nextInt(6); i > 0; i--) {
                noise(world, random);
            }
            assertThat(world.plan().hash()).as("seed %d, noise", seed).isEqualTo(hash);
            String changed = change(world, random);
            assertThat(world.plan().hash()).as("seed %d, %s", seed, changed).isNotEqualTo(hash);
        }
    }

    @Test
    void whatStaysByItsOwnWordIsNoPartOfIt() {
        World one = new World();
        one.fate = PrunePlan.Fate.SAYS_KEEP;
        World other = new World();
        other.pruned = false;
        assertThat(one.plan().hash()).isEqualTo(other.plan().hash());
    }

    @Test
    void aReadableHashDoesNotLetAnybodyTryValuesOfSecrets() {
        World one = new World();
        World other = new World();
        other.secret.put("value", "hunter2");
        assertThat(one.plan().hash()).isEqualTo(other.plan().hash());
    }
}
