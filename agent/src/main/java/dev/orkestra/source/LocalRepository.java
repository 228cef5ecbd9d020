package dev.orkestra.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The Git repository around a folder of somebody's machine, read only. Its own configuration is read for where its
 * objects are; that of the user and of the system is not.
 */
public final class LocalRepository implements AutoCloseable, ObjectSource {
    private final Repository repository;
    private final String prefix;

    private LocalRepository(Repository repository, String prefix) {
        this.repository = repository;
        this.prefix = prefix;
    }

    /**
     * A commit, as far as it concerns the folder.
     *
     * @param id full object name
     * @param tree the files of the folder in it
     */
    public record Snapshot(String id, Tree tree) {}

    /**
     * The repository that holds {@code folder}; empty when none does.
     *
     * @throws SourceException when there is one that cannot be opened
     */
    public static Optional<LocalRepository> around(Path folder) {
        HermeticSystemReader.install();
        try {
            Path real = folder.toRealPath();
            FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(real.toFile());
            if (builder.getGitDir() == null) {
                return Optional.empty();
            }
            Repository repository = builder.build();
            if (repository.isBare()) {
                repository.close();
                return Optional.empty();
            }
            Path root = repository.getWorkTree().toPath().toRealPath();
            String prefix = root.relativize(real).toString().replace(java.io.File.separatorChar, '/');
            return Optional.of(new LocalRepository(repository, prefix));
        } catch (IOException e) {
            throw new SourceException("the Git repository around " + folder + " cannot be opened", e);
        }
    }

    /**
     * The commit that {@code revision} names, as {@code git rev-parse} would say it: a branch, a tag, the beginning of an
     * object name, {@code HEAD~1}. Empty when it names none, or the folder is not in it.
     */
    public Optional<Snapshot> snapshot(String revision) {
        return reading(reader -> {
            try (RevWalk walk = new RevWalk(reader)) {
                ObjectId id = repository.resolve(revision + "^{commit}");
                if (id == null) {
                    return Optional.empty();
                }
                RevCommit commit = walk.parseCommit(id);
                return folder(reader, commit.getTree().getId())
                        .map(tree -> new Snapshot(commit.getName(), new GitTree(this, tree)));
            } catch (RevisionSyntaxException | AmbiguousObjectException | IncorrectObjectTypeException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<ObjectId> folder(ObjectReader reader, ObjectId root) throws IOException {
        if (prefix.isEmpty()) {
            return Optional.of(root);
        }
        try (TreeWalk walk = TreeWalk.forPath(reader, prefix, root)) {
            return walk == null || !walk.isSubtree() ? Optional.empty() : Optional.of(walk.getObjectId(0));
        }
    }

    @Override
    public <T> T reading(Reading<T> work) {
        try (ObjectReader reader = repository.newObjectReader()) {
            return work.with(reader);
        } catch (IOException e) {
            throw new SourceException("the Git repository cannot be read", e);
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
