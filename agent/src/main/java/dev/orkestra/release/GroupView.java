package dev.orkestra.release;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a group stands, joined from the group, its Workflows and its HelmReleases: what a command, a dashboard or a
 * program shows. Pure data; times are instants, so that it can be compared.
 *
 * @param created when the group was made
 * @param deleting whether somebody asked for its deletion
 * @param generation what the spec is at
 * @param observedGeneration whose Workflow was submitted last
 * @param lastSucceededGeneration whose Workflow succeeded last; 0 for none
 * @param ready what the group says of itself
 * @param runs its Workflows, forward first; only those that are there or have left a condition
 * @param applications in the order of the work that was done last
 */
public record GroupView(
        String name,
        Optional<Instant> created,
        boolean deleting,
        long generation,
        long observedGeneration,
        long lastSucceededGeneration,
        Ready ready,
        List<Run> runs,
        List<App> applications) {
    /** Reasons of trouble that the agent looks at again when something else in the cluster changes. */
    private static final Set<String> UNDER_WAY = Set.of(GroupStatus.PROGRESSING, GroupStatus.TERMINATING);

    public GroupView {
        runs = List.copyOf(runs);
        applications = List.copyOf(applications);
    }

    /** What became of a group. */
    public enum Verdict {
        READY,
        /** Nothing more happens by itself. */
        FAILED,
        WORKING
    }

    /** The state of a release. */
    public enum State {
        READY("ready"),
        RUNNING("running"),
        WAITING("waiting"),
        FAILED("failed"),
        /** Its turn never came. */
        SKIPPED("not begun"),
        REMOVING("being removed"),
        REMOVED("removed"),
        /** The Workflow is done with it, and it is not there. */
        MISSING("missing");

        private final String word;

        State(String word) {
            this.word = word;
        }

        /** For people. */
        public String word() {
            return word;
        }
    }

    /**
     * The group's condition Ready.
     *
     * @param status True, False or Unknown
     * @param current whether it speaks of the present generation
     */
    public record Ready(String status, String reason, String message, Optional<Instant> since, boolean current) {
        /** What it speaks of, where that is not the present generation. */
        String notCurrent() {
            return reason.isEmpty() ? "the agent has not looked at it yet" : "of an older generation";
        }
    }

    /**
     * A Workflow.
     *
     * @param status of the group's condition about it; empty when there is none
     * @param message what the Workflow itself says, else the condition
     * @param progress steps done and begun, {@code 3/6}; empty when it is gone
     * @param started empty when it is gone or has not begun
     */
    public record Run(
            WorkflowType type,
            String status,
            String reason,
            String message,
            String progress,
            Optional<Instant> started,
            Optional<Instant> finished) {
        boolean goesOn() {
            return started.isPresent() && finished.isEmpty();
        }
    }

    /**
     * An application.
     *
     * @param error why its chart could not be staged; empty when it could
     * @param releases its releases, in order; its own chart is that without {@code subchart}
     */
    public record App(
            String name,
            String chart,
            String version,
            List<String> dependencies,
            String error,
            List<Release> releases) {
        public App {
            dependencies = List.copyOf(dependencies);
            releases = List.copyOf(releases);
        }
    }

    /**
     * A release.
     *
     * @param name the subchart's or the application's name
     * @param key {@code namespace/name} of the HelmRelease
     * @param version that is wanted, or is taken away
     * @param installed version that Helm has; empty when it is not known
     * @param removes whether the last work takes it away
     * @param waitsFor names of what comes first and is not done
     * @param message what the HelmRelease or the Workflow says, where that matters
     * @param log what its failed steps said, last lines of their logs included
     * @param since when it came into this state
     * @param took how long the work on it took
     */
    public record Release(
            String name,
            String key,
            boolean subchart,
            String version,
            String installed,
            boolean removes,
            State state,
            List<String> waitsFor,
            String message,
            List<String> log,
            Optional<Instant> since,
            Optional<Duration> took) {
        public Release {
            waitsFor = List.copyOf(waitsFor);
            log = List.copyOf(log);
        }

        /** Whether it is as the last work wanted it. */
        public boolean isDone() {
            return state == (removes ? State.REMOVED : State.READY);
        }
    }

    /** All releases, in order. */
    public Stream<Release> releases() {
        return applications.stream().flatMap(each -> each.releases.stream());
    }

    /** How many releases are as they should be. */
    public long done() {
        return releases().filter(Release::isDone).count();
    }

    /** Whether the last work takes everything away. */
    public boolean removesAll() {
        return applications.stream().anyMatch(each -> !each.releases.isEmpty())
                && releases().allMatch(Release::removes);
    }

    /** {@code 3/6}. */
    public String progress() {
        return done() + "/" + releases().count();
    }

    /**
     * What became of it. Trouble that the agent tries again by itself, as a chart that cannot be pulled, is no end.
     */
    public Verdict verdict() {
        if (!ready.current || deleting) {
            return Verdict.WORKING;
        }
        if (ready.status.equals("True")) {
            return Verdict.READY;
        }
        boolean ended = ready.status.equals("False")
                && !GroupStatus.LOOKED_AT_AGAIN.contains(ready.reason)
                && !UNDER_WAY.contains(ready.reason);
        return ended ? Verdict.FAILED : Verdict.WORKING;
    }
}
