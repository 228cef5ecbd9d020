package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.TcpProxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of commits goes by what they say, and outlives Git, the agent and the ConfigRepo. */
class LedgerIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(1);
    private static final ResourceType LEDGERS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigLedger", "configledgers", true);
    private static final String LAYERS = "layers: [{path: infrastructure, wave: 0}]";
    private static final String DEADLINES = "deadlines: {wave: 8s, run: 2m}";
    private static final String SETTINGS = "infrastructure/settings.yaml";
    private static final String WORD = "hush-0815-not-for-you";
    private static final String LOGIN = """
            apiVersion: v1
            kind: Secret
            metadata: {name: login, namespace: shop}
            stringData: {password: %s}
            """.formatted(WORD);
    private static final String NEVER = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: never, namespace: shop}
            spec:
              selector: {matchLabels: {app: never}}
              template:
                metadata: {labels: {app: never}}
                spec:
                  containers: [{name: never, image: "ork.local/not-there:%d", imagePullPolicy: Never}]
            """;

    @Test
    void aCommitIsJudgedByItsContentWhateverCarriesItAndWhoeverAsks(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "ledger")) {
            String first = scenario.repository
                    .delete("applications")
                    .write("infrastructure/login.yaml", LOGIN)
                    .push("Describe the shop");
            scenario.createConfigRepo(LAYERS, DEADLINES, "deletionPolicy: orphan");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                good(scenario, first);
                nothingToDo(scenario, scenario.repository.write("README.md", "The shop.\n")::push, "Explain the shop");
                String bad = rolledBack(scenario);
                String reverted = nothingToDo(scenario, _ -> scenario.repository.revertHead(), "");
                held(scenario, scenario.repository.cherryPick(bad), reverted);
                held(
                        scenario,
                        scenario.repository
                                .write("README.md", "The shop, once more.\n")
                                .push("Explain more"),
                        reverted);
                anOldCommitIsNotRun(scenario, first);
                String rebased = rebased(scenario, reverted, bad);
                held(scenario, rebased, reverted);
                aNewConfigRepoKnowsItAll(scenario, rebased, reverted);
                nothingTellsTheSecret(scenario);
                aNeighbourIsRefusedWhatThisOneHas(scenario);
                assertThat(agent.output()).doesNotContain(WORD);
            }
        }
    }

    @Test
    void theWayBackNeedsNeitherLastGoodsCommitNorGit(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "ledger-without-git");
                TcpProxy git =
                        new TcpProxy("127.0.0.1", URI.create(scenario.url()).getPort())) {
            URI url = URI.create(scenario.url());
            String first = scenario.repository
                    .delete("applications")
                    .write("infrastructure/login.yaml", LOGIN)
                    .push("Describe the shop");
            scenario.createConfigRepo(
                    LAYERS,
                    DEADLINES,
                    "source: {url: \"http://" + git.host() + ":" + git.port() + url.getPath()
                            + "\", ref: {branch: main}, secretRef: {name: git}}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                good(scenario, first);
            }
            String second = lastGoodIsGoneFromGit(scenario, first);
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("False", "Held", RUN);
                sync(scenario, "follow");
                backOn(scenario, second, first);

                scenario.repository.write("infrastructure/never.yaml", NEVER.formatted(2));
                String third = scenario.repository.push("Fail otherwise");
                agent.awaitLine("run=staging-3 step=StoreState ", RUN);
                git.goAway();
                backOn(scenario, third, first);
                git.comeBack();
            }
        }
    }

    private interface Pushing {
        String push(String message);
    }

    private static void good(Scenario scenario, String commit) throws InterruptedException {
        ObjectNode run = scenario.awaitRun(commit, RUN);
        assertThat(run.at("/status/phase").asText())
                .as("%s", run.at("/status/message"))
                .isEqualTo("Good");
    }

    /** A commit with last-good's content: last-good moves on to it, and nothing is asked, planned or written. */
    private static String nothingToDo(Scenario scenario, Pushing push, String message) throws InterruptedException {
        Map<String, String> before = scenario.versions();
        String commit = push.push(message);
        good(scenario, commit);

        JsonNode status = scenario.awaitRun(commit, RUN).path("status");
        assertThat(status.has("plan")).isFalse();
        assertThat(status.path("waves")).isEmpty();
        assertThat(scenario.versions()).isEqualTo(before);
        awaitLastGood(scenario, commit);
        return commit;
    }

    private static String rolledBack(Scenario scenario) throws InterruptedException {
        scenario.repository
                .write("infrastructure/never.yaml", NEVER.formatted(1))
                .edit(SETTINGS, text -> text.replace("EUR", "CHF"));
        String bad = scenario.repository.push("Pay in francs, and fail");
        JsonNode status = scenario.awaitRun(bad, RUN).path("status");

        assertThat(status.path("phase").asText()).as("%s", status).isEqualTo("RolledBack");
        assertThat(status.path("verdict").asText()).isEqualTo("commit");
        JsonNode evidence = status.at("/evidence/0");
        assertThat(evidence.path("object").asText()).isEqualTo("Deployment.apps/shop/never");
        assertThat(evidence.path("kind").asText()).isEqualTo("Unhealthy");
        assertThat(evidence.path("before").asText()).isEqualTo("Absent");
        assertThat(evidence.path("changedByRun").asBoolean()).isTrue();
        assertThat(evidence.path("message").asText()).contains("ErrImageNeverPull");
        asLastGoodWants(scenario);
        return bad;
    }

    /** Quarantined content under another commit: it is known, and nothing is touched. */
    private static void held(Scenario scenario, String commit, String lastGood) throws InterruptedException {
        Map<String, String> before = scenario.versions();
        JsonNode status = scenario.awaitRun(commit, RUN).path("status");

        assertThat(status.path("phase").asText()).as("%s", status).isEqualTo("Held");
        assertThat(status.path("message").asText()).contains("quarantine");
        assertThat(status.has("plan")).isFalse();
        assertThat(scenario.versions()).isEqualTo(before);
        JsonNode repo = scenario.configRepo().path("status");
        assertThat(repo.at("/lastGood/commit").asText()).isEqualTo(lastGood);
        assertThat(repo.path("quarantined")).hasSize(1);
        asLastGoodWants(scenario);
    }

    /** Whoever has an old push sent again, or moves the branch back, gets the environment nowhere. */
    private static void anOldCommitIsNotRun(Scenario scenario, String old) throws InterruptedException {
        Map<String, String> before = scenario.versions();
        scenario.repository.reset(old).forcePush();
        scenario.await(
                Scenario.REPOS,
                Scenario.NAMESPACE,
                repo -> Scenario.condition(repo, "Ready")
                        .path("message")
                        .asText()
                        .contains("rewrote history"),
                "a word on the branch that went back",
                RUN);

        assertThat(scenario.cluster.list(Scenario.RUNS, Scenario.NAMESPACE, "")).hasSize(6);
        assertThat(scenario.versions()).isEqualTo(before);
    }

    private static String rebased(Scenario scenario, String base, String bad) {
        scenario.repository
                .reset(base)
                .write("README.md", "The shop, another way.\n")
                .commit("Explain otherwise");
        scenario.repository.pick(bad);
        String rebased = scenario.repository.forcePush();
        sync(scenario, "rebased");
        return rebased;
    }

    private static void aNewConfigRepoKnowsItAll(Scenario scenario, String commit, String lastGood)
            throws InterruptedException {
        Map<String, String> before = scenario.versions();
        scenario.kubectl("-n", Scenario.NAMESPACE, "delete", "configrepo", "staging", "--timeout=20s");
        scenario.applyConfigRepo(LAYERS, DEADLINES, "deletionPolicy: orphan");
        ObjectNode repo = scenario.awaitReady("False", "Held", RUN);

        assertThat(repo.at("/status/quarantined/0/run").asInt()).isEqualTo(3);
        assertThat(repo.at("/status/lastRun").asText()).isEqualTo("staging-8");
        held(scenario, commit, lastGood);
        assertThat(scenario.versions()).isEqualTo(before);
    }

    /** Two ConfigRepos that claim one object: the second is refused, and both are named. */
    private static void aNeighbourIsRefusedWhatThisOneHas(Scenario scenario) throws InterruptedException {
        Map<String, String> before = scenario.versions();
        ObjectNode second = scenario.configRepo();
        second.remove("status");
        second.putObject("metadata").put("name", "neighbour").put("namespace", Scenario.NAMESPACE);
        scenario.repository.reset("HEAD~1").pushTo("neighbour");
        second.withObject("/spec/source/ref").put("branch", "neighbour");
        scenario.cluster.create(Scenario.REPOS, second, "ledger-it");
        scenario.await(
                Scenario.REPOS,
                Scenario.NAMESPACE,
                repo -> repo.at("/metadata/name").asText().equals("neighbour")
                        && Scenario.isReady(repo, "False", "OwnedElsewhere")
                        && Scenario.condition(repo, "Ready")
                                .path("message")
                                .asText()
                                .contains("ConfigMap/shop/orkestra-katalog belongs to the ConfigRepo orkestra/staging"),
                "a word to the neighbour on whose the object is",
                RUN);
        assertThat(scenario.versions()).isEqualTo(before);
    }

    private static void nothingTellsTheSecret(Scenario scenario) {
        String encoded = Base64.getEncoder().encodeToString(WORD.getBytes(StandardCharsets.UTF_8));
        for (ResourceType type : List.of(Scenario.RUNS, Scenario.REPOS, LEDGERS, Scenario.EVENTS)) {
            assertThat(scenario.cluster.list(type, Scenario.NAMESPACE, "").toString())
                    .isNotEqualTo("[]")
                    .doesNotContain(WORD, encoded);
        }
        assertThat(scenario.cluster.list(Scenario.SECRETS, Scenario.NAMESPACE, "orkestra.dev/chunk"))
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(chunk -> assertThat(Base64.getDecoder()
                                .decode(chunk.at("/data/chunk").asText())[0])
                        .as("first byte of a chunk of the encrypted form")
                        .isEqualTo((byte) 1));
    }

    /** The branch is another one, the server has thrown the old one away, and the agent's copy is lost. */
    private static String lastGoodIsGoneFromGit(Scenario scenario, String commit) {
        scenario.repository
                .forgetHistory()
                .write("infrastructure/never.yaml", NEVER.formatted(1))
                .edit(SETTINGS, text -> text.replace("EUR", "CHF"))
                .commit("Begin anew, and fail");
        String second = scenario.repository.forcePush();
        Path server = scenario.testbed
                .gitRoot()
                .resolve(Path.of(URI.create(scenario.url()).getPath()).getFileName());
        Programs.run("git", "-C", server.toString(), "reflog", "expire", "--expire=now", "--all");
        Programs.run("git", "-C", server.toString(), "gc", "--quiet", "--prune=now");
        assertThat(Programs.run(
                        "git",
                        "-C",
                        server.toString(),
                        "cat-file",
                        "--batch-all-objects",
                        "--batch-check=%(objectname)"))
                .contains(second)
                .doesNotContain(commit);
        Programs.run("rm", "-rf", scenario.scratch.resolve("cache").toString());
        return second;
    }

    private static void backOn(Scenario scenario, String bad, String lastGood) throws InterruptedException {
        JsonNode status = scenario.awaitRun(bad, RUN).path("status");

        assertThat(status.path("phase").asText()).as("%s", status).isEqualTo("RolledBack");
        assertThat(status.at("/rollback/toCommit").asText()).isEqualTo(lastGood);
        asLastGoodWants(scenario);
    }

    private static void asLastGoodWants(Scenario scenario) {
        assertThat(scenario.cluster
                        .get(Scenario.CONFIG_MAPS, "shop", "settings")
                        .orElseThrow()
                        .at("/data/currency")
                        .asText())
                .isEqualTo("EUR");
        assertThat(scenario.cluster.get(Scenario.DEPLOYMENTS, "shop", "never")).isEmpty();
        assertThat(scenario.cluster.get(Scenario.SECRETS, "shop", "login")).isPresent();
    }

    private static void awaitLastGood(Scenario scenario, String commit) throws InterruptedException {
        scenario.await(
                Scenario.REPOS,
                Scenario.NAMESPACE,
                repo -> repo.at("/status/lastGood/commit").asText().equals(commit),
                "last-good moved to " + commit,
                RUN);
    }

    private static void sync(Scenario scenario, String why) {
        scenario.kubectl(
                "-n",
                Scenario.NAMESPACE,
                "annotate",
                "configrepo",
                "staging",
                "orkestra.dev/sync-requested=" + why,
                "--overwrite");
    }
}
