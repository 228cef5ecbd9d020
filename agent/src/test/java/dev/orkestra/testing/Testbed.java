package dev.orkestra.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the testbed: a Kubernetes cluster with a node, a Git server, a chart server and a registry, all
 * real.
 *
 * <p>{@link #shared()} is for every test that only needs a cluster; tests keep apart by namespaces and repository names
 * of their own. The environment decides as on the command line: {@code ORK_TESTBED_NAME} (which instance),
 * {@code ORK_KUBECONFIG} (use that cluster), {@code ORK_CACHE}; {@code ORK_TESTBED_KEEP=1} leaves it running.
 */
public final class Testbed {
    /** Building every server on a small, bare machine took 7 minutes (testbed/README.md). */
    private static final Duration UP_DEADLINE = Duration.ofMinutes(25);

    private static final Duration CALL_DEADLINE = Duration.ofMinutes(2);

    private static @Nullable Testbed shared;
    private static @Nullable RuntimeException sharedFailure;

    private final Path program;
    private final String name;
    private final Map<String, String> settings;

    private Testbed(Path program, String name, Map<String, String> settings) {
        this.program = program;
        this.name = name;
        this.settings = Map.copyOf(settings);
    }

    /**
     * The instance that all tests of this JVM share; started at the first call. It is taken down when the JVM ends,
     * unless it was there before or {@code ORK_TESTBED_KEEP} is 1.
     *
     * @throws IllegalStateException with the reason when it does not come up; at every call then, without a new try
     */
    public static synchronized Testbed shared() {
        if (sharedFailure != null) {
            throw sharedFailure;
        }
        if (shared == null) {
            try {
                shared = startShared();
            } catch (RuntimeException e) {
                sharedFailure = e;
                throw e;
            }
        }
        return shared;
    }

    private static Testbed startShared() {
        String name = System.getenv().getOrDefault("ORK_TESTBED_NAME", "default");
        Path program = root().resolve("testbed/testbed");
        boolean wasThere = call(program, CALL_DEADLINE, false, List.of("list")).contains(name);
        boolean keep = "1".equals(System.getenv("ORK_TESTBED_KEEP"));
        if (!wasThere && !keep) {
            // Before `up`: a JVM that is ended while it waits must not leave a cluster behind either.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(name), "testbed-down"));
        }
        call(program, UP_DEADLINE, true, List.of("up", "--name", name));
        return running(program, name);
    }

    /**
     * Starts the instance {@code name} with a cluster of its own, whatever {@code ORK_KUBECONFIG} says, or finds it
     * running. Whoever calls this ends it with {@link #down()}.
     *
     * @throws IllegalStateException with the reason when it does not come up
     */
    public static Testbed start(String name) {
        Path program = root().resolve("testbed/testbed");
        call(program, UP_DEADLINE, true, List.of("up", "--name", name, "--kubeconfig", ""));
        return running(program, name);
    }

    private static Testbed running(Path program, String name) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : call(program, CALL_DEADLINE, false, List.of("env", "--name", name))) {
            int equals = line.indexOf('=');
            settings.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
        }
        return new Testbed(program, name, settings);
    }

    /** Ends the instance {@code name} and removes all that it made. Fine when there is none. */
    public static void end(String name) {
        call(root().resolve("testbed/testbed"), CALL_DEADLINE, true, List.of("down", "--name", name));
    }

    /** Ends this instance and removes all that it made. */
    public void down() {
        end(name);
    }

    /**
     * The checkout: the system property {@code orkestra.root}, or the nearest folder above that has a testbed.
     *
     * @throws IllegalStateException when there is none
     */
    public static Path root() {
        String given = System.getProperty("orkestra.root");
        Path start = Path.of(given != null ? given : "").toAbsolutePath().normalize();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("testbed/testbed"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder from " + start + " upwards holds testbed/testbed;"
                + " run in the checkout or set the system property orkestra.root");
    }

    /** A kubeconfig whose user may do everything; the agent itself must never get it. */
    public Path adminKubeconfig() {
        return path("ORK_KUBECONFIG");
    }

    /** The API server, without credentials. */
    public URI apiUrl() {
        return URI.create(setting("ORK_API_URL"));
    }

    /** kubectl of the cluster's version. */
    public Path kubectl() {
        return path("ORK_KUBECTL");
    }

    /** The Helm command line. */
    public Path helm() {
        return path("ORK_HELM");
    }

    /** The kustomize command line. */
    public Path kustomize() {
        return path("ORK_KUSTOMIZE");
    }

    /** Repositories are below it: {@code <gitUrl>/<name>.git}; user and password are needed. */
    public URI gitUrl() {
        return URI.create(setting("ORK_GIT_URL"));
    }

    /** The folder of the bare repositories. */
    public Path gitRoot() {
        return path("ORK_GIT_ROOT");
    }

    public String gitUser() {
        return setting("ORK_GIT_USER");
    }

    public String gitPassword() {
        return setting("ORK_GIT_PASSWORD");
    }

    /** A Helm repository; no credentials are needed. */
    public URI chartsUrl() {
        return URI.create(setting("ORK_CHARTS_URL"));
    }

    /** The folder that {@link #chartsUrl()} serves. */
    public Path chartsDir() {
        return path("ORK_CHARTS_DIR");
    }

    /** An OCI registry to push to and pull from, {@code host:port}; plain http, user and password are needed. */
    public String registry() {
        return setting("ORK_REGISTRY_URL");
    }

    public String registryUser() {
        return setting("ORK_REGISTRY_USER");
    }

    public String registryPassword() {
        return setting("ORK_REGISTRY_PASSWORD");
    }

    /** The same artifacts as in {@link #registry}, to pull without credentials, {@code host:port}. */
    public String publicRegistry() {
        return setting("ORK_REGISTRY_PUBLIC_URL");
    }

    /**
     * What the API server was asked, one JSON audit event per line, level Metadata.
     *
     * @throws IllegalStateException when the cluster is one that the user named: its log is out of reach
     */
    public Path auditLog() {
        if (setting("ORK_AUDIT_LOG").isEmpty()) {
            throw new IllegalStateException("the cluster of ORK_KUBECONFIG has no audit log that a test could read;"
                    + " run this test without ORK_KUBECONFIG");
        }
        return path("ORK_AUDIT_LOG");
    }

    /** The folder that holds all that the instance keeps. */
    public Path stateFolder() {
        return path("ORK_STATE");
    }

    /**
     * Makes an empty bare repository whose default branch is {@code main}.
     *
     * @return its URL, without credentials
     * @throws IllegalStateException when there is one of this name
     */
    public URI createRepository(String repository) {
        return URI.create(call(program, CALL_DEADLINE, false, List.of("repo", repository, "--name", name))
                .getLast());
    }

    /**
     * Packages chart folders and publishes them at {@link #chartsUrl()}.
     *
     * @return names of the archives, in the order given
     * @throws IllegalStateException with Helm's words when one cannot be packaged
     */
    public List<String> packageCharts(Path... charts) {
        List<String> arguments = new ArrayList<>(List.of("charts", "--name", name));
        for (Path chart : charts) {
            arguments.add(chart.toString());
        }
        return call(program, CALL_DEADLINE, false, arguments);
    }

    private String setting(String key) {
        String value = settings.get(key);
        if (value == null) {
            throw new IllegalStateException("testbed env does not print " + key);
        }
        return value;
    }

    private Path path(String key) {
        return Path.of(setting(key));
    }

    /** The reverse of {@code quoted} in testbed/lib/say.sh. */
    private static String unquoted(String value) {
        return value.substring(1, value.length() - 1).replace("'\\''", "'");
    }

    private static List<String> call(Path program, Duration deadline, boolean shown, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(arguments);
        List<String> lines = new ArrayList<>();
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            Thread reader = Thread.ofVirtual().start(() -> read(process, shown, lines));
            boolean ended = process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroy();
            }
            boolean readAll = reader.join(Duration.ofSeconds(10));
            if (!ended || !readAll) {
                throw new IllegalStateException(
                        "testbed " + String.join(" ", arguments) + " took more than " + deadline.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException("testbed " + String.join(" ", arguments) + " ended with exit code "
                        + process.exitValue() + ":\n" + String.join("\n", lines));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for testbed " + arguments.getFirst(), e);
        }
    }

    private static void read(Process process, boolean shown, List<String> lines) {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (shown) {
                    System.out.println(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
