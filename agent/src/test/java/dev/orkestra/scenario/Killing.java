package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One environment whose agents are killed, and its judge: the API server's audit log and the cluster say whether a hook
 * ran twice, an object was made anew, or something was left over.
 */
final class Killing implements AutoCloseable {
    static final Duration START = Duration.ofSeconds(60);
    static final Duration RUN = Duration.ofMinutes(4);

    private static final String RIGHTS = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: crash-hooks}
            rules:
              - {apiGroups: [batch], resources: [jobs], verbs: [get, list, watch, create, patch, delete]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: crash-hooks}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: crash-hooks}
            subjects: [{kind: ServiceAccount, name: staging, namespace: orkestra}]
            """;

    final Scenario scenario;
    private final AuditTrail trail;
    private final Map<String, String> firstUid = new TreeMap<>();
    private final Set<String> told = new HashSet<>();

    private Killing(Scenario scenario) {
        this.scenario = scenario;
        this.trail = AuditTrail.from(scenario.testbed.auditLog());
    }

    /** A new environment of the sample, whose account may run hooks; its ConfigRepo is still to be made. */
    static Killing in(Path scratch, String repository) {
        Scenario scenario = Scenario.ofSample(scratch, repository);
        scenario.kubectl(
                "apply", "-f", scenario.file("hook-rights.yaml", RIGHTS).toString());
        return new Killing(scenario);
    }

    /** Runs an agent up to {@code point} and kills it there. */
    void killAt(String point) throws InterruptedException {
        AgentProcess agent = scenario.startAgent("--pause-at", point);
        try {
            agent.awaitLine("paused to be killed", RUN);
        } finally {
            agent.kill();
        }
    }

    /** Lets an agent bring the run of {@code commit} to its end. */
    RunEnd end(String commit) throws InterruptedException {
        try (AgentProcess agent = scenario.startAgent()) {
            return end(commit, agent);
        }
    }

    /** Waits for the end of the run of {@code commit}. */
    RunEnd end(String commit, AgentProcess agent) throws InterruptedException {
        agent.awaitLine("leading", START);
        return endOf(commit);
    }

    /** Waits for the end of the run of {@code commit}, whoever brings it there. */
    RunEnd endOf(String commit) throws InterruptedException {
        ObjectNode run = scenario.awaitRun(commit, RUN);
        trail.readOn();
        return RunEnd.of(scenario, trail, run);
    }

    /** What went wrong since this was asked last, each in words; may be asked in the middle of a run. */
    List<String> faults() {
        trail.readOn();
        List<String> faults = new ArrayList<>(trail.faults("shop", Story.MAY_GO));
        scenario.uids().forEach((object, uid) -> {
            if (!firstUid.computeIfAbsent(object, _ -> uid).equals(uid)) {
                faults.add(object + " has another uid");
            }
        });
        return faults.stream().filter(told::add).toList();
    }

    /** Helm operations that died and were done once more so far. */
    int recovered() {
        return trail.readOn().recovered("shop");
    }

    /** How often {@code resource/name} was deleted. */
    int deletions(String object) {
        return trail.readOn().deletions("shop").getOrDefault(object, 0);
    }

    /** No new faults, and nothing in the cluster that nobody wants; for the end of a run. */
    void assertClean(String when) {
        assertThat(faults()).as("faults, %s", when).isEmpty();
        assertThat(scenario.orphans()).as("orphans, %s", when).isEmpty();
    }

    @Override
    public void close() {
        scenario.close();
    }
}
