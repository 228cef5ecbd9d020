package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.OwnedFields;
import dev.orkestra.plan.PlanFile;
import dev.orkestra.run.LastGood;
import dev.orkestra.source.FolderTree;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans against a real API server; what the agent would have applied is applied here as the agent does it. */
class PlanCommandIT {
    private static final Testbed TESTBED = Testbed.shared();

    @TempDir
    Path folder;

    private final String namespace = "plan-it-" + UUID.randomUUID().toString().substring(0, 8);
    /** The agent's own, which no commit may write to. */
    private final String home = namespace + "-agent";

    private Cluster cluster;

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void prepare() throws Exception {
        Path crds = Testbed.root().resolve("schemas/crds");
        kubectl("apply", "--server-side", "--force-conflicts", "-f", crds.toString());
        kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", crds.toString());
        kubectl("create", "namespace", namespace);
        kubectl("create", "namespace", home);
        cluster = KubeCluster.connect(new ClusterRef.Kubeconfig(TESTBED.adminKubeconfig(), ""), Settings.standard());
        cluster.apply(
                new ResourceType("orkestra.dev", "v1alpha1", "ConfigRepo", "configrepos", true),
                configRepo(),
                ApplyOptions.of("plan-it"));
        file("infra/settings.yaml", configMap("settings", "color: blue"));
        file("apps/web.yaml", WEB.replace("NAMESPACE", namespace));
    }

    @AfterEach
    void remove() throws Exception {
        kubectl("delete", "namespace", namespace, home, "--wait=false");
    }

