package dev.orkestra.cli;

import dev.orkestra.source.FolderTree;
import dev.orkestra.source.LocalRepository;
import dev.orkestra.source.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the files that a plan is made of: those of a commit, or of a folder. */
final class PlanSides implements AutoCloseable {
    private final Terminal terminal;
    private final Path root;
    private final Optional<LocalRepository> repository;

    /** @param root the folder of {@code --repo} */
    PlanSides(Terminal terminal, Path root) {
        this.terminal = terminal;
        this.root = root;
        this.repository = LocalRepository.around(root);
    }

    /**
     * Files and what they are called.
     *
     * @param name id of the commit, else the folder as it was written
     */
    record Side(String name, Tree tree) {}

    /** What is planned: {@code value}, or the folder as it stands where it is empty. */
    Side to(String value) {
        return value.isEmpty() ? new Side("working tree", new FolderTree(root)) : side("--to", value);
    }

    /** @throws NoPlanException when it is neither a commit nor a folder */
    Side side(String option, String value) {
        Optional<Side> commit = repository
                .flatMap(each -> each.snapshot(value))
                .map(snapshot -> new Side(snapshot.id(), snapshot.tree()));
        if (commit.isPresent()) {
            return commit.get();
        }
        Path folder = terminal.folder().resolve(value);
        if (Files.isDirectory(folder)) {
            return new Side(value, new FolderTree(folder));
        }
        throw new NoPlanException(
                repository.isEmpty()
                        ? "--repo is in no Git repository, so " + value
                                + " is no commit; name folders with --from and --to"
                        : option + " " + value + " is neither a commit that holds the folder, nor a folder");
    }

    @Override
    public void close() {
        repository.ifPresent(LocalRepository::close);
    }
}
