package dev.orkestra.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus.State;
import dev.orkestra.health.PodTrouble.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the pods of workloads that are not healthy what will not become healthy by waiting, and says it in the pods'
 * own words. It remembers since when it has seen each trouble, so one serves one wait; it asks no clock.
 *
 * <p>A workload of which one pod of the newest template is ready is never given up: the template works somewhere.
 */
public final class EarlyFailures {
    private final Limits limits;
    private final Instant since;
    private Map<Site, Seen> seen = new HashMap<>();
    /** Restarts from before this wait. Kept while a container runs for a moment between two crashes. */
    private final Map<Site, Integer> restartsBefore = new HashMap<>();

    private @Nullable Instant next;

    /**
     * When waiting is given up. docs/health.md says the same to people.
     *
     * @param refused how long a registry may say that there is no such image, or that it is not for us. A minute or so is
     *     ordinary when one pipeline pushes the image and the commit; the kubelet asks at 0, 10 and 30 s, so three
     *     answers
     * @param unclear how long an image may fail to come, or a container to be made, for a reason that may pass: Secrets
     *     that an operator writes come late. The kubelet asks at 0, 10, 30 and 70 s
     * @param restarts so many restarts of a container that is in a crash loop are enough; the kubelet makes the third
     *     after 30 to 60 s
     * @param restartsBesideOthers the same while other objects of the wave are still starting: what it misses may be one
     *     of them. The kubelet makes the fifth after about 3 minutes
     */
    public record Limits(Duration refused, Duration unclear, int restarts, int restartsBesideOthers) {
        public static final Limits DEFAULT = new Limits(Duration.ofSeconds(45), Duration.ofMinutes(2), 3, 5);
    }

    /** A place where trouble can be. */
    private record Site(String pod, String container) {}

    /**
     * What was seen there.
     *
     * @param at since when it is of this kind
     */
    private record Seen(Kind kind, Instant at) {}

    /** @param since restarts count from here on; those of older pods from where they were first seen */
    public EarlyFailures(Limits limits, Instant since) {
        this.limits = limits;
        this.since = since;
    }

    /** When looking again may give up something, though nothing has changed; empty when never. */
    public Optional<Instant> next() {
        return Optional.ofNullable(next);
    }

    /**
     * {@code unhealthy} with what the pods say: FAILED where waiting does not help, in progress with the pod's words where
     * it may, and marked as the environment's trouble where the pods blame no object.
     *
     * @param unhealthy all that the wave waits for, with or without pods
     * @param pods the pods of the newest template of each workload, as far as they are known
     */
    public Map<ObjectKey, HealthStatus> judge(
            Map<ObjectKey, HealthStatus> unhealthy, Map<ObjectKey, List<ObjectNode>> pods, Instant now) {
        next = null;
        Map<ObjectKey, Worst> troubled = new TreeMap<>();
        Map<Site, Seen> still = new HashMap<>();
        pods.forEach((key, all) -> {
            if (unhealthy.containsKey(key) && all.stream().noneMatch(EarlyFailures::isReady)) {
                worst(all, now, still).ifPresent(worst -> troubled.put(key, worst));
            }
        });
        seen = still;
        Set<ObjectKey> starting = new HashSet<>(unhealthy.keySet());
        starting.removeAll(troubled.keySet());
        Map<ObjectKey, HealthStatus> judged = new TreeMap<>(unhealthy);
        troubled.forEach((key, worst) ->
                judged.computeIfPresent(key, (_, status) -> judge(key, status, worst, now, !starting.isEmpty())));
        return judged;
    }

    /**
     * The trouble of a workload that counts most.
     *
     * @param restarts those that count
     */
    private record Worst(String pod, PodTrouble trouble, Seen seen, int restarts) {}

    private Optional<Worst> worst(List<ObjectNode> pods, Instant now, Map<Site, Seen> still) {
        return pods.stream()
                .flatMap(pod -> PodTrouble.of(pod).map(trouble -> look(pod, trouble, now, still)).stream())
                .min(Comparator.<Worst, Kind>comparing(worst -> worst.seen().kind())
                        .thenComparing(worst -> worst.seen().at())
                        .thenComparing(Worst::pod));
    }

    private Worst look(ObjectNode pod, PodTrouble trouble, Instant now, Map<Site, Seen> still) {
        JsonNode metadata = pod.path("metadata");
        Site site = new Site(metadata.path("uid").asText(""), trouble.container());
        Seen before = seen.get(site);
        Kind kind = before != null && before.kind().isImage() && WaitingReasons.saysNothing(trouble.words())
                ? before.kind()
                : trouble.kind();
        Seen looked = new Seen(kind, before != null && before.kind() == kind ? before.at() : now);
        still.put(site, looked);
        int restarts = restartsBefore.computeIfAbsent(site, _ -> isOlder(pod) ? trouble.restarts() : 0);
        return new Worst(metadata.path("name").asText(), trouble, looked, trouble.restarts() - restarts);
    }

    private boolean isOlder(ObjectNode pod) {
        try {
            // Kept to the second by the API server, and both clocks may differ a little.
            return Instant.parse(pod.path("metadata").path("creationTimestamp").asText(""))
                    .isBefore(since.minusSeconds(5));
        } catch (DateTimeParseException e) {
            return true;
        }
    }

    private HealthStatus judge(ObjectKey key, HealthStatus status, Worst worst, Instant now, boolean othersStart) {
        String words = "Pod " + worst.pod() + ": " + worst.trouble().words();
        String both = status.message().contains(worst.trouble().words()) ? words : status.message() + ". " + words;
        Kind kind = worst.seen().kind();
        if (status.state() == State.FAILED) {
            // The deadline of a Deployment passes as well when the registry is away.
            return kind == Kind.IMAGE_UNREACHABLE ? HealthStatus.environment(both) : HealthStatus.failed(both);
        }
        if (status.state() != State.IN_PROGRESS) {
            return status;
        }
        boolean over = switch (kind) {
            case IMAGE_IMPOSSIBLE -> true;
            case IMAGE_REFUSED -> isOver(worst, limits.refused(), now);
            case IMAGE_UNCLEAR, CONTAINER -> isOver(worst, limits.unclear(), now);
            case CRASH_LOOP ->
                !countsItself(key)
                        && worst.restarts() >= (othersStart ? limits.restartsBesideOthers() : limits.restarts());
            case IMAGE_UNREACHABLE, OTHER -> false;
        };
        if (over) {
            return HealthStatus.failed(words + restarted(worst));
        }
        return kind == Kind.IMAGE_UNREACHABLE ? HealthStatus.environment(both) : HealthStatus.inProgress(both);
    }

    /** A Job says itself how many tries it has ({@code backoffLimit}). */
    private static boolean countsItself(ObjectKey key) {
        return key.kind().equals("Job");
    }

    private static String restarted(Worst worst) {
        return worst.seen().kind() == Kind.CRASH_LOOP ? ", after " + worst.restarts() + " restarts" : "";
    }

    private boolean isOver(Worst worst, Duration patience, Instant now) {
        Instant end = worst.seen().at().plus(patience);
        if (!end.isAfter(now)) {
            return true;
        }
        next = next == null || end.isBefore(next) ? end : next;
        return false;
    }

    private static boolean isReady(ObjectNode pod) {
        return Conditions.isTrue(Conditions.find(pod, "Ready"));
    }
}
