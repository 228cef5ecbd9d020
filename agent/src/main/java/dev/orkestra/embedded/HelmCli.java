package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.process.ChildProcesses;
import dev.orkestra.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The real Helm, a child process per call: an empty environment, a home of its own, the group's identity, a deadline,
 * an output limit (DESIGN.md §3). Never with {@code --wait}: health is watched by the agent, so that a newer commit
 * need not wait for an older one's timeout.
 */
public final class HelmCli {
    /** How much longer than Helm's own timeout a child may live: it has to write its record. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration LOOK = Duration.ofMinutes(1);

    private final ChildProcesses processes;
    private final HelmConnection connection;
    private final HelmSettings settings;
    private final Semaphore children;
    private final HelmTimes times;

    /** @param times counts the calls */
    public HelmCli(ChildProcesses processes, HelmConnection connection, HelmSettings settings, HelmTimes times) {
        this.processes = processes;
        this.connection = connection;
        this.settings = settings;
        this.times = times;
        this.children = new Semaphore(settings.maxChildren(), true);
    }

    /**
     * {@code helm upgrade --install}; the output is the release as JSON.
     *
     * @param label kept on the release's record, see {@link ReleaseRecord#config}
     */
    HelmResult upgrade(Identity identity, ReleaseSpec release, Path chart, String label, boolean first)
            throws InterruptedException {
        return call(identity, release.timeout(ReleaseVerb.of(first)), release.values(), (values, arguments) -> {
            arguments.addAll(List.of("upgrade", release.name(), chart.toString(), "--install"));
            arguments.addAll(HelmFlags.upgrade(release, first));
            arguments.addAll(List.of("--values", values.toString()));
            arguments.addAll(List.of("--history-max", Integer.toString(history(release))));
            arguments.addAll(List.of("--labels", ReleaseRecord.CONFIG_LABEL + "=" + label));
            arguments.addAll(List.of("--output", "json"));
        });
    }

    /** {@code helm status}; the output is the release as JSON, without its chart. */
    HelmResult status(Identity identity, ReleaseSpec release) throws InterruptedException {
        return call(
                identity,
                LOOK,
                List.of("status", release.name()),
                List.of("--namespace", release.namespace(), "--output", "json"));
    }

    /** {@code helm show crds}: the definitions that a chart brings, as YAML. Asks no cluster. */
    HelmResult definitions(Identity identity, Path chart) throws InterruptedException {
        return call(identity, LOOK, List.of("show", "crds", chart.toString()), List.of());
    }

    /** {@code helm test}: runs the chart's tests and waits for their end. */
    HelmResult test(Identity identity, ReleaseSpec release) throws InterruptedException {
        return call(
                identity, release.timeout(ReleaseVerb.TEST), List.of("test", release.name()), HelmFlags.test(release));
    }

    HelmResult rollback(Identity identity, ReleaseSpec release, long revision) throws InterruptedException {
        List<String> flags = new ArrayList<>(HelmFlags.rollback(release));
        flags.addAll(List.of("--history-max", Integer.toString(history(release))));
        return call(
                identity,
                release.timeout(ReleaseVerb.ROLLBACK),
                List.of("rollback", release.name(), Long.toString(revision)),
                flags);
    }

    HelmResult uninstall(Identity identity, ReleaseSpec release) throws InterruptedException {
        return call(
                identity,
                release.timeout(ReleaseVerb.UNINSTALL),
                List.of("uninstall", release.name()),
                HelmFlags.uninstall(release));
    }

    private HelmResult call(Identity identity, Duration timeout, List<String> command, List<String> flags)
            throws InterruptedException {
        return call(identity, timeout, null, (_, arguments) -> {
            arguments.addAll(command);
            arguments.addAll(flags);
        });
    }

    private int history(ReleaseSpec release) {
        return release.maxHistory() >= 0 ? release.maxHistory() : settings.historyMax();
    }

    /** Adds a call's arguments. */
    private interface Arguments {
        void add(Path values, List<String> arguments);
    }

    private HelmResult call(Identity identity, Duration timeout, @Nullable JsonNode values, Arguments call)
            throws InterruptedException {
        long asked = System.nanoTime();
        children.acquire();
        long begun = System.nanoTime();
        try {
            Path home = privateFolder("home");
            try (HelmCall files = HelmCall.open(privateFolder("calls"), connection, identity)) {
                List<String> arguments = new ArrayList<>(List.of(settings.helm().toString()));
                call.add(values == null ? files.folder() : files.values(values), arguments);
                return HelmResult.of(processes.run(new Command(
                        arguments,
                        environment(home, files.kubeconfig()),
                        files.folder(),
                        new byte[0],
                        timeout.plus(GRACE),
                        settings.maxOutputBytes())));
            }
        } catch (IOException e) {
            return new HelmResult(false, "", "Helm could not be started: " + e.getMessage(), true);
        } finally {
            times.called(Duration.ofNanos(begun - asked), Duration.ofNanos(System.nanoTime() - begun));
            children.release();
        }
    }

    private static Map<String, String> environment(Path home, Path kubeconfig) {
        return Map.of(
                "HOME", home.toString(),
                "HELM_CACHE_HOME", home.resolve("cache").toString(),
                "HELM_CONFIG_HOME", home.resolve("config").toString(),
                "HELM_DATA_HOME", home.resolve("data").toString(),
                "KUBECONFIG", kubeconfig.toString());
    }

    private Path privateFolder(String name) {
        try {
            return Files.createDirectories(
                    settings.folder().resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("Helm's folder cannot be made", e);
        }
    }
}