    private ObjectNode configRepo() {
        String yaml = """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: staging, namespace: %s}
                spec:
                  source: {url: "http://git.test/config.git"}
                  layers: [{path: infra, wave: 0}, {path: apps, wave: 2}]
                  serviceAccountName: staging
                """.formatted(home);
        return (ObjectNode) DocumentReader.read("repo", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: NAMESPACE}
            spec:
              replicas: 0
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                    - name: web
                      image: ork.local/httpd:1
                      resources: {limits: {memory: 1024Mi, cpu: 1000m}}
                      ports: [{containerPort: 8080}]
                      env: [{name: COLOR, value: blue}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: login, namespace: NAMESPACE}
            stringData: {password: canary-one}
            """;

    private String configMap(String name, String data) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + namespace + "}\ndata: {"
                + data + "}\n";
    }

    private void file(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void edit(String path, String from, String to) throws IOException {
        Path file = folder.resolve(path);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private static void kubectl(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                TESTBED.kubectl().toString(),
                "--kubeconfig",
                TESTBED.adminKubeconfig().toString()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private Ran plan(String... more) {
        return planOf("staging", more);
    }

    private Ran planOf(String name, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, folder);
        List<String> words = new ArrayList<>(List.of("plan", "--repo", ".", "-n", home));
        words.addAll(List.of("--kubeconfig", TESTBED.adminKubeconfig().toString(), name));
        words.addAll(List.of(more));
        int exitCode = Ork.run(terminal, words.toArray(String[]::new));
        return new Ran(exitCode, out.toString(), err.toString());
    }

    /** As the agent's run does it: server-side apply with its field manager, then the inventory. */
    private DesiredState apply() {
        ConfigRepo repo = ConfigRepoParser.parse(configRepo()).configRepo().orElseThrow();
        DesiredState state = Assembler.assemble(repo, "c1", new FolderTree(folder), ScopeLookup.BUILT_IN)
                .state()
                .orElseThrow();
        List<InventoryEntry> entries = new ArrayList<>();
        for (DesiredObject object : state.objects()) {
            ObjectNode live = cluster.apply(
                    cluster.resourceType(object.apiVersion(), object.key().kind()),
                    object.body(),
                    ApplyOptions.of(OwnedFields.MANAGER));
            entries.add(new InventoryEntry(
                    object.key(),
                    object.apiVersion(),
                    object.wave(),
                    object.digest(),
                    OwnedFields.digest(live, OwnedFields.MANAGER),
                    live.path("metadata").path("uid").asText()));
        }
        EnvironmentStore store = new EnvironmentStore(cluster, home, repo);
        store.save(store.load().with(Inventory.EMPTY.with(entries)));
        return state;
    }

    @Test
    void hooksAreShownAndCountAsLongAsARunWouldRunThem() throws Exception {
        file("infra/hook.yaml", """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: migrate, namespace: NS, annotations: {argocd.argoproj.io/hook: PreSync}}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "shop:1"}]}}}
                """.replace("NS", namespace));
        DesiredState state = apply();

        Ran runs = plan();
        assertThat(runs.exitCode()).as(runs.toString()).isEqualTo(1);
        assertThat(runs.out())
                .contains("/migrate  runs once", "3 unchanged, 1 hook", "The agent applies it once it is pushed.");

        EnvironmentStore store = new EnvironmentStore(
                cluster, home, ConfigRepoParser.parse(configRepo()).configRepo().orElseThrow());
        EnvironmentStore.Environment known = store.load();
        store.save(known.with(known.ledger().good(new LastGood("c1", 1, state.digest()))));

        Ran settled = plan();
        assertThat(settled.exitCode()).as(settled.toString()).isZero();
        assertThat(settled.out()).doesNotContain("migrate", "hook");
    }

    @Test
    void whatIsNewIsCreatedAndWhatIsAppliedIsUnchanged() {
        Ran first = plan();
        assertThat(first.exitCode()).as(first.toString()).isEqualTo(1);
        assertThat(first.out())
                .contains("+ ConfigMap/" + namespace + "/settings", "infra/settings.yaml:1:1")
                .contains("Plan: 3 to create, 0 to update, 0 to replace, 0 to prune, 0 unchanged");
        apply();
        Ran second = plan();
        assertThat(second.out()).contains("Plan: 0 to create, 0 to update, 0 to replace, 0 to prune, 3 unchanged");
        assertThat(second.exitCode()).isZero();
    }

    @Test
    void changesNameFieldsAndLinesAndHideSecrets() throws Exception {
        apply();
        edit("apps/web.yaml", "COLOR, value: blue", "COLOR, value: red");
        edit("apps/web.yaml", "canary-one", "canary-two");
        Files.delete(folder.resolve("infra/settings.yaml"));
        file("infra/other.yaml", configMap("other", "a: b"));
        Ran ran = plan();
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .containsPattern("~ spec.template.spec.containers\\[name=web\\].env\\[name=COLOR\\].value:"
                        + " \"blue\" -> \"red\" +apps/web.yaml:15:")
                .contains("~ data.password: *** (differs)")
                .contains("? ConfigMap/" + namespace + "/settings  waits: over the budget")
                .contains("Plan: 1 to create, 2 to update, 0 to replace, 0 to prune, 1 to prune after approval")
                .contains("ork apply --plan FILE -n " + home + " staging")
                .doesNotContain("canary");
        assertThat(plan("-o", "json").out()).contains("\"update\" : 2").doesNotContain("canary");
    }

    @Test
    void quantitiesInAnotherFormAreNoChange() throws Exception {
        apply();
        edit("apps/web.yaml", "1024Mi, cpu: 1000m", "1Gi, cpu: '1'");
        assertThat(plan().out()).contains("Plan: 0 to create, 0 to update, 0 to replace, 0 to prune, 3 unchanged");
    }

    @Test
    void whatSomebodyEditedIsShownAsAConflictWithItsManager() throws Exception {
        apply();
        kubectl(
                "-n",
                namespace,
                "patch",
                "configmap",
                "settings",
                "--type=merge",
                "-p",
                "{\"data\":{\"color\":\"green\"}}");
        Ran ran = plan();
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out())
                .contains("FieldConflict")
                .contains("kubectl-patch")
                .contains("1 refused");
    }

    @Test
    void anObjectOfKubectlIsRefused() throws Exception {
        kubectl("-n", namespace, "create", "configmap", "settings", "--from-literal=color=blue");
        Ran ran = plan();
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out())
                .contains("OwnedElsewhere")
                .contains("'kubectl-create'")
                .contains("adoption: takeover");
    }

    @Test
    void anInvalidManifestAndAMissingNamespaceAreRefusedWithTheirPlace() throws Exception {
        edit("apps/web.yaml", "replicas: 0", "replikas: 0");
        file("apps/far.yaml", configMap("far", "a: b").replace(namespace, "plan-it-is-not-there"));
        Ran ran = plan();
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out())
                .contains("replikas")
                .contains("apps/web.yaml:1:1")
                .contains("the namespace plan-it-is-not-there of")
                .contains("2 refused");
    }

    @Test
    void findingsComeBeforeAnyQuestionToTheCluster() throws Exception {
        file("apps/bad.yaml", "kind: X\n");
        Ran ran = plan();
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("apps/bad.yaml:1:1: error: apiVersion is missing");
        assertThat(ran.out()).isEmpty();
    }

    /** What lies in the folder and in no commit is what the agent never sees. */
    @Test
    void aCommitIsPlannedAsTheAgentReadsIt() throws Exception {
        git("init", "-q");
        git("add", "-A");
        git("-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-qm", "one");
        file(
                "apps/untracked.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: untracked, namespace: " + namespace + "}\n");
        assertThat(plan().out()).contains("ConfigMap/" + namespace + "/untracked");
        Ran ran = plan("--to", "HEAD");
        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out()).doesNotContain("untracked").containsPattern("commit +[0-9a-f]{40}");
    }

    private void git(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("git"));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void saysWhatIsMissing() {
        Ran noRepo = planOf("production");
        assertThat(noRepo.exitCode()).isEqualTo(2);
        assertThat(noRepo.err()).contains("there is no ConfigRepo production in the namespace " + home);
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(err, true), new PrintWriter(err, true), false, folder);
        assertThat(Ork.run(terminal, "plan", "--repo", ".", "--kubeconfig", "none", "staging"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is no kubeconfig");
    }

    /** Attack test 22: what others wrote of a Secret's values into annotations, managedFields and refusals. */
    @Test
    void attack22NothingOfASecretIsInAPlanWhereverItIsKept() throws Exception {
        apply();
        kubectl(
                "-n",
                namespace,
                "annotate",
                "secret",
                "login",
                "kubectl.kubernetes.io/last-applied-configuration={\"stringData\":{\"password\":\"canary-three\"}}");
        edit("apps/web.yaml", "canary-one", "canary-two");
        edit(
                "apps/web.yaml",
                "metadata: {name: login,",
                "metadata: {annotations: {orkestra.dev/force: 'true', kubectl.kubernetes.io/last-applied-configuration: canary-four,"
                        + " team: canary-five}, name: login,");
        for (String form : List.of("text", "json", "markdown")) {
            assertThat(plan("-o", form).toString()).doesNotContain("canary").contains("login");
        }
        edit("apps/web.yaml", "stringData: {password: canary-two}", "data: {password: not-base64-canary}");
        assertThat(plan().toString()).doesNotContain("canary");
        edit("apps/web.yaml", "data: {password: not-base64-canary}", "type: kubernetes.io/canary\nstringData: {a: b}");
        assertThat(plan().out()).contains("type");
    }

    @Test
    void aSavedPlanIsTheOneThatWasShown() throws Exception {
        Ran ran = plan("--out", "plan.json");
        assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
        String saved = Files.readString(folder.resolve("plan.json"));
        PlanFile file = ((PlanFile.Result.Read) PlanFile.read(saved)).file();
        assertThat(ran.out()).contains("Hash: " + file.hash());
        assertThat(file.namespace() + "/" + file.name()).isEqualTo(home + "/staging");
        assertThat(plan().out()).as("the same again").contains("Hash: " + file.hash());
        edit("infra/settings.yaml", "color: blue", "color: red");
        assertThat(plan().out()).as("another plan").doesNotContain("Hash: " + file.hash());
        assertThat(plan("--out", "not/there.json").err()).contains("the plan cannot be saved as not/there.json");
    }
}
