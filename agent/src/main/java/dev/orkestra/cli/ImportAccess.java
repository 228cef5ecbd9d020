package dev.orkestra.cli;

import dev.orkestra.desired.Outside;
import dev.orkestra.imports.HelmProgram;
import dev.orkestra.imports.ImportServices;
import dev.orkestra.imports.OpenImports;
import dev.orkestra.imports.TreeFolder;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.kustomize.KustomizeBuild;
import dev.orkestra.kustomize.KustomizeProgram;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.source.FolderTree;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From where a composition on this machine gets what it imports. The only place in {@code cli} that decides it:
 * variables are those of the process, and what a lock file pins is kept in the user's cache.
 */
final class ImportAccess implements AutoCloseable {
    private final Terminal terminal;
    private final InputLimits limits;
    /** Made when it is first needed: most compositions import files of their repository only. */
    private @Nullable Network network;

    ImportAccess(Terminal terminal, InputLimits limits) {
        this.terminal = terminal;
        this.limits = limits;
    }

    private record Network(LocalProcesses processes, OpenImports imports) {}

    /** Answers what the files of {@code workspace} import. */
    InputSource of(Workspace workspace) {
        InputSource elsewhere = imports();
        return need -> switch (need) {
            case Need.RepositoryFile file -> workspace.read(file.path());
            case Need.RepositoryFolder folder -> folder(workspace, folder.path());
            default -> elsewhere.provide(need);
        };
    }

    /** Answers what lies in no repository at hand. */
    Outside elsewhere() {
        return new Outside(imports(), inputs -> kustomize().build(inputs));
    }

    private InputSource imports() {
        return new Progress(terminal, need -> network().imports().provide(need));
    }

    /** A build holds all that it needs, so the folder that it runs in is no cache. */
    private KustomizeBuild kustomize() {
        return new KustomizeProgram(
                network().processes(),
                KustomizeProgram.Settings.standard(
                        KustomizeProgram.find(Optional.empty(), this::variable), cache().resolve("kustomize")));
    }

    private Provided folder(Workspace workspace, String path) {
        return new TreeFolder(new FolderTree(workspace.root()), limits.imports(), "the repository").read(path, "");
    }

    private Network network() {
        Network open = network;
        if (open == null) {
            LocalProcesses processes = new LocalProcesses();
            ImportServices services = new ImportServices(
                    processes,
                    HelmProgram.find(Optional.empty(), this::variable),
                    InstantSource.system(),
                    limits.imports());
            open = new Network(processes, services.open(this::variable, cache()));
            network = open;
        }
        return open;
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(terminal.environment().get(name));
    }

    /** The user's cache folder, by the XDG rules. */
    private Path cache() {
        Map<String, String> environment = terminal.environment();
        String base = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("java.io.tmpdir")));
        return (base.startsWith("/") ? Path.of(base) : home.resolve(".cache")).resolve("ork/imports");
    }

    @Override
    public void close() {
        if (network != null) {
            network.imports().close();
            network.processes().close();
        }
    }
}
