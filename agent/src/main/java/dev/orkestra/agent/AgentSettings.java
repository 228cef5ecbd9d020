package dev.orkestra.agent;

import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Identity;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.release.GroupSettings;
import dev.orkestra.run.Step;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How one agent runs.
 *
 * @param cluster the API server, with the agent's own credentials
 * @param namespace the agent's namespace: its ConfigRepos, Workflows, ledgers and Secrets live there
 * @param holder name under which the lease is taken; the same name takes it back at once after a crash
 * @param leaseDuration how long the lease of a dead agent holds others off
 * @param helm the Helm program
 * @param kustomize the kustomize program; only folders with a kustomization need it
 * @param cache folder for mirrors and charts; it may be lost at any time
 * @param http where to listen
 * @param chartsUrl how engines reach {@code /charts} of this agent, or empty for the address it listens on
 * @param workflowEngine who carries Workflows out
 * @param helmEngine who carries HelmReleases out
 * @param groups how ApplicationGroups are carried out
 * @param limits for what is read of a commit
 * @param pause where to stop for a crash test, or empty
 */
public record AgentSettings(
        ClusterRef cluster,
        String namespace,
        String holder,
        Duration leaseDuration,
        Path helm,
        Path kustomize,
        Path cache,
        InetSocketAddress http,
        Optional<URI> chartsUrl,
        Engine workflowEngine,
        Engine helmEngine,
        Groups groups,
        InputLimits limits,
        Optional<PausePoint> pause) {

    /**
     * How ApplicationGroups are carried out.
     *
     * @param executors the pods in which Argo runs steps
     * @param argoInstanceId which of several Argo controllers is meant; empty where there is one
     * @param parallelism how many nodes of a Workflow run at once
     * @param remediation whether a failed group that no run owns is rolled back or reversed
     * @param standIn who answers for groups that no ConfigRepo applied; empty: nobody, and they are denied
     * @param staging a registry for staged charts, beside the agent's own repository
     */
    public record Groups(
            GroupSettings.Executors executors,
            String argoInstanceId,
            int parallelism,
            boolean remediation,
            Optional<Identity> standIn,
            Optional<Staging> staging) {}

    /**
     * A registry for staged charts.
     *
     * @param url {@code oci://host[:port]/prefix}
     * @param secret Secret of the agent's namespace with username and password; empty without
     */
    public record Staging(URI url, String secret) {}

    /** Who carries out what the agent emits (DESIGN.md §3, "public contracts"). */
    public enum Engine {
        /** Argo's or Flux's own controller. */
        UPSTREAM,
        /** The controller inside this agent. */
        EMBEDDED
    }

    /**
     * A place in a run's journal where the run stops and waits to be killed. Only crash tests set it.
     *
     * @param run number of the run
     * @param step name of the step, as it is persisted; with its wave, as in {@code ApplyWave(2)}, only there
     * @param afterEffect whether the step's work is done already, but not yet recorded
     */
    public record PausePoint(int run, String step, boolean afterEffect) {
        private static final Pattern TEXT = Pattern.compile(
                "(?<run>[1-9][0-9]{0,8}):(?<place>(?<step>[A-Za-z]++)(?:\\([^()]++\\))?)(?<after>\\+?)");
        private static final Set<String> STEPS =
                Arrays.stream(Step.values()).map(Step::name).collect(Collectors.toSet());

        /**
         * Reads {@code 2:ApplyWave} or, after the effect, {@code 2:ApplyWave+}.
         *
         * @return empty for anything else, also for a step that no run has: it would never be reached
         */
        public static Optional<PausePoint> parse(String text) {
            Matcher point = TEXT.matcher(text);
            return point.matches() && STEPS.contains(point.group("step"))
                    ? Optional.of(new PausePoint(
                            Integer.parseInt(point.group("run")),
                            point.group("place"),
                            !point.group("after").isEmpty()))
                    : Optional.empty();
        }
    }
}
