package dev.orkestra.cluster;

import static dev.orkestra.cluster.TestCluster.MANAGER;
import static dev.orkestra.cluster.TestCluster.NAMESPACE;
import static dev.orkestra.cluster.TestCluster.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LeaseElectorIT {
    private static final String LEASE = "lease-it";
    private static final LeaseElector.Timing QUICK =
            new LeaseElector.Timing(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(100));
    /** A Lease that nobody may take by its age while a test runs. */
    private static final LeaseElector.Timing PATIENT =
            new LeaseElector.Timing(Duration.ofHours(1), Duration.ofMinutes(30), Duration.ofMillis(100));

    private static KubeCluster cluster;
    private static ResourceType leases;

    @TempDir
    Path folder;

    /** One candidate, and what it was told. */
    private static final class Candidate implements LeaseElector.Listener, AutoCloseable {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final LeaseElector elector;

        Candidate(Cluster through, String holder, LeaseElector.Timing timing) {
            elector = LeaseElector.start(through, NAMESPACE, LEASE, holder, timing, InstantSource.system(), this);
        }

        @Override
        public void elected(long epoch) {
            told.add("elected " + epoch);
        }

        @Override
        public void lost(String why) {
            told.add("lost: " + why);
        }

        String next() throws InterruptedException {
            return String.valueOf(told.poll(30, TimeUnit.SECONDS));
        }

        @Override
        public void close() {
            elector.close();
        }
    }

    @BeforeAll
    static void connect() {
        cluster = TestCluster.admin();
        leases = cluster.resourceType("coordination.k8s.io/v1", "Lease");
        TestCluster.namespace(cluster);
    }

    @AfterAll
    static void disconnect() {
        cluster.close();
    }

    @BeforeEach
    @AfterEach
    void removeLease() {
        cluster.delete(leases, NAMESPACE, LEASE, "");
    }

    private static void leaseOf(String holder, int seconds, int epoch) {
        ObjectNode lease = object("coordination.k8s.io/v1", "Lease", NAMESPACE, LEASE);
        lease.putObject("spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", seconds)
                .put("leaseTransitions", epoch);
        cluster.create(leases, lease, MANAGER);
    }

    private static ObjectNode lease() {
        return cluster.get(leases, NAMESPACE, LEASE).orElseThrow();
    }

    @Test
    void onlyOneLeadsAndTheNextOneHasAHigherEpoch() throws Exception {
        try (Candidate second = new Candidate(cluster, "second", PATIENT)) {
            assertThat(second.next()).isEqualTo("elected 1");
            try (Candidate first = new Candidate(cluster, "first", PATIENT)) {
                assertThat(first.elector.epoch()).isEmpty();
                second.close();
                assertThat(second.next()).isEqualTo("lost: closed");
                assertThat(first.next()).isEqualTo("elected 2");
                assertThat(first.elector.epoch()).isEqualTo(OptionalLong.of(2));
                assertThat(second.elector.epoch()).isEmpty();
            }
        }
        assertThat(lease().path("spec").path("holderIdentity").asText()).isEmpty();
    }

    @Test
    void takesTheLeaseOfAKilledHolderAfterItsTime() throws Exception {
        leaseOf("killed", 1, 7);

        try (Candidate candidate = new Candidate(cluster, "next", QUICK)) {
            assertThat(candidate.next()).isEqualTo("elected 8");
        }
    }

    @Test
    void aRestartedProcessTakesItsOwnLeaseAtOnceWithANewEpoch() throws Exception {
        leaseOf("me", 3_600, 7);

        try (Candidate restarted = new Candidate(cluster, "me", PATIENT)) {
            assertThat(restarted.next()).isEqualTo("elected 8");
        }
    }

    @Test
    void renewsWhileItLeads() throws Exception {
        try (Candidate candidate = new Candidate(cluster, "me", QUICK)) {
            assertThat(candidate.next()).isEqualTo("elected 1");
            BlockingQueue<String> renewals = new LinkedBlockingQueue<>();
            try (WatchCache watch = cluster.watch(leases, NAMESPACE, "", (_, lease) -> {
                if (lease.path("metadata").path("name").asText().equals(LEASE)) {
                    renewals.add(lease.path("spec").path("renewTime").asText());
                }
            })) {
                assertThat(watch.awaitSynced(Duration.ofSeconds(30))).isTrue();
                for (int i = 0; i < 5; i++) {
                    assertThat(renewals.poll(30, TimeUnit.SECONDS)).isNotNull();
                }
            }
            assertThat(candidate.elector.epoch()).isEqualTo(OptionalLong.of(1));
            assertThat(candidate.told).isEmpty();
        }
    }

    @Test
    void givesUpWhenAnotherHasWrittenTheLease() throws Exception {
        try (Candidate candidate = new Candidate(cluster, "me", QUICK)) {
            assertThat(candidate.next()).isEqualTo("elected 1");
            ObjectNode stolen = lease();
            stolen.withObject("/spec")
                    .put("holderIdentity", "thief")
                    .put("leaseTransitions", 2)
                    .put("leaseDurationSeconds", 3_600);
            stolen.withObject("/metadata").remove("resourceVersion");
            stolen.withObject("/metadata").remove("managedFields");
            cluster.apply(leases, stolen, ApplyOptions.of("thief").forced());

            assertThat(candidate.next()).isEqualTo("lost: another process took the lease");
            assertThat(candidate.elector.epoch()).isEmpty();
        }
    }

    @Test
    void twoLivingProcessesWithOneNameDoNotTakeItFromEachOtherForEver() throws Exception {
        try (Candidate old = new Candidate(cluster, "me", PATIENT)) {
            assertThat(old.next()).isEqualTo("elected 1");
            try (Candidate restarted = new Candidate(cluster, "me", PATIENT)) {
                assertThat(restarted.next()).isEqualTo("elected 2");
                assertThat(old.next()).isEqualTo("lost: another process took the lease");
                assertThat(restarted.elector.epoch()).isEqualTo(OptionalLong.of(2));
            }
            assertThat(old.next()).isEqualTo("elected 3");
        }
    }

    @Test
    void givesUpByItsOwnClockWhenTheApiServerIsSilent() throws Exception {
        try (TcpProxy proxy = TestCluster.proxy();
                KubeCluster through = TestCluster.through(proxy, folder, Settings.standard());
                Candidate cutOff = new Candidate(through, "cut-off", QUICK)) {
            assertThat(cutOff.next()).isEqualTo("elected 1");
            try (Candidate next = new Candidate(cluster, "next", QUICK)) {
                proxy.goAway();

                assertThat(next.next()).isEqualTo("elected 2");
                assertThat(cutOff.elector.epoch()).isEmpty();
                assertThat(cutOff.next()).startsWith("lost: the lease could not be renewed in time");
            }
        }
    }
}
