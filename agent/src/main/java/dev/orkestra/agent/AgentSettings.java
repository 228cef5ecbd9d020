package dev.orkestra.agent;

import dev.orkestra.cluster.ClusterRef;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How one agent runs.
 *
 * @param cluster the API server, with the agent's own credentials
 * @param namespace the agent's namespace: its ConfigRepos, Workflows, ledgers and Secrets live there
 * @param holder name under which the lease is taken; the same name takes it back at once after a crash
 * @param leaseDuration how long the lease of a dead agent holds others off
 * @param helm the Helm program
 * @param cache folder for mirrors and charts; it may be lost at any time
 * @param http where to listen
 * @param chartsUrl how engines reach {@code /charts} of this agent, or empty for the address it listens on
 * @param workflowEngine who carries Workflows out
 * @param helmEngine who carries HelmReleases out
 * @param pause where to stop for a crash test, or empty
 */
public record AgentSettings(
        ClusterRef cluster,
        String namespace,
        String holder,
        Duration leaseDuration,
        Path helm,
        Path cache,
        InetSocketAddress http,
        Optional<URI> chartsUrl,
        Engine workflowEngine,
        Engine helmEngine,
        Optional<PausePoint> pause) {

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
     * @param step name of the step, as it is persisted
     * @param afterEffect whether the step's work is done already, but not yet recorded
     */
    public record PausePoint(int run, String step, boolean afterEffect) {
        /** Reads {@code 2:ApplyWave} or, after the effect, {@code 2:ApplyWave+}. */
        public static Optional<PausePoint> parse(String text) {
            int colon = text.indexOf(':');
            if (colon <= 0 || !text.substring(0, colon).chars().allMatch(Character::isDigit)) {
                return Optional.empty();
            }
            boolean after = text.endsWith("+");
            String step = text.substring(colon + 1, text.length() - (after ? 1 : 0));
            return step.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new PausePoint(Integer.parseInt(text.substring(0, colon)), step, after));
        }
    }
}
