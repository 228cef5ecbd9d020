package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects one leader by a {@code coordination.k8s.io/v1} Lease. Each holder gets an epoch (the Lease's leaseTransitions)
 * greater than all before it, also a restarted process with the same identity: a lease is not a fence, so runs store
 * the epoch and check it (DESIGN.md §3, "Fenced").
 *
 * <p>Who cannot renew gives up by its own clock before anybody else may take the Lease. Others judge its age by when
 * they saw it change, not by the times written in it, so clocks need not agree.
 */
public final class LeaseElector implements AutoCloseable {
    /**
     * Told on the elector's own thread, in turns: elected, lost, elected, … Must not block: while it does, nothing is
     * renewed.
     */
    public interface Listener {
        void elected(long epoch);

        void lost(String why);
    }

    /**
     * How long things take.
     *
     * @param lease after which a silent holder's Lease is taken; whole seconds, at least 1
     * @param renewDeadline how long a holder that cannot renew goes on; shorter than {@code lease}
     * @param retry between tries and renewals; shorter than {@code renewDeadline}
     */
    public record Timing(Duration lease, Duration renewDeadline, Duration retry) {
        /** 15 s, 10 s, 2 s: what Kubernetes' own components use. */
        public static final Timing STANDARD =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

        public Timing {
            if (lease.toSeconds() < 1 || renewDeadline.compareTo(lease) >= 0 || retry.compareTo(renewDeadline) >= 0) {
                throw new IllegalArgumentException("needs retry < renewDeadline < lease, and lease of at least 1 s");
            }
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(LeaseElector.class);
    private static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "v1", "Lease", "leases", true);
    private static final String MANAGER = "orkestra-agent";
    /** Lease times are MicroTime, which needs all six digits. */
    private static final DateTimeFormatter MICRO_TIME =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

    private final Cluster cluster;
    private final String namespace;
    private final String name;
    private final String holder;
    private final Timing timing;
    private final InstantSource time;
    private final Listener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** What is held, as epoch() shows it to other threads. */
    private record Held(long epoch, ObjectNode lease, long untilNanos) {}

    private volatile Optional<Held> held = Optional.empty();
    // Used by the thread only: the foreign Lease as last seen, and since when by our own clock.
    private String seenVersion = "";
    private long seenAt;
    private long highestSeen;
    // The epoch that this process wrote last, or tried to; 0 before the first try.
    private long ownEpoch;
    // Said once in the log, not with each try.
    private @Nullable Reason trouble;
    // Why the last renewal failed, for the message when the time has run out.
    private String renewTrouble = "";

    private LeaseElector(
            Cluster cluster,
            String namespace,
            String name,
            String holder,
            Timing timing,
            InstantSource time,
            Listener listener) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.name = name;
        this.holder = holder;
        this.timing = timing;
        this.time = time;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("lease-" + name).unstarted(this::electUntilClosed);
    }

    /**
     * Starts to stand for election.
     *
     * @param holder who we are; a Lease that already has this holder is ours from before a restart and is taken at once,
     *     so two processes that live at the same time must not share it
     * @param time for the times in the Lease, which are for people only
     */
    public static LeaseElector start(
            Cluster cluster,
            String namespace,
            String name,
            String holder,
            Timing timing,
            InstantSource time,
            Listener listener) {
        if (holder.isEmpty()) {
            throw new IllegalArgumentException("a lease holder needs a name");
        }
        LeaseElector elector = new LeaseElector(cluster, namespace, name, holder, timing, time, listener);
        elector.thread.start();
        return elector;
    }

    /** The epoch while this process leads by its own clock; else empty. Check it before each effect. */
    public OptionalLong epoch() {
        Optional<Held> now = held;
        return now.isPresent() && System.nanoTime() - now.get().untilNanos() < 0
                ? OptionalLong.of(now.get().epoch())
                : OptionalLong.empty();
    }

    /**
     * Stops leading and hands the Lease back, so that the next one need not wait. Tells {@code lost} if it led. Whoever
     * works under the epoch stops first.
     */
    @Override
    public void close() {
        closed.countDown();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!thread.join(timing.renewDeadline())) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void electUntilClosed() {
        try {
            do {
                electOrRenew();
            } while (!closed.await(untilNextTry(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOG.atDebug().addKeyValue("lease", name).log("elector interrupted");
        } finally {
            release();
        }
    }

    private void electOrRenew() throws InterruptedException {
        try {
            if (held.isEmpty()) {
                tryToAcquire();
            } else {
                renewOrLose(held.get());
            }
        } catch (RuntimeException e) {
            // A defect must not end the elections; what is held runs out by the clock.
            LOG.atError().addKeyValue("lease", name).setCause(e).log("election failed");
        }
    }

    /** The time to the next renewal, or to the moment at which what is held runs out. */
    private long untilNextTry() {
        long retry = timing.retry().toNanos();
        return held.map(now -> Math.clamp(now.untilNanos() - System.nanoTime(), 1_000_000L, retry))
                .orElse(retry);
    }

    private void tryToAcquire() throws InterruptedException {
        long startedAt = System.nanoTime();
        try {
            Optional<ObjectNode> found = within(timing.renewDeadline(), () -> cluster.get(LEASES, namespace, name));
            if (found.isPresent() && !mayTake(found.get())) {
                return;
            }
            long epoch = highestSeen + 1;
            ownEpoch = epoch;
            ObjectNode wanted = found.map(ObjectNode::deepCopy).orElseGet(this::emptyLease);
            fill(wanted, epoch);
            wanted.withObject("/spec").put("acquireTime", now());
            ObjectNode stored = within(
                    timing.renewDeadline(),
                    () -> found.isPresent()
                            ? cluster.replace(LEASES, wanted, MANAGER)
                            : cluster.create(LEASES, wanted, MANAGER));
            lead(epoch, stored, startedAt);
        } catch (ClusterException e) {
            boolean overtaken = e.reason() == Reason.STALE || e.reason() == Reason.ALREADY_EXISTS;
            if (!overtaken && trouble != e.reason()) {
                trouble = e.reason();
                LOG.atWarn()
                        .addKeyValue("lease", name)
                        .addKeyValue("why", e.getMessage())
                        .log("lease not acquired, trying on");
            }
        }
    }

    private void lead(long epoch, ObjectNode stored, long askedAt) {
        // Counted from before the request: the server's answer may have taken long.
        long until = askedAt + timing.renewDeadline().toNanos();
        if (System.nanoTime() - until >= 0) {
            return;
        }
        trouble = null;
        highestSeen = epoch;
        held = Optional.of(new Held(epoch, stored, until));
        LOG.atInfo().addKeyValue("lease", name).addKeyValue("epoch", epoch).log("leading");
        tell(() -> listener.elected(epoch));
    }

    /** Whether the Lease is free, ours from before, or unchanged for longer than its holder promised. */
    private boolean mayTake(ObjectNode lease) {
        long epoch = lease.path("spec").path("leaseTransitions").asLong(0);
        highestSeen = Math.max(highestSeen, epoch);
        String owner = lease.path("spec").path("holderIdentity").asText("");
        // With our name but an epoch that is not ours it belongs to a process that took it from us and lives: taking it
        // back at once would never end.
        boolean ours = owner.equals(holder) && (ownEpoch == 0 || ownEpoch == epoch);
        if (owner.isEmpty() || ours) {
            return true;
        }
        String version = lease.path("metadata").path("resourceVersion").asText("");
        long now = System.nanoTime();
        if (!version.equals(seenVersion)) {
            seenVersion = version;
            seenAt = now;
        }
        long promised = lease.path("spec")
                .path("leaseDurationSeconds")
                .asLong(timing.lease().toSeconds());
        return now - seenAt >= Duration.ofSeconds(promised).toNanos();
    }

    private void renewOrLose(Held now) throws InterruptedException {
        long startedAt = System.nanoTime();
        ObjectNode wanted = now.lease().deepCopy();
        fill(wanted, now.epoch());
        Duration left = Duration.ofNanos(Math.max(0, now.untilNanos() - startedAt));
        try {
            // The resourceVersion is that of our last renewal: whoever wrote in between has taken it.
            ObjectNode stored = within(left, () -> cluster.replace(LEASES, wanted, MANAGER));
            held = Optional.of(new Held(
                    now.epoch(), stored, startedAt + timing.renewDeadline().toNanos()));
        } catch (ClusterException e) {
            if (e.reason() == Reason.STALE) {
                refreshOrLose(now, left);
            } else if (e.reason() == Reason.NOT_FOUND) {
                lose("the lease was deleted");
            } else if (left.isZero() || System.nanoTime() - now.untilNanos() >= 0) {
                lose("the lease could not be renewed in time: " + (left.isZero() ? renewTrouble : e.getMessage()));
            } else {
                renewTrouble = String.valueOf(e.getMessage());
            }
        }
    }

    /** An answer to a renewal may get lost, so a Lease that moved on may still be ours: the epoch tells. */
    private void refreshOrLose(Held now, Duration left) throws InterruptedException {
        try {
            Optional<ObjectNode> found = within(left, () -> cluster.get(LEASES, namespace, name));
            boolean ours = found.isPresent()
                    && found.get()
                            .path("spec")
                            .path("holderIdentity")
                            .asText("")
                            .equals(holder)
                    && found.get().path("spec").path("leaseTransitions").asLong(-1) == now.epoch();
            if (ours) {
                held = Optional.of(new Held(now.epoch(), found.get(), now.untilNanos()));
            } else {
                lose("another process took the lease");
            }
        } catch (ClusterException e) {
            LOG.atWarn()
                    .addKeyValue("lease", name)
                    .addKeyValue("why", e.getMessage())
                    .log("lease not read");
        }
    }

    private void lose(String why) {
        held = Optional.empty();
        LOG.atWarn().addKeyValue("lease", name).addKeyValue("why", why).log("no longer leading");
        tell(() -> listener.lost(why));
    }

    private void release() {
        Optional<Held> last = held;
        if (last.isEmpty()) {
            return;
        }
        lose("closed");
        ObjectNode free = last.get().lease().deepCopy();
        fill(free, last.get().epoch());
        free.withObject("/spec").put("holderIdentity", "");
        try {
            within(timing.retry(), () -> cluster.replace(LEASES, free, MANAGER));
        } catch (ClusterException e) {
            LOG.atInfo()
                    .addKeyValue("lease", name)
                    .addKeyValue("why", e.getMessage())
                    .log("lease not released");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fill(ObjectNode lease, long epoch) {
        lease.withObject("/spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", timing.lease().toSeconds())
                .put("renewTime", now())
                .put("leaseTransitions", epoch);
    }

    private ObjectNode emptyLease() {
        ObjectNode lease = JsonNodeFactory.instance.objectNode();
        lease.put("apiVersion", LEASES.apiVersion()).put("kind", LEASES.kind());
        lease.putObject("metadata").put("namespace", namespace).put("name", name);
        lease.putObject("spec");
        return lease;
    }

    private String now() {
        Instant instant = time.instant();
        return MICRO_TIME.format(instant);
    }

    private void tell(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("lease", name).setCause(e).log("lease listener failed");
        }
    }

    /** A request with a deadline of its own: the cluster's is longer than a leader may hang. */
    private static <T> T within(Duration atMost, Supplier<T> request) throws InterruptedException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                answer.complete(request.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ClusterException(Reason.UNREACHABLE, "no answer within " + atMost.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClusterException refused) {
                throw refused;
            }
            throw new IllegalStateException("a lease request failed", e.getCause());
        } finally {
            asking.interrupt();
        }
    }
}
