package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attack 24: whatever the agent reads or writes of an environment, it does as the environment's service account. The API
 * server's audit log is the witness, for a whole life of an environment.
 */
class IdentityIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final String AGENT = "system:serviceaccount:orkestra:orkestra-agent";
    private static final String ENVIRONMENT = "system:serviceaccount:orkestra:staging";

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                    - {name: web, image: "ork.local/httpd:1", imagePullPolicy: Never}
            """;

    private static final String HOOK = """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: migrate
              namespace: shop
              annotations: {argocd.argoproj.io/hook: PreSync}
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - {name: m, image: "ork.local/httpd:1", imagePullPolicy: Never, command: [/bin/busybox, "true"]}
            """;

    /** What the sample's account lacks for hooks. */
    private static final String JOBS = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: identity-it-jobs}
            rules:
              - {apiGroups: [batch], resources: [jobs], verbs: [get, list, watch, create, patch, update, delete]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: identity-it-jobs}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: identity-it-jobs}
            subjects: [{kind: ServiceAccount, name: staging, namespace: orkestra}]
            """;

    @Test
    void attack24EveryRequestForTheEnvironmentIsMadeInItsName(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "identity")) {
            scenario.repository.delete("applications/staging/shop.yaml");
            scenario.repository.write("applications/staging/web.yaml", WEB);
            scenario.repository.write("applications/staging/migrate.yaml", HOOK);
            String first = scenario.repository.push("Describe the shop");
            Path jobs = Files.writeString(scratch.resolve("jobs.yaml"), JOBS);
            scenario.kubectl("apply", "-f", jobs.toString());
            scenario.createConfigRepo("deadlines: {wave: 20s, run: 2m}");
            Path log = scenario.testbed.auditLog();
            long from = Files.size(log);
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                ends(scenario, first, "Good");
                drift(scenario);
                scenario.repository.delete("infrastructure/announcement.yaml");
                ends(scenario, scenario.repository.push("Prune the announcement"), "Good");
                scenario.repository.edit("applications/staging/web.yaml", text -> text.replace("httpd:1", "absent:1"));
                ends(scenario, scenario.repository.push("Take an image that is not there"), "RolledBack");
            }
            List<JsonNode> requests = requests(log, from);
            assertThat(requests).hasSizeGreaterThan(100);
            assertThat(requests.stream()
                            .filter(each -> !each.has("impersonatedUser"))
                            .filter(each -> !isItsOwn(each))
                            .map(IdentityIT::text))
                    .isEmpty();
            assertThat(requests.stream()
                            .filter(each -> each.has("impersonatedUser"))
                            .map(each -> each.path("impersonatedUser")
                                    .path("username")
                                    .asText()))
                    .containsOnly(ENVIRONMENT);
            Set<String> seen = new TreeSet<>();
            requests.stream().filter(each -> each.has("impersonatedUser")).forEach(each -> seen.add(what(each)));
            assertThat(seen)
                    .contains(
                            "patch namespaces",
                            "patch configmaps",
                            "get configmaps",
                            "delete configmaps",
                            "patch deployments",
                            "watch deployments",
                            "create jobs",
                            "list pods");
        }
    }

    private static void ends(Scenario scenario, String commit, String phase) throws InterruptedException {
        JsonNode status = scenario.awaitRun(commit, RUN).path("status");
        assertThat(status.path("phase").asText()).as(status.toString()).isEqualTo(phase);
    }

    /** Somebody changes what the commit says, and it is put right. */
    private static void drift(Scenario scenario) throws InterruptedException {
        scenario.kubectl(
                "-n",
                "shop",
                "patch",
                "configmap",
                "settings",
                "--type=merge",
                "-p",
                "{\"data\":{\"currency\":\"USD\"}}");
        scenario.await(
                Scenario.CONFIG_MAPS,
                "shop",
                map -> map.path("metadata").path("name").asText().equals("settings")
                        && map.path("data").path("currency").asText().equals("EUR"),
                "the correction",
                RUN);
    }

    /**
     * The exceptions, all of them. What the agent does in its own name is: reading what the cluster serves; its own
     * resources, its lease, and the Secrets in its own namespace where it remembers and finds credentials; events; and
     * the marks (status, finalizers) that the controllers of groups, Workflows and releases make, with the watches for
     * them. None of it reads or writes an object that a commit describes.
     */
    private static boolean isItsOwn(JsonNode request) {
        JsonNode object = request.path("objectRef");
        String uri = request.path("requestURI").asText();
        String verb = request.path("verb").asText();
        if (object.isMissingNode() || uri.matches("/(api|apis|version|openapi)(/[^/?]+){0,2}/?(\\?.*)?")) {
            return verb.equals("get");
        }
        String group = object.path("apiGroup").asText();
        String resource = object.path("resource").asText();
        boolean inOwnNamespace = object.path("namespace").asText().equals("orkestra");
        boolean onlyReads = Set.of("get", "list", "watch").contains(verb);
        return switch (group + "/" + resource) {
            case "orkestra.dev/configrepos",
                    "orkestra.dev/configruns",
                    "orkestra.dev/configledgers",
                    "coordination.k8s.io/leases",
                    "/secrets",
                    "argoproj.io/workflows",
                    "source.toolkit.fluxcd.io/helmrepositories" -> inOwnNamespace;
            case "/events", "events.k8s.io/events" -> !verb.equals("delete");
            case "apiextensions.k8s.io/customresourcedefinitions",
                    "orkestra.azure.microsoft.com/applicationgroups",
                    "helm.toolkit.fluxcd.io/helmreleases" -> onlyReads;
            default -> false;
        };
    }

    private static String what(JsonNode request) {
        return request.path("verb").asText() + " "
                + request.path("objectRef").path("resource").asText();
    }

    private static String text(JsonNode request) {
        return what(request) + " " + request.path("requestURI").asText();
    }

    /** The agent's requests since {@code from}. */
    private static List<JsonNode> requests(Path log, long from) throws IOException {
        byte[] bytes;
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            // The log is turned over when it is large; the new one has all that matters or the count shows it.
            file.seek(file.length() < from ? 0 : from);
            bytes = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(bytes);
        }
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> requests = new ArrayList<>();
        try (Stream<String> lines = new String(bytes, StandardCharsets.UTF_8).lines()) {
            for (String line : lines.filter(each -> each.startsWith("{") && each.endsWith("}"))
                    .toList()) {
                JsonNode event = mapper.readTree(line);
                if (event.path("user").path("username").asText().equals(AGENT)) {
                    requests.add(event);
                }
            }
        }
        return requests;
    }
}
