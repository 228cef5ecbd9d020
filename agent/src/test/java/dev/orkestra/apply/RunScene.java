package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.run.RunCommand;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunStateJson;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import dev.orkestra.source.FolderTree;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Whole runs of manifests of a folder, by the shell's own loop, in a namespace of the test's own. Every Job that is ever
 * seen there is remembered.
 */
final class RunScene implements AutoCloseable {
    private static final ResourceType DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);

    final ApplyWorld world;
    final ConfigRepo repo;
    /** Name of a Job → the uids under which it was seen. More than one: it was made twice. */
    final Map<String, Set<String>> jobs = new ConcurrentSkipListMap<>();

    private final Path folder;
    private final WatchCache watch;
    private final Claims claims = new Claims();
    private int runs;

    RunScene(String prefix, Path folder) {
        this(prefix, folder, Duration.ofMinutes(1));
    }

    /** @param removal how long objects may take to go */
    RunScene(String prefix, Path folder, Duration removal) {
        this.folder = folder;
        world = new ApplyWorld(prefix);
        // What is kept lies in the same namespace; the commits must not take it for the agent's.
        repo = ApplyWorld.repo("config", ConfigRepo.Policies.DEFAULT, removal);
        defineLedgers();
        watch = world.cluster.watch(
                world.type("batch/v1", "Job"),
                world.namespace,
                "",
                (_, job) -> jobs.computeIfAbsent(
                                job.path("metadata").path("name").asText(), _ -> new ConcurrentSkipListSet<>())
                        .add(job.path("metadata").path("uid").asText()));
    }

    private void defineLedgers() {
        Path file = Testbed.root().resolve("schemas/crds/orkestra.dev_configledgers.yaml");
        try {
            ObjectNode definition = (ObjectNode) DocumentReader.read("crd.yaml", Files.readAllBytes(file))
                    .documents()
                    .getFirst()
                    .root()
                    .toJson();
            world.put(definition);
            world.await(
                    DEFINITIONS,
                    "",
                    definition.path("metadata").path("name").asText(),
                    crd -> Conditions.find(crd, "Established")
                            .filter(each -> each.path("status").asText().equals("True"))
                            .isPresent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the only file of the next commit; {@code NS} stands for the namespace. */
    void write(String... documents) {
        try {
            Files.createDirectories(folder.resolve("base"));
            Files.writeString(
                    folder.resolve("base/all.yaml"),
                    String.join("---\n", documents).replace("NS", world.namespace));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs what was written as {@code commit} to its end. */
    RunState run(String commit, Trigger trigger) throws InterruptedException {
        return run(commit, trigger, false, _ -> {});
    }

    /**
     * As above.
     *
     * @param killed whether the process dies after the work of each step, before that is recorded
     * @param each told each state before its command is carried out
     */
    RunState run(String commit, Trigger trigger, boolean killed, Consumer<RunState> each) throws InterruptedException {
        RunSpec.Limits limits =
                new RunSpec.Limits(Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ofSeconds(1));
        RunState state = RunState.begin(
                new RunSpec(repo.namespace(), repo.name(), ++runs, commit, trigger, Instant.now(), limits), 1);
        RunExecutor executor = executor();
        while (!state.isEnd()) {
            each.accept(state);
            RunCommand command = RunMachine.command(state);
            RunEvent event = executor.execute(command, state);
            if (killed && state.step() != Step.Finish) {
                executor = executor();
                state = RunMachine.next(
                        RunStateJson.read(RunStateJson.write(state)),
                        new RunEvent.Resumed(Instant.now(), state.progress().leaseEpoch() + 1));
                event = executor.execute(RunMachine.command(state), state);
            }
            state = RunMachine.next(state, event);
        }
        return state;
    }

    private RunExecutor executor() {
        Cluster cluster = world.cluster;
        return new RunExecutor(new RunExecutor.Setup(
                repo,
                cluster,
                new EnvironmentStore(cluster, world.namespace, repo),
                commit -> {
                    AssembleResult result =
                            Assembler.assemble(repo, commit, new FolderTree(folder), this::isNamespaced);
                    return new RunExecutor.Composition(result.state(), result.diagnostics());
                },
                Instant::now,
                new NoNews(),
                claims,
                _ -> {}));
    }

    private Optional<Boolean> isNamespaced(String apiVersion, String kind) {
        try {
            return Optional.of(world.type(apiVersion, kind).namespaced());
        } catch (ClusterException e) {
            return Optional.empty();
        }
    }

    /** Nobody says anything, so waits go on to their end. */
    private static final class NoNews implements Interruptions {
        @Override
        public boolean breakOff() {
            return false;
        }

        @Override
        public boolean hasNewer() {
            return false;
        }

        @Override
        public RunEvent awaitConsent() {
            throw new AssertionError("nothing needs approval here");
        }

        @Override
        public RunEvent awaitUntil(Instant until) throws InterruptedException {
            long left = Duration.between(Instant.now(), until).toMillis();
            boolean woken = new Semaphore(0).tryAcquire(Math.max(0, left), TimeUnit.MILLISECONDS);
            assert !woken;
            return new RunEvent.Waited(Instant.now());
        }
    }

    EnvironmentStore.Environment kept() {
        return new EnvironmentStore(world.cluster, world.namespace, repo).load();
    }

    /** Names of the Jobs that are there now → phases of the hooks and numbers of their runs. */
    Map<String, String> jobsNow() {
        Map<String, String> now = new TreeMap<>();
        world.cluster.list(world.type("batch/v1", "Job"), world.namespace, "").stream()
                .map(job -> job.path("metadata"))
                .sorted(Comparator.comparing(
                        metadata -> metadata.path("labels").path(Labels.RUN).asText()))
                .forEach(metadata -> now.merge(
                        baseName(metadata.path("name").asText()),
                        metadata.path("annotations").path("orkestra.dev/hook").asText() + " of run "
                                + metadata.path("labels").path(Labels.RUN).asText(),
                        (one, other) -> one + " + " + other));
        return now;
    }

    private static String baseName(String instance) {
        return instance.replaceFirst("-[0-9a-f]{12}$", "");
    }

    /** Base names of all Jobs that were ever seen, one for each that was made. */
    List<String> everMade() {
        List<String> made = new ArrayList<>();
        jobs.forEach((name, uids) -> uids.forEach(_ -> made.add(baseName(name))));
        return made;
    }

    @Override
    public void close() {
        watch.close();
        world.close();
    }
}
